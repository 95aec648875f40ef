//! What forms and queries say, as types.

use super::refusal::Refusal;
use crate::clock::from_rfc3339;
use crate::http::form::Form;
use crate::numbers;
use phone_verify_domain::{Channel, Code, PhoneNumber, Timestamp};
use std::net::IpAddr;

/// The longest name that a message calls the site by, in characters: Twilio's for `CustomFriendlyName`.
const LONGEST_NAME: usize = 30;

/// The longest language tag, in characters; BCP 47 recommends room for 35.
const LONGEST_LOCALE: usize = 35;

/// A field's value; `None` where it is not there or empty.
pub(super) fn optional<'a>(form: &'a Form, name: &str) -> Result<Option<&'a str>, Refusal> {
    Ok(Some(form.one(name)?).filter(|value| !value.is_empty()))
}

/// A field that must be there.
pub(super) fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    optional(form, name)?.ok_or_else(|| Refusal::missing(name))
}

/// `To`, or what is named as it is: a number with its country's calling code.
pub(super) fn number(name: &str, text: &str) -> Result<PhoneNumber, Refusal> {
    let parsed = numbers::parse(text, None);
    parsed
        .map(|parsed| parsed.number)
        .map_err(|_| Refusal::invalid(name, "it is not a phone number in E.164 format"))
}

pub(super) fn channel(text: &str) -> Result<Channel, Refusal> {
    Channel::parse(text).ok_or_else(|| Refusal::invalid("Channel", "use `sms` or `call`"))
}

/// `CustomCode`: 6 to 10 digits.
pub(super) fn custom_code(text: &str) -> Result<Code, Refusal> {
    let refused = || Refusal::invalid("CustomCode", "use 6 to 10 digits");
    let length = u8::try_from(text.len()).map_err(|_| refused())?;
    if !Code::LENGTHS.contains(&length) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refused());
    }
    Code::parse(text, length).map_err(|_| refused())
}

pub(super) fn friendly_name(text: &str) -> Result<String, Refusal> {
    line("CustomFriendlyName", text, LONGEST_NAME)
}

pub(super) fn locale(text: &str) -> Result<String, Refusal> {
    line("Locale", text, LONGEST_LOCALE)
}

pub(super) fn device_ip(text: &str) -> Result<IpAddr, Refusal> {
    text.parse()
        .map_err(|_| Refusal::invalid("DeviceIp", "it is no IPv4 or IPv6 address"))
}

/// A moment in ISO 8601.
pub(super) fn moment(name: &str, text: &str) -> Result<Timestamp, Refusal> {
    from_rfc3339(text).ok_or_else(|| Refusal::invalid(name, "use ISO 8601, as in 2026-01-31T23:59:59Z"))
}

fn line(name: &str, text: &str, longest: usize) -> Result<String, Refusal> {
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        let why = format!("use at most {longest} characters, and no control characters");
        return Err(Refusal::invalid(name, &why));
    }
    Ok(text.to_owned())
}
