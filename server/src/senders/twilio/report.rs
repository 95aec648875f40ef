//! What status callbacks, and Twilio where it is asked, say of a delivery.

use super::client::Resource;
use super::error::Reaction;
use super::signature::Form;
use phone_verify_domain::{DeliveryReason, DeliveryState};
use serde::Deserialize;

/// What Twilio reports of one message or call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Twilio's name for it.
    pub sid: String,
    /// Where it stands: `accepted`, `delivered` or `undelivered`.
    pub state: DeliveryState,
    /// Why it did not arrive.
    pub reason: Option<DeliveryReason>,
    /// Whom it was for, in E.164, where the report says so.
    pub to: Option<String>,
}

impl Report {
    /// What a message's callback says; `None` where it says nothing of a message that was sent.
    #[must_use]
    pub fn of_message(form: &Form) -> Option<Self> {
        let sid = value(form, "MessageSid").or_else(|| value(form, "SmsSid"))?;
        let status = value(form, "MessageStatus").or_else(|| value(form, "SmsStatus"))?;
        let code = value(form, "ErrorCode").and_then(|code| code.parse().ok());
        let (state, reason) = of_message(status, code)?;
        Some(Self::new(sid, value(form, "To"), state, reason))
    }

    /// What a call's callback says; `None` where it says nothing of a call that was made.
    #[must_use]
    pub fn of_call(form: &Form) -> Option<Self> {
        let sid = value(form, "CallSid")?;
        let (state, reason) = of_call(value(form, "CallStatus")?)?;
        Some(Self::new(sid, value(form, "To"), state, reason))
    }

    /// What the resource itself says, as Twilio answers who asks for it.
    #[must_use]
    pub(super) fn of_resource(resource: Resource, body: &[u8]) -> Option<Self> {
        let shown: Shown = serde_json::from_slice(body).ok()?;
        let (state, reason) = match resource {
            Resource::Messages => of_message(&shown.status, shown.error_code)?,
            Resource::Calls => of_call(&shown.status)?,
        };
        Some(Self::new(&shown.sid, shown.to.as_deref(), state, reason))
    }

    fn new(sid: &str, to: Option<&str>, state: DeliveryState, reason: Option<DeliveryReason>) -> Self {
        Self {
            sid: sid.to_owned(),
            state,
            reason: reason.filter(|_| state == DeliveryState::Undelivered),
            to: to.map(str::to_owned),
        }
    }
}

/// A message or a call as Twilio's API shows it.
#[derive(Deserialize)]
struct Shown {
    sid: String,
    status: String,
    to: Option<String>,
    error_code: Option<u32>,
}

fn of_message(status: &str, code: Option<u32>) -> Option<(DeliveryState, Option<DeliveryReason>)> {
    let state = match status {
        "queued" | "accepted" | "scheduled" | "sending" | "sent" => DeliveryState::Accepted,
        "delivered" | "read" => DeliveryState::Delivered,
        "undelivered" | "failed" | "canceled" => DeliveryState::Undelivered,
        _ => return None,
    };
    let reason = code.and_then(Reaction::to_code).and_then(Reaction::reason);
    Some((state, reason))
}

fn of_call(status: &str) -> Option<(DeliveryState, Option<DeliveryReason>)> {
    Some(match status {
        "queued" | "initiated" | "ringing" | "in-progress" | "answered" => (DeliveryState::Accepted, None),
        "completed" => (DeliveryState::Delivered, None),
        "busy" => (DeliveryState::Undelivered, Some(DeliveryReason::Busy)),
        "no-answer" => (DeliveryState::Undelivered, Some(DeliveryReason::NoAnswer)),
        "failed" | "canceled" => (DeliveryState::Undelivered, None),
        _ => return None,
    })
}

