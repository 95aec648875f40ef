use std::time::Duration;

/// How often a code may be tried.
#[derive(Clone, Copy, Debug)]
pub struct CheckPolicy {
    /// Checks of one verification.
    pub per_verification: u32,
    /// Checks of one number on one site in one UTC day, over all its verifications.
    pub per_number_per_day: u32,
    /// The wait before the fourth check; it doubles with each further one. Nothing means none.
    pub pacing_factor: Duration,
}

impl CheckPolicy {
    /// After so many consecutive failures of one number a day has only one check, until a success (NIST SP 800-63B, 5.2.2).
    pub const FAILURES_BEFORE_ONE_A_DAY: u32 = 100;

    /// After an approval the same right code gets the same token for this long.
    pub const SAME_TOKEN_FOR: Duration = Duration::from_mins(2);

    /// Checks of one verification before which there is no wait.
    pub const FREE_OF_WAITING: u32 = 3;

    /// Checks of a day after so many consecutive failures.
    #[must_use]
    pub const fn a_day_after(&self, consecutive_failures: u32) -> u32 {
        if consecutive_failures >= Self::FAILURES_BEFORE_ONE_A_DAY {
            1
        } else {
            self.per_number_per_day
        }
    }

    /// The wait that lies before the next check, when `spent` checks have been evaluated: none before the first three,
    /// then `pacing_factor` · 2^(n−4) before the n-th.
    #[must_use]
    pub fn pacing_after(&self, spent: u32) -> Duration {
        match spent.checked_sub(Self::FREE_OF_WAITING) {
            None => Duration::ZERO,
            Some(doublings) => self.pacing_factor.saturating_mul(2u32.saturating_pow(doublings)),
        }
    }
}

/// What a code is made of.
#[derive(Clone, Copy, Debug)]
pub struct CodePolicy {
    /// How many digits; see [`crate::Code::LENGTHS`].
    pub length: u8,
    /// How long it lives; ten minutes at most (ASVS 6.5.5).
    pub ttl: Duration,
}

/// How often a code may be sent.
#[derive(Clone, Copy, Debug)]
pub struct SendPolicy {
    /// Sends of one verification, the first included.
    pub per_verification: u32,
    /// Live verifications of one number on one site; the next start cancels the oldest.
    pub pending_per_number: u32,
    /// How long a delivery may be `sending` before it is `unknown`.
    pub lease: Duration,
}

/// The rules that one verification lives under.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// What a code is made of.
    pub code: CodePolicy,
    /// How often it may be tried.
    pub checks: CheckPolicy,
    /// How often it may be sent.
    pub sends: SendPolicy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_three_checks_are_free_of_waiting_and_the_wait_then_doubles() {
        let policy = CheckPolicy {
            per_verification: 9,
            per_number_per_day: 10,
            pacing_factor: Duration::from_secs(15),
        };
        let waits: Vec<u64> = (0..7).map(|spent| policy.pacing_after(spent).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 15, 30, 60, 120]);
        assert!(policy.pacing_after(u32::MAX) > Duration::from_hours(24));
    }
}
