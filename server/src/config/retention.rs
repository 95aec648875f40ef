use super::value::duration;
use crate::store::Retention;
use serde::Deserialize;
use std::time::Duration;

/// `[retention]`: how long rows are kept that nobody needs any more to decide anything.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Verifications with their deliveries, after their end. As long as repeated requests are recognised, at least.
    #[serde(deserialize_with = "duration::positive")]
    pub verifications: Duration,
    /// Tokens, after they have expired.
    #[serde(deserialize_with = "duration::positive")]
    pub tokens: Duration,
    /// A number's count of consecutive wrong codes, after the last one; from a hundred on it stays until a success.
    #[serde(deserialize_with = "duration::positive")]
    pub failures: Duration,
    /// What rules decided, which explains a refusal to whoever asks. `"0s"` keeps nothing of it.
    #[serde(deserialize_with = "duration::or_none")]
    pub decisions: Duration,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            // Long enough for a host's questions about last month's bill.
            verifications: Duration::from_hours(24 * 30),
            tokens: Duration::from_hours(24),
            failures: Duration::from_hours(24 * 365),
            // As long as the verifications that they are about.
            decisions: Duration::from_hours(24 * 30),
        }
    }
}

impl RetentionConfig {
    /// Verifications stay so long at least: a repeated request is answered with the first one's verification (contract 1).
    pub(super) const SHORTEST: Duration = Duration::from_hours(24);

    /// The same as the sweeper's rule.
    #[must_use]
    pub fn rule(&self) -> Retention {
        Retention {
            verifications: self.verifications,
            tokens: self.tokens,
            failures: self.failures,
            decisions: self.decisions,
        }
    }
}
