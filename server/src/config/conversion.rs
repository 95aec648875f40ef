use super::value::{Count, duration};
use crate::limits::{ConversionRule, Threshold};
use serde::Deserialize;
use std::time::Duration;

/// `[limits.conversion]`: the breaker. It stops sends to the strangers of a prefix or a country whose codes do not come back.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conversion {
    /// Whether the breaker works; not by default in development.
    pub enabled: bool,
    /// How far back sends count; a day at most.
    #[serde(deserialize_with = "duration::positive")]
    pub window: Duration,
    /// How long people take to type a code: younger sends say nothing yet, unless there are many of them.
    #[serde(deserialize_with = "duration::positive")]
    pub answer_after: Duration,
    /// How long it stays open before it tries again; a trial that fails keeps it open for as long again as it has been open.
    #[serde(deserialize_with = "duration::positive")]
    pub open_for: Duration,
    /// Sends to a prefix without which it is not judged; four times as many are judged at once.
    pub prefix_sends: Count,
    /// So many of a hundred sends to a prefix must lead to an approval.
    pub prefix_percent: Count,
    /// The same of a country; while it is open, prefixes of which nothing is known are served until six times as many are unanswered.
    pub country_sends: Count,
    /// The same of a country.
    pub country_percent: Count,
}

/// Starting values, to be tuned: of codes that people asked for themselves, some eighty in a hundred come back.
impl Default for Conversion {
    fn default() -> Self {
        Self {
            enabled: true,
            window: Duration::from_hours(1),
            answer_after: Duration::from_mins(5),
            open_for: Duration::from_hours(1),
            prefix_sends: Count::new(10),
            prefix_percent: Count::new(20),
            country_sends: Count::new(50),
            country_percent: Count::new(30),
        }
    }
}

impl Conversion {
    /// The longest window: breakers that nothing meets for so long are forgotten.
    pub(super) const LONGEST_WINDOW: Duration = Duration::from_hours(24);

    /// The same as a rule, if it works.
    #[must_use]
    pub fn rule(&self) -> Option<ConversionRule> {
        self.enabled.then_some(ConversionRule {
            window: self.window,
            answer_after: self.answer_after,
            open_for: self.open_for,
            prefix: Threshold {
                sends: self.prefix_sends.get(),
                percent: self.prefix_percent.get(),
            },
            country: Threshold {
                sends: self.country_sends.get(),
                percent: self.country_percent.get(),
            },
        })
    }
}
