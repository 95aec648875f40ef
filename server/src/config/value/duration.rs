//! Durations as people write them: `"60s"`, `"10m"`, `"24h"`.

use serde::de::{Deserialize, Deserializer, Error};
use std::borrow::Cow;
use std::time::Duration;

/// Reads a whole number and one of `ms`, `s`, `m`, `h`, `d`.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let millis_per_unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(millis_per_unit).map(Duration::from_millis)
}

/// A duration that may be nothing.
pub(in crate::config) fn or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| Error::custom("expected a duration such as \"60s\", \"10m\" or \"24h\""))
}

/// A duration that is something.
pub(in crate::config) fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let duration = or_none(deserializer)?;
    if duration.is_zero() {
        return Err(Error::custom("expected a duration longer than \"0s\""));
    }
    Ok(duration)
}

/// A duration that is something, or none given.
pub(in crate::config) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    positive(deserializer).map(Some)
}
