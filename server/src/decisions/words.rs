//! Decisions in words, for the operator's pages and the command line.

use super::{Decision, Saw};
use crate::store::BreakerName;
use std::time::Duration;

/// So many hexadecimal digits of a prefix's name tell it from others for people.
const SHOWN_DIGITS: usize = 8;

impl Decision {
    /// What its rule saw: `3 of 3 in 1 h, again in 1200 s`. Empty where it compared nothing.
    #[must_use]
    pub fn saw_in_words(&self) -> String {
        let Saw {
            counted,
            out_of,
            allowed,
            window,
            retry_in,
            breaker,
        } = self.saw;
        let counts = match (counted, out_of, allowed) {
            (Some(counted), Some(sent), Some(percent)) => {
                Some(format!("{counted} of {sent} sends approved, {percent} % wanted"))
            }
            (Some(counted), _, Some(allowed)) => Some(format!("{counted} of {allowed}")),
            (Some(counted), _, None) => Some(counted.to_string()),
            (None, ..) => None,
        };
        let counts = counts.map(|counts| match window {
            Some(window) => format!("{counts} in {}", span(window)),
            None => counts,
        });
        let again = retry_in.map(|wait| format!("again in {} s", wait.as_millis().div_ceil(1_000)));
        let whose = breaker.map(|name| match name {
            BreakerName::Country(country) => format!("breaker of {country}"),
            BreakerName::Prefix(key) => {
                let digits = hex::encode(key.0);
                format!(
                    "breaker of prefix {}",
                    digits.get(..SHOWN_DIGITS).unwrap_or(&digits)
                )
            }
        });
        let words = [counts, again, whose];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A stretch of time in the largest unit that it is a whole number of.
fn span(time: Duration) -> String {
    let millis = time.as_millis();
    let units = [(3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let (unit, name) = units
        .into_iter()
        .find(|(unit, _)| millis > 0 && millis.is_multiple_of(*unit))
        .unwrap_or((1, "ms"));
    format!("{} {name}", millis / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decisions::{Asked, Operation, Outcome, Rule};
    use crate::store::LimitKey;
    use phone_verify_domain::Timestamp;

    fn words(saw: Saw) -> String {
        let decision = Decision {
            at: Timestamp::from_millis(0),
            asked: Asked::of(Operation::Start),
            outcome: Outcome::Refused,
            rule: Some(Rule::Number),
            saw,
            times: 1,
        };
        decision.saw_in_words()
    }

    #[test]
    fn what_a_rule_saw_is_said_as_far_as_it_saw_something() {
        assert_eq!(words(Saw::default()), "");
        let limit = Saw {
            counted: Some(3),
            allowed: Some(3),
            window: Some(Duration::from_hours(24)),
            retry_in: Some(Duration::from_millis(1_500)),
            ..Saw::default()
        };
        assert_eq!(words(limit), "3 of 3 in 24 h, again in 2 s");
        let breaker = Saw {
            counted: Some(2),
            out_of: Some(14),
            allowed: Some(20),
            window: Some(Duration::from_mins(90)),
            breaker: Some(BreakerName::Prefix(LimitKey([0xab; 32]))),
            ..Saw::default()
        };
        assert_eq!(
            words(breaker),
            "2 of 14 sends approved, 20 % wanted in 90 min, breaker of prefix abababab"
        );
    }
}
