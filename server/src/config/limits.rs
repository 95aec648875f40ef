use super::conversion::Conversion;
use super::value::{Count, duration};
use phone_verify_domain::{CheckPolicy, LimitWindows, Window};
use serde::Deserialize;
use std::time::Duration;

/// `[limits]`: how much of everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// After how long a number that a subject holds must be proved again, where its site says nothing else: numbers are handed
    /// out again. Without it: never.
    #[serde(deserialize_with = "duration::optional")]
    pub reverify_after: Option<Duration>,
    /// For how many days a number gets nothing once its day of sends or of checks is used up; 0: until that day is over.
    /// Anybody can use up a stranger's number, so this hands everybody a lock.
    pub lock_days: u16,
    /// Typed codes.
    pub checks: CheckLimits,
    /// Sends of one verification.
    pub sends: SendLimits,
    /// Sends to one number.
    pub number: NumberLimits,
    /// What one client address (an IPv6 network of /64) asks for; the right code gives it one send back.
    pub address: AddressLimits,
    /// In place of the number's, for a host session whose subject holds the number.
    pub subject: SubjectLimits,
    /// Sends to the numbers that differ in their last four digits only.
    pub prefix: PrefixLimits,
    /// Sends to one country.
    pub country: Rates,
    /// Sends of one site.
    pub site: Rates,
    /// Sends of the whole deployment.
    pub deployment: DeploymentLimits,
    /// Wrong codes of the whole deployment: past it the challenge hardens; nothing is refused.
    pub failed_checks: FailedChecks,
    /// The breaker: stops sends to a range of numbers whose codes are not typed in.
    pub conversion: Conversion,
}

/// `[limits.checks]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckLimits {
    /// Checks of one verification.
    pub per_verification: Count,
    /// Checks of one number on one site in one UTC day, over all its verifications.
    pub per_number_per_day: Count,
    /// The wait before the fourth check; it doubles with each further one. `"0s"` means none.
    #[serde(deserialize_with = "duration::or_none")]
    pub pacing_factor: Duration,
}

impl Default for CheckLimits {
    fn default() -> Self {
        Self {
            per_verification: Count::new(5),
            per_number_per_day: Count::new(10),
            pacing_factor: Duration::from_secs(15),
        }
    }
}

impl CheckLimits {
    /// The same as a rule.
    #[must_use]
    pub fn policy(&self) -> CheckPolicy {
        CheckPolicy {
            per_verification: self.per_verification.get(),
            per_number_per_day: self.per_number_per_day.get(),
            pacing_factor: self.pacing_factor,
        }
    }
}

/// `[limits.sends]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendLimits {
    /// Sends of one verification, the first included.
    pub per_verification: Count,
}

impl Default for SendLimits {
    fn default() -> Self {
        Self {
            per_verification: Count::new(5),
        }
    }
}

/// `[limits.number]`: sends are counted over all sites.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NumberLimits {
    /// Between two sends. `"0s"` means none.
    #[serde(deserialize_with = "duration::or_none")]
    pub spacing: Duration,
    /// Sends in an hour.
    pub per_hour: Count,
    /// Sends in a day.
    pub per_day: Count,
    /// Live verifications of the number on one site; the next start cancels the oldest.
    pub pending: Count,
}

impl Default for NumberLimits {
    fn default() -> Self {
        Self {
            spacing: Duration::from_mins(1),
            per_hour: Count::new(3),
            per_day: Count::new(5),
            pending: Count::new(5),
        }
    }
}

impl NumberLimits {
    /// Spacing, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            spaced(self.spacing),
            Some(hour(self.per_hour)),
            Some(day(self.per_day)),
        ]
    }
}

/// `[limits.address]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddressLimits {
    /// Sends in ten minutes; above 3 the challenge hardens.
    pub per_10_minutes: Count,
    /// Sends in an hour.
    pub per_hour: Count,
    /// Sends in a day.
    pub per_day: Count,
    /// Checks in ten minutes.
    pub checks_per_10_minutes: Count,
    /// Checks in an hour.
    pub checks_per_hour: Count,
    /// Checks in a day.
    pub checks_per_day: Count,
}

impl Default for AddressLimits {
    fn default() -> Self {
        Self {
            per_10_minutes: Count::new(10),
            per_hour: Count::new(30),
            per_day: Count::new(100),
            // Ten checks for each send: twice what one verification allows.
            checks_per_10_minutes: Count::new(100),
            checks_per_hour: Count::new(300),
            checks_per_day: Count::new(1_000),
        }
    }
}

