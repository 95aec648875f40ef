use crate::Timestamp;
use std::time::Duration;

/// At most `count` in `period`, after the generic cell rate algorithm (ITU-T I.371, annex A): all of `count` may come at
/// once, then one every `period / count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many; at least 1.
    pub count: u32,
    /// In how long; at least a millisecond per count.
    pub period: Duration,
}

/// The windows of one limit; a row of the `limits` table has one column for each.
pub type LimitWindows = [Option<Window>; 3];

impl Window {
    /// By how much one use moves the theoretical arrival time.
    #[must_use]
    pub fn increment(self) -> Duration {
        self.period / self.count.max(1)
    }

    /// Uses lie no further ahead of the clock than a period, unless the clock was set back since. Within a day of that they
    /// count, so that setting it back refills nothing; beyond, one more is allowed and the window is full, so that nobody is
    /// kept out by a clock that was wrong once.
    pub const CLOCKS_GO_BACK_BY: Duration = Duration::from_hours(24);

    /// Whether no clock that was right can have led to this arrival time.
    fn is_of_a_wrong_clock(self, arrival: Option<Timestamp>, now: Timestamp) -> bool {
        arrival.is_some_and(|arrival| arrival > now + self.period + Self::CLOCKS_GO_BACK_BY)
    }

    /// How long one must wait at `now`, when `arrival` is the theoretical arrival time that the uses so far have led to.
    #[must_use]
    pub fn wait(self, arrival: Option<Timestamp>, now: Timestamp) -> Duration {
        if self.is_of_a_wrong_clock(arrival, now) {
            return Duration::ZERO;
        }
        let arrival = arrival.map_or(now, |arrival| arrival.max(now));
        (now + self.period).until(arrival + self.increment())
    }

    /// How many uses at `now` are not yet paid back by time.
    #[must_use]
    pub fn used(self, arrival: Option<Timestamp>, now: Timestamp) -> u32 {
        if self.is_of_a_wrong_clock(arrival, now) {
            return 0;
        }
        let ahead = arrival.map_or(Duration::ZERO, |arrival| now.until(arrival));
        let uses = ahead.as_nanos().div_ceil(self.increment().as_nanos().max(1));
        u32::try_from(uses).unwrap_or(u32::MAX)
    }

    /// The theoretical arrival time after one use at `now`.
    #[must_use]
    pub fn after_use(self, arrival: Option<Timestamp>, now: Timestamp) -> Timestamp {
        if self.is_of_a_wrong_clock(arrival, now) {
            return now + self.period;
        }
        arrival.map_or(now, |arrival| arrival.max(now)) + self.increment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Window = Window {
        count: 3,
        period: Duration::from_hours(1),
    };

    #[test]
    fn all_of_a_window_may_come_at_once_then_one_every_share_of_it() {
        let now = Timestamp::from_millis(1_000_000);
        let mut arrival = None;
        for _ in 0..3 {
            assert_eq!(HOUR.wait(arrival, now), Duration::ZERO);
            arrival = Some(HOUR.after_use(arrival, now));
        }
        assert_eq!(HOUR.wait(arrival, now), Duration::from_mins(20));
        assert_eq!(HOUR.used(arrival, now), 3);
        assert_eq!(HOUR.used(arrival, now + Duration::from_mins(21)), 2);
        assert_eq!(HOUR.used(arrival, now + Duration::from_hours(2)), 0);
        assert_eq!(HOUR.wait(arrival, now + Duration::from_mins(20)), Duration::ZERO);
    }

    #[test]
    fn a_clock_set_back_by_a_day_refills_nothing_and_by_more_keeps_nobody_out() {
        let then = Timestamp::from_millis(1_000_000_000_000);
        let full = Some(then + HOUR.period);
        let day = Window::CLOCKS_GO_BACK_BY;
        let back = |by: Duration| {
            Timestamp::from_millis(then.as_millis() - i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
        };
        assert_eq!(HOUR.wait(full, back(day)), day + HOUR.increment());
        let now = back(day + Duration::from_millis(1));
        assert_eq!(HOUR.wait(full, now), Duration::ZERO);
        assert_eq!(HOUR.wait(Some(HOUR.after_use(full, now)), now), HOUR.increment());
    }

    proptest! {
        #[test]
        fn a_refused_use_is_allowed_once_its_wait_is_over(gaps in prop::collection::vec(0u64..3_000_000, 1..60), count in 1u32..20) {
            let window = Window { count, period: Duration::from_hours(1) };
            let (mut now, mut arrival) = (Timestamp::from_millis(0), None);
            for gap in gaps {
                now = now + Duration::from_millis(gap);
                let wait = window.wait(arrival, now);
                prop_assert!(wait <= window.period);
                now = now + wait;
                prop_assert_eq!(window.wait(arrival, now), Duration::ZERO);
                arrival = Some(window.after_use(arrival, now));
            }
        }
    }
}
