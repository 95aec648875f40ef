//! What messages and calls have in common.

use crate::account::Account;
use crate::behaviour::{Resource, ScriptedPrice};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::atomic::{AtomicU64, Ordering};

/// The version in paths and answers.
pub(crate) const API_VERSION: &str = "2010-04-01";

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Messages,
    Calls,
}

impl Kind {
    /// As scripts call its creation.
    pub(crate) const fn resource(self) -> Resource {
        match self {
            Self::Messages => Resource::Messages,
            Self::Calls => Resource::Calls,
        }
    }
}

/// A message or a call that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) resource: Kind,
    pub(crate) sid: String,
    pub(crate) to: String,
    pub(crate) from: Option<String>,
    pub(crate) messaging_service_sid: Option<String>,
    /// A message's body or a call's TwiML.
    pub(crate) content: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) status: String,
    pub(crate) error_code: Option<u32>,
    pub(crate) status_callback: Option<String>,
    /// The events of which a call reports.
    pub(crate) events: Vec<String>,
    /// What it cost, once that is known.
    pub(crate) price: Option<ScriptedPrice>,
}

impl Item {
    /// The path of the resource, from the root.
    pub(crate) fn uri(&self, account: &Account) -> String {
        format!("{}/{}.json", self.collection(account), self.sid)
    }

    /// What it cost, and of which currency, where that is known by now.
    pub(crate) fn billed(&self) -> Option<(&str, &str)> {
        let price = self.price.as_ref()?;
        let age = Timestamp::now().as_millisecond() - self.created.as_millisecond();
        let is_known = u64::try_from(age).is_ok_and(|age| age >= price.after_ms);
        is_known.then_some((price.amount.as_str(), price.unit.as_str()))
    }

    /// The path under which its sub-resources stand.
    pub(crate) fn sub(&self, account: &Account, name: &str) -> String {
        format!("{}/{}/{name}.json", self.collection(account), self.sid)
    }

    fn collection(&self, account: &Account) -> String {
        let collection = match self.resource {
            Kind::Messages => "Messages",
            Kind::Calls => "Calls",
        };
        format!("/{API_VERSION}/Accounts/{}/{collection}", account.sid)
    }
}

/// A new SID of a message or a call.
pub(crate) fn new_sid(kind: Kind) -> String {
    sid_with(match kind {
        Kind::Messages => "SM",
        Kind::Calls => "CA",
    })
}

/// A new SID: a prefix and 32 hexadecimal digits that no other SID of this process has.
pub(crate) fn sid_with(prefix: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let moment = Timestamp::now().as_microsecond();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}{moment:016x}{count:016x}")
}

/// RFC 2822, as in `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(crate) fn rfc2822(moment: Timestamp) -> String {
    // Years of five digits are no matter here.
    jiff::fmt::rfc2822::to_string(&moment.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// The digits of a code in a text: the first run of 6 to 10 digits.
pub(crate) fn code_in(text: &str) -> Option<String> {
    text.split(|character: char| !character.is_ascii_digit())
        .find(|run| (6..=10).contains(&run.len()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_differ_and_have_32_digits() {
        let (one, other) = (new_sid(Kind::Messages), new_sid(Kind::Messages));
        assert_ne!(one, other);
        assert_eq!(one.len(), 34);
    }

    #[test]
    fn dates_are_as_twilio_writes_them() {
        let moment: Timestamp = "2023-08-24T05:01:45Z".parse().unwrap();
        assert_eq!(rfc2822(moment), "Thu, 24 Aug 2023 05:01:45 +0000");
    }

    #[test]
    fn a_code_is_a_run_of_six_to_ten_digits() {
        assert_eq!(code_in("Shop 24: 012345 is your code").as_deref(), Some("012345"));
        assert_eq!(code_in("12345 or 12345678901"), None);
    }
}
