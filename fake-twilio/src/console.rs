//! What one sees of the account in Twilio's console, by the read-only resources that `phone-verify doctor` asks (twilio-oai:
//! `twilio_api_v2010.json`, `twilio_messaging_v1.json`, `twilio_voice_v1.json`, `twilio_accounts_v1.json`,
//! `twilio_verify_v2.json`).

use crate::account::Account;
use crate::refusal::Refusal;
use crate::request::ApiRequest;
use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The account as it is set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Console {
    /// `active`, `suspended` or `closed`.
    pub status: String,
    /// `Full` or `Trial`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The account's numbers in E.164, and what they can do: `sms`, `voice`.
    pub numbers: BTreeMap<String, Vec<String>>,
    /// Numbers that are verified as caller ids.
    pub caller_ids: Vec<String>,
    /// Messaging services, and how many numbers each has.
    pub services: BTreeMap<String, usize>,
    /// Verify services.
    pub verify_services: BTreeMap<String, VerifyService>,
    /// Countries that messages may not go to.
    pub no_messages_to: Vec<String>,
    /// Countries that calls may not go to.
    pub no_calls_to: Vec<String>,
    /// How far Twilio's clock is before the machine's, in seconds.
    pub clock_ahead: i64,
}

/// A Verify service as it is set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyService {
    /// How many digits its codes have.
    pub code_length: u8,
    /// Whether it sends codes that others drew.
    pub custom_code_enabled: bool,
}

impl Default for Console {
    fn default() -> Self {
        let both = vec!["sms".to_owned(), "voice".to_owned()];
        Self {
            status: "active".to_owned(),
            kind: "Full".to_owned(),
            numbers: BTreeMap::from([("+15005550006".to_owned(), both)]),
            caller_ids: Vec::new(),
            services: BTreeMap::new(),
            verify_services: BTreeMap::new(),
            no_messages_to: Vec::new(),
            no_calls_to: Vec::new(),
            clock_ahead: 0,
        }
    }
}

/// The path's segments, if it is one of these resources.
pub(crate) fn segments(path: &str) -> Option<Vec<&str>> {
    if let Some(sid) = path.strip_prefix("/v2/Services/")
        && !sid.contains('/')
    {
        return Some(vec!["Verify", sid]);
    }
    let rest = path.strip_prefix("/v1/");
    let rest = rest.or_else(|| path.strip_prefix("/2010-04-01/")?.strip_suffix(".json"))?;
    let segments: Vec<&str> = rest.split('/').collect();
    let known = matches!(
        segments[..],
        ["Services" | "Accounts", _]
            | ["Services", _, "PhoneNumbers" | "ShortCodes" | "AlphaSenders"]
            | ["DialingPermissions", "Countries", _]
            | ["Messaging", "GeoPermissions"]
            | ["Accounts", _, "IncomingPhoneNumbers" | "OutgoingCallerIds"]
    );
    known.then_some(segments)
}

impl Console {
    /// The answer for a path of [`segments`].
    pub(crate) fn answer(
        &self,
        segments: &[&str],
        request: &ApiRequest,
        account: &Account,
    ) -> Result<Value, Refusal> {
        if request.method != Method::GET {
            return Err(Refusal::new(405, 20004, "Method not allowed"));
        }
        let asked = |name| request.query.get(name);
        let not_found = || Refusal::not_found(&request.path);
        Ok(match segments {
            ["Accounts", sid] if *sid == account.sid => json!({
                "sid": sid, "friendly_name": "Fake", "status": self.status, "type": self.kind,
            }),
            ["Accounts", _, "IncomingPhoneNumbers"] => {
                let wanted = asked("PhoneNumber");
                let numbers = self
                    .numbers
                    .iter()
                    .filter(|(number, _)| wanted.is_none_or(|wanted| wanted == *number));
                let numbers = numbers.map(|(number, can)| {
                    let can = |what: &str| can.iter().any(|able| able == what);
                    json!({
                        "phone_number": number,
                        "capabilities": { "sms": can("sms"), "voice": can("voice"), "mms": false, "fax": false },
                    })
                });
                json!({ "incoming_phone_numbers": numbers.collect::<Vec<_>>() })
            }
            ["Accounts", _, "OutgoingCallerIds"] => {
                let wanted = asked("PhoneNumber");
                let numbers = self
                    .caller_ids
                    .iter()
                    .filter(|number| wanted.is_none_or(|wanted| wanted == *number));
                let numbers = numbers.map(|number| json!({ "phone_number": number }));
                json!({ "outgoing_caller_ids": numbers.collect::<Vec<_>>() })
            }
            ["Verify", sid] => {
                let service = self.verify_services.get(*sid).ok_or_else(not_found)?;
                json!({
                    "sid": sid,
                    "account_sid": account.sid,
                    "friendly_name": "Fake",
                    "code_length": service.code_length,
                    "custom_code_enabled": service.custom_code_enabled,
                })
            }
            ["Services", sid] if self.services.contains_key(*sid) => json!({ "sid": sid }),
            ["Services", sid, "PhoneNumbers"] => {
                let count = self.services.get(*sid).ok_or_else(not_found)?;
                json!({ "phone_numbers": vec![json!({ "phone_number": "+15005550006" }); *count] })
            }
            ["Services", _, "ShortCodes"] => json!({ "short_codes": [] }),
            ["Services", _, "AlphaSenders"] => json!({ "alpha_senders": [] }),
            ["DialingPermissions", "Countries", country] => json!({
                "iso_code": country,
                "low_risk_numbers_enabled": !self.no_calls_to.iter().any(|no| no == country),
            }),
            ["Messaging", "GeoPermissions"] => {
                let country = asked("CountryCode").unwrap_or_default();
                let enabled = !self.no_messages_to.iter().any(|no| no == country);
                json!({ "permissions": [{ "country_code": country, "type": "country", "enabled": enabled }] })
            }
            _ => return Err(not_found()),
        })
    }
}
