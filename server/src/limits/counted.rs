use crate::store::LimitKey;

/// Whose sends count, beside those of the address, the country, the site and the deployment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Counted {
    /// The number's own, on every site, and those of its prefix.
    Number {
        /// The number's row.
        number: LimitKey,
        /// Its prefix's row.
        prefix: LimitKey,
    },
    /// The number's own alone: it was verified on the site before, so it is nobody's who lives on messages.
    KnownNumber {
        /// The number's row.
        number: LimitKey,
    },
    /// Those of the subject that holds the number, in a session of its host: no stranger can use these up.
    KnownSubject {
        /// The number's row, of which no window is taken: all starts of the number still wait for each other there.
        number: LimitKey,
        /// The subject's row, which also names its checks of a day.
        subject: LimitKey,
    },
    /// Nobody's: a test number.
    Nobody,
}

/// How many bytes one takes, whichever it is.
pub(crate) const COUNTED_BYTES: usize = 65;

impl Counted {
    /// The subject whose limits count in place of the number's.
    pub(crate) const fn known_subject(self) -> Option<LimitKey> {
        match self {
            Self::KnownSubject { subject, .. } => Some(subject),
            Self::Number { .. } | Self::KnownNumber { .. } | Self::Nobody => None,
        }
    }

    /// To be sealed.
    pub(crate) fn to_bytes(self) -> [u8; COUNTED_BYTES] {
        let none = LimitKey([0; 32]);
        let (kind, first, second) = match self {
            Self::Number { number, prefix } => (0, number, prefix),
            Self::KnownSubject { number, subject } => (1, number, subject),
            Self::Nobody => (2, none, none),
            Self::KnownNumber { number } => (3, number, none),
        };
        let mut bytes = [kind; COUNTED_BYTES];
        bytes[1..33].copy_from_slice(&first.0);
        bytes[33..].copy_from_slice(&second.0);
        bytes
    }

    /// What [`Counted::to_bytes`] made.
    pub(crate) fn from_bytes(bytes: &[u8; COUNTED_BYTES]) -> Option<Self> {
        let (kind, keys) = bytes.split_first()?;
        let (number, second) = keys.split_first_chunk()?;
        let (number, second) = (LimitKey(*number), LimitKey(second.try_into().ok()?));
        Some(match kind {
            0 => Self::Number {
                number,
                prefix: second,
            },
            1 => Self::KnownSubject {
                number,
                subject: second,
            },
            2 => Self::Nobody,
            3 => Self::KnownNumber { number },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_survives_its_bytes() {
        let (number, other) = (LimitKey([1; 32]), LimitKey([2; 32]));
        for counted in [
            Counted::Number {
                number,
                prefix: other,
            },
            Counted::KnownSubject {
                number,
                subject: other,
            },
            Counted::KnownNumber { number },
            Counted::Nobody,
        ] {
            assert_eq!(Counted::from_bytes(&counted.to_bytes()), Some(counted));
        }
        assert_eq!(Counted::from_bytes(&[4; COUNTED_BYTES]), None);
    }
}
