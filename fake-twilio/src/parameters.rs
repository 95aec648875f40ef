//! The parameters that Twilio's public API description (twilio-oai, `twilio_api_v2010.json`, version 2010-04-01) lists, and
//! what their values must be. What is not here is refused.

use crate::refusal::Refusal;
use crate::twiml;
use serde::{Serialize, Serializer};
use std::ops::RangeInclusive;
use url::Url;

/// A form, or a query, in the order in which it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The first value of a parameter, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value of a parameter.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What a value must be.
enum Value {
    Text,
    UpTo(usize),
    Integer(RangeInclusive<i64>),
    Digits(RangeInclusive<usize>),
    Number,
    Boolean,
    OneOf(&'static [&'static str]),
    /// E.164.
    Number164,
    /// E.164, a short code, or an alphanumeric sender.
    Originator,
    /// A prefix and 32 hexadecimal digits.
    Sid(&'static str),
    /// http or https, with a host without an underscore.
    Url,
    Twiml,
    DateTime,
}

/// One parameter.
pub(crate) struct Parameter {
    name: &'static str,
    value: Value,
    /// Twilio's number for a bad value.
    code: u32,
    repeatable: bool,
}

const fn one(name: &'static str, value: Value, code: u32) -> Parameter {
    Parameter {
        name,
        value,
        code,
        repeatable: false,
    }
}

const fn many(name: &'static str, value: Value, code: u32) -> Parameter {
    Parameter {
        repeatable: true,
        ..one(name, value, code)
    }
}

/// Twilio's number for an invalid parameter without one of its own.
const INVALID: u32 = 20422;

const METHODS: Value = Value::OneOf(&["GET", "POST"]);

/// `POST …/Messages.json`.
pub(crate) const CREATE_MESSAGE: &[Parameter] = &[
    one("To", Value::Number164, 21211),
    one("From", Value::Originator, 21212),
    one("MessagingServiceSid", Value::Sid("MG"), 21705),
    one("Body", Value::UpTo(1600), 21617),
    many("MediaUrl", Value::Url, 21620),
    one("ContentSid", Value::Sid("HX"), 21655),
    one("ContentVariables", Value::Text, 21656),
    one("StatusCallback", Value::Url, 21609),
    one("ApplicationSid", Value::Sid("AP"), 21218),
    one("MaxPrice", Value::Number, 21627),
    one("ProvideFeedback", Value::Boolean, INVALID),
    one("Attempt", Value::Integer(1..=i64::MAX), INVALID),
    one("ValidityPeriod", Value::Integer(1..=36_000), 21624),
    one("ForceDelivery", Value::Boolean, INVALID),
    one("ContentRetention", Value::OneOf(&["retain", "discard"]), 30029),
    one("AddressRetention", Value::OneOf(&["retain", "obfuscate"]), 30030),
    one("SmartEncoded", Value::Boolean, INVALID),
    many("PersistentAction", Value::Text, INVALID),
    one("TrafficType", Value::OneOf(&["free"]), INVALID),
    one("ShortenUrls", Value::Boolean, INVALID),
    one("ScheduleType", Value::OneOf(&["fixed"]), INVALID),
    one("SendAt", Value::DateTime, INVALID),
    one("SendAsMms", Value::Boolean, INVALID),
    one("RiskCheck", Value::OneOf(&["enable", "disable"]), INVALID),
    one("FallbackFrom", Value::Originator, 21665),
];

/// `POST …/Messages/{Sid}.json`.
pub(crate) const UPDATE_MESSAGE: &[Parameter] = &[
    one("Body", Value::Text, INVALID),
    one("Status", Value::OneOf(&["canceled"]), INVALID),
];

/// `GET …/Messages.json`.
pub(crate) const LIST_MESSAGES: &[Parameter] = &[
    one("To", Value::Number164, 21211),
    one("From", Value::Originator, 21212),
    one("DateSent", Value::DateTime, INVALID),
    one("DateSent<", Value::DateTime, INVALID),
    one("DateSent>", Value::DateTime, INVALID),
    one("PageSize", Value::Integer(1..=1000), 20007),
    one("Page", Value::Integer(0..=i64::MAX), INVALID),
    one("PageToken", Value::Text, 21481),
];

