//! Amounts of money as settings: numbers, or text where that is easier to write.

use crate::budget::Money;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// What an amount must be, in an error.
const EXPECTED: &str = "an amount more than 0 with at most six decimals, as in 0.05";

struct Amount;

impl Visitor<'_> for Amount {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }

    // The shortest text that is the number: of 0.1 that is `0.1`.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Money, E> {
        let amount = Money::parse(text.trim()).filter(|amount| *amount > Money::ZERO);
        amount.ok_or_else(|| E::custom(format!("expected {EXPECTED}")))
    }
}

/// An amount, or none given.
pub(in crate::config) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Money>, D::Error> {
    deserializer.deserialize_any(Amount).map(Some)
}

/// Amounts by names.
pub(in crate::config) mod by_name {
    use super::{Amount, Money};
    use serde::de::{Deserialize, Deserializer};
    use std::collections::BTreeMap;

    struct One(Money);

    impl<'de> Deserialize<'de> for One {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Amount).map(Self)
        }
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, Money>, D::Error> {
        let amounts = BTreeMap::<String, One>::deserialize(deserializer)?;
        Ok(amounts
            .into_iter()
            .map(|(name, One(amount))| (name, amount))
            .collect())
    }
}