impl AddressLimits {
    /// Ten minutes, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            Some(ten_minutes(self.per_10_minutes)),
            Some(hour(self.per_hour)),
            Some(day(self.per_day)),
        ]
    }

    /// Ten minutes, hour and day of checks.
    #[must_use]
    pub fn check_windows(&self) -> LimitWindows {
        [
            Some(ten_minutes(self.checks_per_10_minutes)),
            Some(hour(self.checks_per_hour)),
            Some(day(self.checks_per_day)),
        ]
    }
}

/// `[limits.subject]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubjectLimits {
    /// Between two sends. `"0s"` means none.
    #[serde(deserialize_with = "duration::or_none")]
    pub spacing: Duration,
    /// Sends in an hour.
    pub per_hour: Count,
    /// Sends in a day.
    pub per_day: Count,
    /// Checks in a UTC day.
    pub checks_per_day: Count,
}

impl Default for SubjectLimits {
    fn default() -> Self {
        Self {
            spacing: Duration::from_secs(30),
            per_hour: Count::new(6),
            per_day: Count::new(20),
            checks_per_day: Count::new(20),
        }
    }
}

impl SubjectLimits {
    /// Spacing, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            spaced(self.spacing),
            Some(hour(self.per_hour)),
            Some(day(self.per_day)),
        ]
    }
}

impl LimitsConfig {
    /// How long a number stays locked, if it does.
    #[must_use]
    pub fn lock(&self) -> Option<Duration> {
        (self.lock_days > 0).then(|| Duration::from_hours(24) * u32::from(self.lock_days))
    }
}

/// `[limits.prefix]`: pumping goes to ranges of numbers that somebody is paid for.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrefixLimits {
    /// In a minute; not limited where it is not set.
    pub per_minute: Option<Count>,
    /// In an hour.
    pub per_hour: Count,
    /// In a day.
    pub per_day: Count,
}

impl Default for PrefixLimits {
    fn default() -> Self {
        Self {
            per_minute: None,
            per_hour: Count::new(10),
            per_day: Count::new(25),
        }
    }
}

impl PrefixLimits {
    /// Minute, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            self.per_minute.map(minute),
            Some(hour(self.per_hour)),
            Some(day(self.per_day)),
        ]
    }
}

/// `[limits.deployment]`: the most that a day can cost.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeploymentLimits {
    /// In a minute; not limited where it is not set.
    pub per_minute: Option<Count>,
    /// In an hour.
    pub per_hour: Count,
    /// In a day.
    pub per_day: Count,
}

impl Default for DeploymentLimits {
    fn default() -> Self {
        Self {
            per_minute: None,
            per_hour: Count::new(1_000),
            per_day: Count::new(5_000),
        }
    }
}

impl DeploymentLimits {
    /// Minute, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            self.per_minute.map(minute),
            Some(hour(self.per_hour)),
            Some(day(self.per_day)),
        ]
    }
}

/// `[limits.country]`, `[limits.site]`: a window that is not set does not limit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// In a minute.
    pub per_minute: Option<Count>,
    /// In an hour.
    pub per_hour: Option<Count>,
    /// In a day.
    pub per_day: Option<Count>,
}

impl Rates {
    /// Minute, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            self.per_minute.map(minute),
            self.per_hour.map(hour),
            self.per_day.map(day),
        ]
    }
}

/// `[limits.failed_checks]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FailedChecks {
    /// In a minute.
    pub per_minute: Count,
    /// In an hour.
    pub per_hour: Count,
    /// In a day; not counted where it is not set.
    pub per_day: Option<Count>,
}

impl Default for FailedChecks {
    fn default() -> Self {
        Self {
            per_minute: Count::new(60),
            per_hour: Count::new(1_000),
            per_day: None,
        }
    }
}

impl FailedChecks {
    /// Minute, hour and day.
    #[must_use]
    pub fn windows(&self) -> LimitWindows {
        [
            Some(minute(self.per_minute)),
            Some(hour(self.per_hour)),
            self.per_day.map(day),
        ]
    }
}

fn window(count: Count, period: Duration) -> Window {
    Window {
        count: count.get(),
        period,
    }
}

fn spaced(spacing: Duration) -> Option<Window> {
    (!spacing.is_zero()).then_some(Window {
        count: 1,
        period: spacing,
    })
}

fn ten_minutes(count: Count) -> Window {
    window(count, Duration::from_mins(10))
}

fn minute(count: Count) -> Window {
    window(count, Duration::from_mins(1))
}

fn hour(count: Count) -> Window {
    window(count, Duration::from_hours(1))
}

fn day(count: Count) -> Window {
    window(count, Duration::from_hours(24))
}
