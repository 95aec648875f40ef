use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// `Messages.json`
    Messages,
    /// `Calls.json`
    Calls,
    /// Verify's `Verifications`
    Verifications,
    /// Verify's `VerificationCheck`
    VerificationChecks,
}

/// What the fake does to creations, instead of or beside what Twilio would do.
///
/// Of several behaviours the first that fits is followed. As JSON, every field may be left out:
///
/// ```json
/// {"on": "messages", "to": "+12025550134", "times": 1, "delay_ms": 500,
///  "answer": {"status": 429, "code": 20429, "headers": {"Retry-After": "1"}}}
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Creations of what; of all of them where missing.
    pub on: Option<Resource>,
    /// To which number; to any where missing.
    pub to: Option<String>,
    /// For how many creations; for all where missing.
    pub times: Option<u32>,
    /// How long to wait with the answer. What is created is created before.
    pub delay_ms: u64,
    /// What to answer instead.
    pub answer: Option<ScriptedAnswer>,
    /// How to break the answer.
    pub fault: Option<Fault>,
    /// Whether the message or call counts as sent, and a code as compared. Where missing: yes, unless the answer's status is 4xx.
    pub sent: Option<bool>,
    /// The status callbacks to make, where the request asks for some.
    pub callbacks: Vec<ScriptedCallback>,
    /// What Twilio bills for what is created; without it the price stays unknown.
    pub price: Option<ScriptedPrice>,
}

/// What a message or call cost. Twilio fills it in some time after the message was sent or the call is over, and reports it to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedPrice {
    /// As the resource shows it: with a minus, as in `-0.00790`.
    pub amount: String,
    /// By ISO 4217.
    pub unit: String,
    /// How long after the creation the resource shows it.
    #[serde(default)]
    pub after_ms: u64,
}

/// An answer that is not Twilio's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Twilio's error code; without it the body is a short HTML page, as from a gateway.
    pub code: Option<u32>,
    /// The error's message.
    #[serde(default)]
    pub message: Option<String>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// A way to break an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The connection is closed before a byte of the answer.
    Drop,
    /// The connection is closed after half of the body.
    Half,
    /// The body is not JSON.
    Garbage,
}

/// One status callback.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedCallback {
    /// The state that the message or call takes, as in `delivered`.
    pub status: String,
    /// Twilio's error code, where it failed.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// How long after the one before it, or after the creation.
    #[serde(default)]
    pub after_ms: u64,
    /// Whether it is made, and answered, before the creation itself is answered.
    #[serde(default)]
    pub early: bool,
}

impl Behaviour {
    /// Whether what a request creates counts as sent.
    pub(crate) fn sends(&self) -> bool {
        let refused = self
            .answer
            .as_ref()
            .is_some_and(|answer| (400..500).contains(&answer.status));
        self.sent.unwrap_or(!refused)
    }

    fn fits(&self, resource: Resource, to: &str) -> bool {
        self.times != Some(0)
            && self.on.is_none_or(|on| on == resource)
            && self.to.as_deref().is_none_or(|number| number == to)
    }
}

/// All behaviours that are to be followed.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<Behaviour>);

impl Script {
    pub(crate) fn add(&mut self, behaviour: Behaviour) {
        self.0.push(behaviour);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The behaviour for one creation, used up by one.
    pub(crate) fn take(&mut self, resource: Resource, to: &str) -> Behaviour {
        let Some(behaviour) = self.0.iter_mut().find(|b| b.fits(resource, to)) else {
            return Behaviour::default();
        };
        if let Some(times) = &mut behaviour.times {
            *times -= 1;
        }
        behaviour.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_is_followed_until_it_is_used_up() {
        let mut script = Script::default();
        let behaviour = |to: Option<&str>, times, delay_ms| Behaviour {
            to: to.map(str::to_owned),
            times,
            delay_ms,
            ..Behaviour::default()
        };
        script.add(behaviour(Some("+1"), Some(1), 1));
        script.add(behaviour(None, None, 2));
        let mut take = |to| script.take(Resource::Messages, to).delay_ms;
        assert_eq!([take("+2"), take("+1"), take("+1")], [2, 1, 2]);
    }

    #[test]
    fn what_a_fault_hides_counts_as_sent_and_what_is_refused_does_not() {
        let answer = |status| Behaviour {
            answer: Some(ScriptedAnswer {
                status,
                code: None,
                message: None,
                headers: BTreeMap::new(),
            }),
            ..Behaviour::default()
        };
        assert!(answer(500).sends() && !answer(429).sends());
        let dropped = Behaviour {
            fault: Some(Fault::Drop),
            ..Behaviour::default()
        };
        assert!(dropped.sends());
    }
}
