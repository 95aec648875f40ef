use crate::limits;
use crate::store::StoreError;
use phone_verify_domain::Timestamp;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What an operator should hear of, and not a thousand times.
#[derive(Default)]
pub(super) struct Alarms {
    wrong_codes: Mutex<Option<Timestamp>>,
}

/// One alarm is told again after so long.
const AGAIN_AFTER: Duration = Duration::from_mins(1);

impl Alarms {
    /// More wrong codes than `[limits.failed_checks]` takes: somebody guesses, on many numbers perhaps. Returns whether it was
    /// told.
    pub(super) fn too_many_wrong_codes(&self, now: Timestamp) -> bool {
        let mut last = self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that goes back tells once too often rather than not at all.
        let was_told = last.is_some_and(|last| last <= now && now < last + AGAIN_AFTER);
        if !was_told {
            *last = Some(now);
            tracing::warn!("more wrong codes than limits.failed_checks takes: somebody may be guessing");
        }
        !was_told
    }
}

impl super::Engine {
    /// Whether there are more wrong codes now than `[limits.failed_checks]` takes, on all sites and in all processes. It refuses
    /// nothing by itself.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn is_guessed_at(&self) -> Result<bool, StoreError> {
        let Some(limit) = self.parts.limits.of_failed_check(&self.parts.keys, None) else {
            return Ok(false);
        };
        let arrivals = self.parts.store.limits(&[limit.key]).await?;
        Ok(!limits::wait(&[limit], &arrivals, self.now()).is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_told_once_a_minute() {
        let (alarms, now) = (Alarms::default(), Timestamp::from_millis(1_000_000));
        assert!(alarms.too_many_wrong_codes(now));
        assert!(!alarms.too_many_wrong_codes(now + AGAIN_AFTER / 2));
        assert!(alarms.too_many_wrong_codes(now + AGAIN_AFTER));
        assert!(alarms.too_many_wrong_codes(now), "the clock went back");
    }
}
