//! A circuit breaker: a sender that fails is left alone for a while, so that nobody waits for it in vain.

use super::SendOutcome;
use phone_verify_domain::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Failures in a row after which a sender counts as down. One of a hundred requests that time out is no outage; five in a
/// row are.
const FAILURES: u32 = 5;

/// For how long it is left alone before one message probes it.
const LEFT_ALONE: Duration = Duration::from_secs(15);

/// How long a probe may take before another is let through: a sender answers within some ten seconds.
const PROBE_TAKES: Duration = Duration::from_secs(10);

/// Watches one sender.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug)]
enum State {
    /// It works, but for so many failures in a row.
    Closed { failures: u32 },
    /// It is left alone until then.
    Open { until: Timestamp },
    /// One message is under way to find out; another may follow then, should nothing be heard of it.
    Probing { until: Timestamp },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// The leave to send one message.
#[derive(Debug)]
#[must_use = "what became of the message moves the breaker"]
pub struct Leave {
    is_probe: bool,
}

impl Leave {
    /// Whether the message was a probe; a leave is good for one message.
    const fn was_probe(self) -> bool {
        self.is_probe
    }
}

/// What one message's outcome changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The sender counts as down from now on.
    Opened,
    /// It works again.
    Closed,
}

/// Whether the sender answered, or refuses or fails whatever it is asked. A refusal for one number's sake is an answer:
/// others may still be sent to.
const fn is_well(outcome: &SendOutcome) -> bool {
    match outcome {
        SendOutcome::Accepted { .. } | SendOutcome::Rejected { .. } => true,
        SendOutcome::NotSent | SendOutcome::Unknown | SendOutcome::Unusable => false,
    }
}

impl Breaker {
    /// Lets one message through, if the sender is not down.
    pub fn admit(&self, now: Timestamp) -> Option<Leave> {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => Some(Leave { is_probe: false }),
            _ if !state.wait(now).is_zero() => None,
            _ => {
                *state = State::Probing {
                    until: now + PROBE_TAKES,
                };
                Some(Leave { is_probe: true })
            }
        }
    }

    /// How long until a message may be let through; nothing where it may now.
    pub fn wait(&self, now: Timestamp) -> Duration {
        self.state().wait(now)
    }

    /// Whether the sender works, as far as is known.
    pub fn is_closed(&self) -> bool {
        matches!(*self.state(), State::Closed { .. })
    }

    /// Hears what became of a message.
    pub fn hear(&self, leave: Leave, outcome: &SendOutcome, now: Timestamp) -> Option<Change> {
        let is_probe = leave.was_probe();
        let mut state = self.state();
        let was_closed = matches!(*state, State::Closed { .. });
        let failures = match *state {
            State::Closed { failures } => failures,
            // What was sent before the sender went down says nothing of how it is now.
            _ if !is_probe => return None,
            _ => FAILURES,
        };
        *state = if is_well(outcome) {
            State::default()
        } else if failures + 1 < FAILURES {
            State::Closed {
                failures: failures + 1,
            }
        } else {
            State::Open {
                until: now + LEFT_ALONE,
            }
        };
        match (was_closed, matches!(*state, State::Closed { .. })) {
            (true, false) => Some(Change::Opened),
            (false, true) => Some(Change::Closed),
            _ => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&self, now: Timestamp) -> Duration {
        match *self {
            Self::Closed { .. } => Duration::ZERO,
            Self::Open { until } => left(now, until, LEFT_ALONE),
            Self::Probing { until } => left(now, until, PROBE_TAKES),
        }
    }
}

/// What is left until then; nothing where it is longer than it ever was, because the clock went back.
fn left(now: Timestamp, until: Timestamp, longest: Duration) -> Duration {
    Some(now.until(until))
        .filter(|left| *left <= longest)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use phone_verify_domain::{DeliveryReason, ErrorCode};

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn accepted() -> SendOutcome {
        SendOutcome::Accepted {
            reference: "SM1".to_owned(),
        }
    }

    fn sent(breaker: &Breaker, outcome: &SendOutcome, now: Timestamp) -> Option<Change> {
        let leave = breaker.admit(now).expect("it is let through");
        breaker.hear(leave, outcome, now)
    }

    fn opened() -> Breaker {
        let breaker = Breaker::default();
        for failure in 1..FAILURES {
            let outcome = if failure % 2 == 0 {
                SendOutcome::Unknown
            } else {
                SendOutcome::Unusable
            };
            assert_eq!(sent(&breaker, &outcome, NOW), None);
        }
        assert_eq!(sent(&breaker, &SendOutcome::NotSent, NOW), Some(Change::Opened));
        breaker
    }

    #[test]
    fn it_opens_after_five_failures_in_a_row_and_says_for_how_long() {
        let breaker = opened();
        assert!(breaker.admit(NOW).is_none());
        assert_eq!(breaker.wait(NOW), LEFT_ALONE);
        assert_eq!(
            breaker.wait(NOW + Duration::from_secs(5)),
            Duration::from_secs(10)
        );
    }

    #[test]
    fn what_is_answered_for_the_numbers_sake_is_no_failure() {
        let breaker = Breaker::default();
        let refused = SendOutcome::Rejected {
            reason: Some(DeliveryReason::Sender),
            error: Some(ErrorCode::SenderUnavailable),
        };
        for outcome in [accepted(), refused] {
            for _ in 0..3 {
                for _ in 1..FAILURES {
                    assert_eq!(sent(&breaker, &SendOutcome::NotSent, NOW), None);
                }
                assert_eq!(sent(&breaker, &outcome, NOW), None);
            }
        }
        assert!(breaker.is_closed());
    }

    #[test]
    fn one_message_probes_it_and_the_others_wait() {
        let breaker = opened();
        let later = NOW + LEFT_ALONE;
        let probe = breaker.admit(later).expect("a probe");
        assert!(breaker.admit(later).is_none());
        assert_eq!(breaker.wait(later), PROBE_TAKES);
        assert_eq!(
            breaker.hear(probe, &SendOutcome::Unknown, later),
            None,
            "it was down before"
        );
        assert_eq!(breaker.wait(later), LEFT_ALONE);
        let later = later + LEFT_ALONE;
        assert_eq!(sent(&breaker, &accepted(), later), Some(Change::Closed));
        assert_eq!(breaker.wait(later), Duration::ZERO);
    }

    #[test]
    fn a_probe_of_which_nothing_is_heard_is_followed_by_another() {
        let breaker = opened();
        let _lost = breaker.admit(NOW + LEFT_ALONE).expect("a probe");
        let later = NOW + LEFT_ALONE + PROBE_TAKES;
        assert_eq!(sent(&breaker, &accepted(), later), Some(Change::Closed));
    }

    #[test]
    fn what_was_sent_before_it_opened_changes_nothing_any_more() {
        let breaker = Breaker::default();
        let late = breaker.admit(NOW).unwrap();
        for _ in 1..FAILURES {
            assert_eq!(sent(&breaker, &SendOutcome::NotSent, NOW), None);
        }
        assert_eq!(sent(&breaker, &SendOutcome::NotSent, NOW), Some(Change::Opened));
        assert_eq!(breaker.hear(late, &accepted(), NOW), None);
        assert!(!breaker.is_closed());
    }

    #[test]
    fn a_clock_that_goes_back_keeps_nobody_waiting() {
        let breaker = opened();
        let before = Timestamp::from_millis(1_000);
        assert_eq!(breaker.wait(before), Duration::ZERO);
        assert_eq!(sent(&breaker, &accepted(), before), Some(Change::Closed));
    }
}
