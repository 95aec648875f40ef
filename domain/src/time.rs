use std::time::Duration;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. It is always handed in: nothing here reads a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down: what a token's `iat` holds.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The number of the UTC day: the window of [`crate::CheckPolicy::per_number_per_day`].
    #[must_use]
    pub const fn utc_day(self) -> i64 {
        self.0.div_euclid(86_400_000)
    }

    /// When the next UTC day begins.
    #[must_use]
    pub const fn next_utc_day(self) -> Self {
        Self((self.utc_day() + 1) * 86_400_000)
    }

    /// How long from `self` until `later`; nothing when `later` has passed.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        u64::try_from(later.0.saturating_sub(self.0)).map_or(Duration::ZERO, Duration::from_millis)
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

/// A waiting time in whole seconds, rounded up, so that nobody is told to come back too early.
#[must_use]
pub fn seconds_rounded_up(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_times_are_rounded_up() {
        assert_eq!(seconds_rounded_up(Duration::ZERO), 0);
        assert_eq!(seconds_rounded_up(Duration::from_millis(1)), 1);
        assert_eq!(seconds_rounded_up(Duration::from_secs(1)), 1);
        assert_eq!(seconds_rounded_up(Duration::from_millis(1001)), 2);
    }

    #[test]
    fn days_are_utc_days_before_and_after_1970() {
        assert_eq!(Timestamp::from_millis(0).utc_day(), 0);
        assert_eq!(Timestamp::from_millis(86_399_999).utc_day(), 0);
        assert_eq!(Timestamp::from_millis(86_400_000).utc_day(), 1);
        assert_eq!(Timestamp::from_millis(-1).utc_day(), -1);
        assert_eq!(
            Timestamp::from_millis(5).next_utc_day(),
            Timestamp::from_millis(86_400_000)
        );
    }
}