pub(super) fn value<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    let (_, value) = form.iter().find(|(key, _)| key == name)?;
    Some(value.as_str()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    fn message(status: &str, code: &str) -> Option<(DeliveryState, Option<DeliveryReason>)> {
        Report::of_message(&form(&[
            ("MessageSid", "SM1"),
            ("MessageStatus", status),
            ("ErrorCode", code),
        ]))
        .map(|report| (report.state, report.reason))
    }

    fn call(status: &str) -> Option<(DeliveryState, Option<DeliveryReason>)> {
        Report::of_call(&form(&[("CallSid", "CA1"), ("CallStatus", status)]))
            .map(|report| (report.state, report.reason))
    }

    #[test]
    fn every_status_of_a_message_has_its_state() {
        for status in ["queued", "accepted", "scheduled", "sending", "sent"] {
            assert_eq!(message(status, ""), Some((DeliveryState::Accepted, None)));
        }
        for status in ["delivered", "read"] {
            assert_eq!(message(status, ""), Some((DeliveryState::Delivered, None)));
        }
        for status in ["undelivered", "failed", "canceled"] {
            assert_eq!(message(status, ""), Some((DeliveryState::Undelivered, None)));
        }
        for status in ["receiving", "received", "partially_delivered", ""] {
            assert_eq!(message(status, ""), None);
        }
    }

    #[test]
    fn every_status_of_a_call_has_its_state() {
        for status in ["queued", "initiated", "ringing", "in-progress"] {
            assert_eq!(call(status), Some((DeliveryState::Accepted, None)));
        }
        assert_eq!(call("completed"), Some((DeliveryState::Delivered, None)));
        for (status, reason) in [
            ("busy", Some(DeliveryReason::Busy)),
            ("no-answer", Some(DeliveryReason::NoAnswer)),
            ("failed", None),
            ("canceled", None),
        ] {
            assert_eq!(call(status), Some((DeliveryState::Undelivered, reason)));
        }
        assert_eq!(call("paused"), None);
    }

    #[test]
    fn codes_give_the_reason_of_what_did_not_arrive() {
        for (code, reason) in [
            ("30006", Some(DeliveryReason::NotTextable)),
            ("21614", Some(DeliveryReason::NotTextable)),
            ("30003", Some(DeliveryReason::Unreachable)),
            ("30005", Some(DeliveryReason::Unreachable)),
            ("21610", Some(DeliveryReason::OptedOut)),
            ("99999", None),
            ("many", None),
        ] {
            assert_eq!(
                message("undelivered", code),
                Some((DeliveryState::Undelivered, reason)),
                "{code}"
            );
        }
        assert_eq!(
            message("delivered", "30006"),
            Some((DeliveryState::Delivered, None))
        );
    }

    #[test]
    fn a_resource_says_what_a_callback_would() {
        let read = |resource, body: &str| {
            let report = Report::of_resource(resource, body.as_bytes())?;
            Some((report.sid, report.state, report.reason, report.to))
        };
        let message = r#"{"sid": "SM1", "status": "undelivered", "error_code": 30006, "to": "+12025550134", "price": null}"#;
        assert_eq!(
            read(Resource::Messages, message),
            Some((
                "SM1".to_owned(),
                DeliveryState::Undelivered,
                Some(DeliveryReason::NotTextable),
                Some("+12025550134".to_owned())
            ))
        );
        let call = r#"{"sid": "CA1", "status": "no-answer", "to": null}"#;
        assert_eq!(
            read(Resource::Calls, call),
            Some((
                "CA1".to_owned(),
                DeliveryState::Undelivered,
                Some(DeliveryReason::NoAnswer),
                None
            ))
        );
        for body in ["", "<html>", "{}", r#"{"sid": "SM1", "status": "receiving"}"#] {
            assert_eq!(read(Resource::Messages, body), None, "{body}");
        }
    }

    #[test]
    fn the_older_names_are_read_too_and_a_report_without_a_sid_is_none() {
        let older = form(&[("SmsSid", "SM1"), ("SmsStatus", "sent")]);
        assert_eq!(Report::of_message(&older).unwrap().sid, "SM1");
        assert_eq!(Report::of_message(&form(&[("MessageStatus", "sent")])), None);
        assert_eq!(Report::of_call(&form(&[("CallStatus", "completed")])), None);
    }
}
