use serde::de::{Deserialize, Deserializer, Error};

/// How many: 1 to 1,000,000. Nothing is switched off by a 0; who wants no limit raises it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(u32);

impl Count {
    /// The largest.
    pub const MAX: u32 = 1_000_000;

    /// `count`, at least 1 and at most [`Count::MAX`].
    #[must_use]
    pub const fn new(count: u32) -> Self {
        Self(match count {
            0 => 1,
            Self::MAX.. => Self::MAX,
            count => count,
        })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match i64::deserialize(deserializer)? {
            0 => Err(Error::custom(
                "a count of 0 would refuse everybody: set 1 to 1000000 (raise it where there shall be no limit)",
            )),
            count => u32::try_from(count)
                .ok()
                .filter(|count| *count <= Self::MAX)
                .map(Self)
                .ok_or_else(|| Error::custom("expected 1 to 1000000")),
        }
    }
}
