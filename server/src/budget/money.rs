use std::fmt;

/// An amount in millionths of a currency's unit: prices of messages have up to five decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(i64);

/// How many of a millionth make a unit.
const UNIT: i64 = 1_000_000;

/// Decimals of an amount.
const DECIMALS: usize = 6;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many millionths.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// How many millionths.
    #[must_use]
    pub const fn as_millionths(self) -> i64 {
        self.0
    }

    /// Reads digits with at most one point and at most six decimals, as in `0.0079`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(whole) || !are_digits(decimals) || decimals.len() > DECIMALS {
            return None;
        }
        let decimals: i64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        let whole = whole.parse::<i64>().ok()?.checked_mul(UNIT)?;
        Some(Self(whole.checked_add(decimals)?))
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of this once `other` is taken from it; it may be less than nothing.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Whether this is so many of a hundred of `whole`, or more.
    #[must_use]
    pub fn is_share_of(self, whole: Self, percent: u32) -> bool {
        i128::from(self.0) * 100 >= i128::from(whole.0) * i128::from(percent)
    }
}

/// As it is read: with two decimals, or as many as it has.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let millionths = self.0.unsigned_abs();
        let (whole, rest) = (millionths / UNIT.unsigned_abs(), millionths % UNIT.unsigned_abs());
        let decimals = format!("{rest:0DECIMALS$}");
        let (cents, finer) = decimals.split_at(2);
        write!(f, "{sign}{whole}.{cents}{}", finer.trim_end_matches('0'))
    }
}

/// What a provider took for a message or a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// How much.
    pub amount: Money,
    /// Of which currency, by ISO 4217.
    pub currency: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_to_the_millionth() {
        for (text, millionths, written) in [
            ("0", 0, "0.00"),
            ("50", 50_000_000, "50.00"),
            ("0.0079", 7_900, "0.0079"),
            ("0.00750", 7_500, "0.0075"),
            ("1.5", 1_500_000, "1.50"),
            ("12.345678", 12_345_678, "12.345678"),
        ] {
            let money = Money::parse(text).unwrap();
            assert_eq!(
                (money.as_millionths(), money.to_string()),
                (millionths, written.to_owned())
            );
        }
        assert_eq!(Money::from_millionths(-7_900).to_string(), "-0.0079");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let long = "9".repeat(20);
        for text in [
            "",
            ".",
            ".5",
            "5.",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "1.2345678",
            "1.2.3",
            "x",
            &long,
        ] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }

    #[test]
    fn shares_are_exact() {
        let whole = Money::from_millionths(3);
        assert!(!Money::from_millionths(2).is_share_of(whole, 67));
        assert!(Money::from_millionths(2).is_share_of(whole, 66));
        let most = Money::from_millionths(i64::MAX);
        assert!(most.is_share_of(most, 100));
    }
}