/// `POST …/Calls.json`.
pub(crate) const CREATE_CALL: &[Parameter] = &[
    one("To", Value::Number164, 21217),
    one("From", Value::Number164, 21212),
    one("Url", Value::Url, 21205),
    one("Twiml", Value::Twiml, 12100),
    one("ApplicationSid", Value::Sid("AP"), 21218),
    one("Method", METHODS, 21209),
    one("FallbackUrl", Value::Url, 21205),
    one("FallbackMethod", METHODS, 21209),
    one("StatusCallback", Value::Url, 21609),
    many(
        "StatusCallbackEvent",
        Value::OneOf(&["initiated", "ringing", "answered", "completed"]),
        21626,
    ),
    one("StatusCallbackMethod", METHODS, 21209),
    one("SendDigits", Value::UpTo(32), 21206),
    one("Timeout", Value::Integer(1..=600), 21208),
    one("Record", Value::Boolean, INVALID),
    one("RecordingChannels", Value::OneOf(&["mono", "dual"]), INVALID),
    one("RecordingStatusCallback", Value::Url, 21609),
    one("RecordingStatusCallbackMethod", METHODS, 21209),
    many("RecordingStatusCallbackEvent", Value::Text, INVALID),
    one(
        "RecordingTrack",
        Value::OneOf(&["inbound", "outbound", "both"]),
        INVALID,
    ),
    one("SipAuthUsername", Value::UpTo(255), 21221),
    one("SipAuthPassword", Value::UpTo(255), 21223),
    one(
        "MachineDetection",
        Value::OneOf(&["Enable", "DetectMessageEnd"]),
        21234,
    ),
    one("MachineDetectionTimeout", Value::Integer(3..=59), 21234),
    one(
        "MachineDetectionSpeechThreshold",
        Value::Integer(1000..=6000),
        21234,
    ),
    one(
        "MachineDetectionSpeechEndThreshold",
        Value::Integer(500..=5000),
        21234,
    ),
    one(
        "MachineDetectionSilenceTimeout",
        Value::Integer(2000..=10_000),
        21234,
    ),
    one("AsyncAmd", Value::Boolean, 21263),
    one("AsyncAmdStatusCallback", Value::Url, 21262),
    one("AsyncAmdStatusCallbackMethod", METHODS, 21209),
    one("Trim", Value::OneOf(&["trim-silence", "do-not-trim"]), INVALID),
    one("CallerId", Value::Number164, INVALID),
    one("Byoc", Value::Sid("BY"), 21300),
    one("CallReason", Value::UpTo(50), INVALID),
    one("CallToken", Value::Text, INVALID),
    one("TimeLimit", Value::Integer(1..=86_400), INVALID),
    one("ClientNotificationUrl", Value::Url, INVALID),
];

/// `POST …/Calls/{Sid}.json`.
pub(crate) const UPDATE_CALL: &[Parameter] = &[
    one("Url", Value::Url, 21205),
    one("Method", METHODS, 21209),
    one("Status", Value::OneOf(&["canceled", "completed"]), 21220),
    one("FallbackUrl", Value::Url, 21205),
    one("FallbackMethod", METHODS, 21209),
    one("StatusCallback", Value::Url, 21609),
    one("StatusCallbackMethod", METHODS, 21209),
    one("Twiml", Value::Twiml, 12100),
    one("TimeLimit", Value::Integer(1..=86_400), INVALID),
];

/// `GET …/Calls.json`.
pub(crate) const LIST_CALLS: &[Parameter] = &[
    one("To", Value::Number164, 21211),
    one("From", Value::Number164, 21212),
    one("ParentCallSid", Value::Sid("CA"), INVALID),
    one(
        "Status",
        Value::OneOf(&[
            "queued",
            "ringing",
            "in-progress",
            "completed",
            "busy",
            "failed",
            "no-answer",
            "canceled",
        ]),
        INVALID,
    ),
    one("StartTime", Value::DateTime, INVALID),
    one("StartTime<", Value::DateTime, INVALID),
    one("StartTime>", Value::DateTime, INVALID),
    one("EndTime", Value::DateTime, INVALID),
    one("EndTime<", Value::DateTime, INVALID),
    one("EndTime>", Value::DateTime, INVALID),
    one("PageSize", Value::Integer(1..=1000), 20007),
    one("Page", Value::Integer(0..=i64::MAX), INVALID),
    one("PageToken", Value::Text, 21481),
];

