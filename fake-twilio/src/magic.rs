//! The magic numbers of Twilio's test credentials (docs/iam/test-credentials).

use crate::refusal::Refusal;

const RANGE: &str = "+1500555";

/// What a text message from this number meets.
pub(crate) fn message_from(from: &str) -> Result<(), Refusal> {
    match from {
        "+15005550006" => Ok(()),
        "+15005550001" => Err(refuse(21212, "Invalid From Number (caller ID)")),
        "+15005550008" => Err(refuse(
            21611,
            "This From number has exceeded the maximum number of queued messages",
        )),
        other if other.starts_with(RANGE) => Err(refuse(
            21606,
            "The From phone number is not a valid, SMS-capable inbound phone number or short code for your account.",
        )),
        _ => Ok(()),
    }
}

/// What a text message to this number meets.
pub(crate) fn message_to(to: &str) -> Result<(), Refusal> {
    match to {
        "+15005550001" => Err(refuse(21211, format!("Invalid 'To' Phone Number: {to}"))),
        "+15005550002" => Err(refuse(
            21612,
            "The 'To' phone number is not currently reachable via SMS",
        )),
        "+15005550003" => Err(refuse(
            21408,
            "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
        )),
        "+15005550004" => Err(refuse(21610, "Attempt to send to unsubscribed recipient")),
        "+15005550009" => Err(refuse(21614, format!("'To' number {to} is not a mobile number"))),
        _ => Ok(()),
    }
}

/// What Verify says of this number. Twilio's test credentials do not cover Verify: these are the fake's own, in the likeness
/// of the others.
pub(crate) fn verify_to(to: &str, channel: &str) -> Result<(), Refusal> {
    let forbid = |code, message: &str| Err(Refusal::new(403, code, message));
    match (to, channel) {
        ("+15005550001", _) => Err(refuse(60200, "Invalid parameter `To`")),
        ("+15005550002", _) => forbid(60238, "Verification blocked"),
        ("+15005550003", _) => forbid(
            60605,
            "Verification delivery attempt blocked: the country is not allowed",
        ),
        ("+15005550004", _) => forbid(60410, "Verification delivery attempt blocked by Fraud Guard"),
        ("+15005550008", _) => Err(Refusal::new(
            429,
            60212,
            "Too many concurrent requests for phone number",
        )),
        ("+15005550009", "sms") => Err(refuse(60205, "SMS is not supported by landline phone number")),
        _ => Ok(()),
    }
}

/// What a call from this number meets.
pub(crate) fn call_from(from: &str) -> Result<(), Refusal> {
    match from {
        "+15005550006" => Ok(()),
        "+15005550001" => Err(refuse(21212, "Invalid From Number (caller ID)")),
        other if other.starts_with(RANGE) => Err(refuse(
            21210,
            "The source phone number provided is not yet verified for your account.",
        )),
        _ => Ok(()),
    }
}

/// What a call to this number meets.
pub(crate) fn call_to(to: &str) -> Result<(), Refusal> {
    match to {
        "+15005550001" => Err(refuse(
            21217,
            "The phone number you are attempting to call is not valid",
        )),
        "+15005550002" => Err(refuse(
            21214,
            "The phone number you are attempting to call cannot be reached",
        )),
        "+15005550003" => Err(refuse(
            21215,
            "Account not authorized to call. Perhaps you need to enable some international permissions",
        )),
        "+15005550004" => Err(refuse(21216, "The number you are attempting to call is blocked")),
        _ => Ok(()),
    }
}

fn refuse(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new(400, code, message)
}