/// A fetch takes none.
pub(crate) const NONE: &[Parameter] = &[];

/// `GET /v2/PhoneNumbers/{number}` of Lookup (`twilio_lookups_v2.json`).
pub(crate) const LOOK_UP: &[Parameter] = &[
    one("Fields", Value::Text, 60600),
    one("CountryCode", Value::Text, INVALID),
    one("FirstName", Value::Text, INVALID),
    one("LastName", Value::Text, INVALID),
    one("AddressLine1", Value::Text, INVALID),
    one("AddressLine2", Value::Text, INVALID),
    one("City", Value::Text, INVALID),
    one("State", Value::Text, INVALID),
    one("PostalCode", Value::Text, INVALID),
    one("AddressCountryCode", Value::Text, INVALID),
    one("NationalId", Value::Text, INVALID),
    one("DateOfBirth", Value::Text, INVALID),
    one("LastVerifiedDate", Value::Text, INVALID),
    one("VerificationSid", Value::Sid("VE"), INVALID),
    one("PartnerSubId", Value::Text, INVALID),
];

/// `POST /v2/Services/{Sid}/Verifications` (`twilio_verify_v2.json`).
pub(crate) const START_VERIFICATION: &[Parameter] = &[
    one("To", Value::Number164, 60200),
    one(
        "Channel",
        Value::OneOf(&["sms", "call", "whatsapp", "sna", "auto"]),
        60200,
    ),
    one("CustomFriendlyName", Value::UpTo(32), 60200),
    one("CustomMessage", Value::Text, 60200),
    one("SendDigits", Value::UpTo(32), 60200),
    one("Locale", Value::OneOf(VERIFY_LOCALES), 60200),
    one("CustomCode", Value::Digits(4..=10), 60200),
    one("Amount", Value::Text, 60200),
    one("Payee", Value::Text, 60200),
    one("RateLimits", Value::Text, 60200),
    one("ChannelConfiguration", Value::Text, 60200),
    one("AppHash", Value::UpTo(11), 60602),
    one("TemplateSid", Value::Sid("HJ"), 60200),
    one("TemplateCustomSubstitutions", Value::Text, 60200),
    one("DeviceIp", Value::Text, 60200),
    one("EnableSnaClientToken", Value::Boolean, 60200),
    one("RiskCheck", Value::OneOf(&["enable", "disable"]), 60200),
    one("Tags", Value::Text, 60200),
];

/// `POST /v2/Services/{Sid}/VerificationCheck`.
pub(crate) const CHECK_VERIFICATION: &[Parameter] = &[
    one("Code", Value::Digits(4..=10), 60200),
    one("To", Value::Number164, 60200),
    one("VerificationSid", Value::Sid("VE"), 60200),
    one("Amount", Value::Text, 60200),
    one("Payee", Value::Text, 60200),
    one("SnaClientToken", Value::Text, 60200),
];

/// `POST /v2/Services/{Sid}/Verifications/{Sid}`.
pub(crate) const UPDATE_VERIFICATION: &[Parameter] =
    &[one("Status", Value::OneOf(&["canceled", "approved"]), 60200)];

/// The languages of Verify's messages (docs/verify/supported-languages).
const VERIFY_LOCALES: &[&str] = &[
    "af", "ar", "ca", "zh", "zh-cn", "zh-hk", "hr", "cs", "da", "nl", "en", "en-gb", "et", "fi", "fr", "de",
    "el", "he", "hi", "hu", "id", "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb", "pl", "pt", "pt-br", "ro",
    "ru", "sk", "es", "sv", "tl", "te", "th", "tr", "uk", "vi",
];

/// Checks names and values against a table.
pub(crate) fn check(form: &Form, table: &[Parameter]) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for (name, value) in &form.0 {
        let Some(parameter) = table.iter().find(|parameter| parameter.name == name) else {
            return Err(Refusal::violation(20001, format!("Unknown parameter {name}")));
        };
        if seen.contains(&name) && !parameter.repeatable {
            return Err(Refusal::violation(INVALID, format!("{name} is given twice")));
        }
        seen.push(name);
        if let Err(reason) = parameter.value.check(value) {
            return Err(Refusal::violation(
                parameter.code,
                format!("Invalid {name}: {reason}"),
            ));
        }
    }
    Ok(())
}

impl Value {
    fn check(&self, value: &str) -> Result<(), String> {
        let ok = match self {
            Self::Text => true,
            Self::UpTo(length) => value.chars().count() <= *length,
            Self::Integer(range) => value.parse().is_ok_and(|number| range.contains(&number)),
            Self::Digits(count) => {
                count.contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Number => value.parse::<f64>().is_ok(),
            Self::Boolean => matches!(value, "true" | "false" | "True" | "False"),
            Self::OneOf(words) => words.contains(&value),
            Self::Number164 => is_e164(value),
            Self::Originator => is_e164(value) || is_short_code(value) || is_alphanumeric_sender(value),
            Self::Sid(prefix) => is_sid(value, prefix),
            Self::Url => is_public_url(value),
            Self::Twiml => return check_twiml(value),
            // Dates, and dates with times, in ISO 8601.
            Self::DateTime => value
                .get(..10)
                .is_some_and(|d| d.parse::<jiff::civil::Date>().is_ok()),
        };
        // The value itself may be a number or a code: it is recorded, but not repeated in a message.
        if ok {
            Ok(())
        } else {
            Err("the value is not allowed".to_owned())
        }
    }
}

fn check_twiml(value: &str) -> Result<(), String> {
    if value.chars().count() > 4000 {
        return Err("longer than 4000 characters".to_owned());
    }
    twiml::check(value)
}

fn is_e164(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_short_code(value: &str) -> bool {
    (4..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_alphanumeric_sender(value: &str) -> bool {
    (1..=11).contains(&value.len())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'&' | b'+' | b'-' | b'_'))
}

fn is_sid(value: &str, prefix: &str) -> bool {
    value
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_public_url(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.contains('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(table: &[Parameter], form: &str) -> Option<u32> {
        check(&Form::parse(form.as_bytes()), table)
            .err()
            .map(|refusal| refusal.code)
    }

    #[test]
    fn names_that_the_description_does_not_list_are_refused() {
        assert_eq!(refused(CREATE_MESSAGE, "To=%2B15551234567&Text=x"), Some(20001));
        assert_eq!(refused(CREATE_MESSAGE, "to=%2B15551234567"), Some(20001));
        assert_eq!(refused(CREATE_CALL, "Body=x"), Some(20001));
    }

    #[test]
    fn only_lists_may_repeat() {
        assert_eq!(refused(CREATE_MESSAGE, "Body=a&Body=b"), Some(INVALID));
        assert_eq!(
            refused(
                CREATE_CALL,
                "StatusCallbackEvent=ringing&StatusCallbackEvent=completed"
            ),
            None
        );
    }

    #[test]
    fn values_are_checked() {
        for (table, form, code) in [
            (CREATE_MESSAGE, "To=15551234567", 21211),
            (CREATE_MESSAGE, "To=%2B0551234567", 21211),
            (CREATE_MESSAGE, "From=a-very-long-name", 21212),
            (CREATE_MESSAGE, "MessagingServiceSid=MG1", 21705),
            (CREATE_MESSAGE, "ValidityPeriod=0", 21624),
            (CREATE_MESSAGE, "ValidityPeriod=36001", 21624),
            (CREATE_MESSAGE, "ValidityPeriod=1.5", 21624),
            (CREATE_MESSAGE, "StatusCallback=ftp://a.example/", 21609),
            (CREATE_MESSAGE, "StatusCallback=https://a_b.example/", 21609),
            (CREATE_MESSAGE, "ContentRetention=keep", 30029),
            (CREATE_CALL, "Timeout=601", 21208),
            (CREATE_CALL, "Twiml=%3CResponse%3E", 12100),
            (CREATE_CALL, "StatusCallbackEvent=hungup", 21626),
            (UPDATE_CALL, "Status=busy", 21220),
        ] {
            assert_eq!(refused(table, form), Some(code), "{form}");
        }
        for (table, form) in [
            (CREATE_MESSAGE, "ValidityPeriod=1"),
            (CREATE_MESSAGE, "ValidityPeriod=36000"),
            (CREATE_MESSAGE, "From=Shop+24"),
            (CREATE_MESSAGE, "From=12345"),
            (CREATE_CALL, "Twiml=%3CResponse/%3E"),
            (LIST_MESSAGES, "DateSent%3E=2026-01-31"),
        ] {
            assert_eq!(refused(table, form), None, "{form}");
        }
    }
}
