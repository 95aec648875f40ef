//! Twilio Verify v2: Twilio writes and speaks the message, and draws and compares the code too, unless it is told ours.

use super::client::{Attempt, Client, log};
use super::error::{Reaction, TABLE_OF_CHECKS};
use crate::config::BaseUrl;
use crate::senders::{Carried, CodeProvider, End, Message, Named, SendOutcome, Sender, Verdict};
use phone_verify_domain::{Channel, Code, DeliveryReason, ErrorCode};
use serde::Deserialize;
use std::sync::Arc;

/// The languages of Verify's own messages (docs/verify/supported-languages), in lower case.
const LOCALES: &[&str] = &[
    "af", "ar", "ca", "zh", "zh-cn", "zh-hk", "hr", "cs", "da", "nl", "en", "en-gb", "et", "fi", "fr", "de",
    "el", "he", "hi", "hu", "id", "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb", "pl", "pt", "pt-br", "ro",
    "ru", "sk", "es", "sv", "tl", "te", "th", "tr", "uk", "vi",
];

/// One Verify service, as a sender and as the keeper of codes.
pub struct TwilioVerify {
    client: Arc<Client>,
    service: String,
    codes: VerifyCodes,
}

/// Whose the codes are that a service sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyCodes {
    /// Twilio's.
    Twilios,
    /// Ours: the service must allow custom codes.
    Custom,
}

#[derive(Deserialize)]
struct Checked {
    status: String,
}

impl TwilioVerify {
    /// The service `sid` at `url`.
    pub(super) fn new(client: Arc<Client>, url: &BaseUrl, sid: &str, codes: VerifyCodes) -> Self {
        Self {
            client,
            service: format!("{url}/v2/Services/{sid}"),
            codes,
        }
    }
}

#[async_trait::async_trait]
impl Sender for TwilioVerify {
    fn name(&self) -> &'static str {
        "verify"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let mut form = vec![
            ("To", message.to.expose().to_owned()),
            ("Channel", channel(message.channel).to_owned()),
        ];
        if let Some(locale) = message.locale.and_then(nearest) {
            form.push(("Locale", locale));
        }
        match (message.code, self.codes) {
            (Carried::Providers, VerifyCodes::Twilios) => {}
            (Carried::Ours(code), VerifyCodes::Custom) => {
                form.push(("CustomCode", code.expose().to_owned()));
            }
            // It began under other settings: the code that its user may have is not one that this service can send.
            _ => {
                return SendOutcome::Rejected {
                    reason: Some(DeliveryReason::Sender),
                    error: Some(ErrorCode::SenderUnavailable),
                };
            }
        }
        let url = format!("{}/Verifications", self.service);
        self.client.send(&url, &form, message.delivery_id).await
    }
}

#[async_trait::async_trait]
impl CodeProvider for TwilioVerify {
    fn name(&self) -> &'static str {
        "verify"
    }

    async fn check(&self, which: &Named, code: &Code) -> Verdict {
        let (name, value, about) = match which {
            Named::Reference(sid) => ("VerificationSid", sid.clone(), sid.as_str()),
            Named::Number(number) => ("To", number.expose().to_owned(), ""),
        };
        let form = [("Code", code.expose().to_owned()), (name, value)];
        let url = format!("{}/VerificationCheck", self.service);
        match self.client.ask(&url, &form, about).await {
            Attempt::Taken(body) => judged(&body).unwrap_or_else(|| {
                tracing::warn!(delivery = about, "Twilio's answer to a check says nothing of it");
                Verdict::NoAnswer
            }),
            Attempt::Refused(refusal) => {
                let known = refusal
                    .code
                    .and_then(|code| TABLE_OF_CHECKS.iter().find(|(known, _)| *known == code));
                match known {
                    Some((_, verdict)) if refusal.status < 500 => *verdict,
                    _ => {
                        log(&refusal, Reaction::to(refusal.status, refusal.code), about);
                        Verdict::NoAnswer
                    }
                }
            }
            Attempt::NotConnected(_) => Verdict::NoAnswer,
            Attempt::Lost(loss) => {
                tracing::warn!(delivery = about, error = %loss, "Twilio may or may not have compared a code");
                Verdict::NoAnswer
            }
        }
    }

    async fn close(&self, reference: &str, end: End) {
        let status = match end {
            End::Approved => "approved",
            End::GivenUp => "canceled",
        };
        let url = format!("{}/Verifications/{reference}", self.service);
        let form = [("Status", status.to_owned())];
        match self.client.ask(&url, &form, reference).await {
            Attempt::Taken(_) => {}
            // It ended there by itself.
            Attempt::Refused(refusal) if refusal.code == Some(20404) => {}
            Attempt::Refused(refusal) => {
                log(&refusal, Reaction::to(refusal.status, refusal.code), reference);
            }
            Attempt::NotConnected(_) | Attempt::Lost(_) => {
                tracing::warn!(
                    delivery = reference,
                    status,
                    "Twilio may not know how a verification ended"
                );
            }
        }
    }
}

/// What the body of an answer to a check says.
fn judged(body: &[u8]) -> Option<Verdict> {
    let checked: Checked = serde_json::from_slice(body).ok()?;
    Some(match checked.status.as_str() {
        "approved" => Verdict::Right,
        "pending" | "max_attempts_reached" => Verdict::Wrong,
        "canceled" | "deleted" | "failed" | "expired" => Verdict::Gone,
        _ => return None,
    })
}

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Call => "call",
    }
}

/// The nearest of Verify's languages (RFC 4647, 3.4). Without one Twilio goes by the number's country.
fn nearest(locale: &str) -> Option<String> {
    let wanted = locale.to_ascii_lowercase().replace('_', "-");
    let mut range = wanted.as_str();
    loop {
        if LOCALES.contains(&range) {
            return Some(range.to_owned());
        }
        range = range.rsplit_once('-')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_twilios_languages_is_asked_for_or_none() {
        for (locale, found) in [
            ("de-AT", Some("de")),
            ("pt_BR", Some("pt-br")),
            ("zh-Hant-HK", Some("zh")),
            ("is", None),
            ("", None),
        ] {
            assert_eq!(nearest(locale).as_deref(), found, "{locale}");
        }
    }

    #[test]
    fn every_status_of_a_check_has_its_verdict() {
        let of = |status: &str| judged(format!("{{\"status\":\"{status}\",\"valid\":true}}").as_bytes());
        assert_eq!(of("approved"), Some(Verdict::Right));
        for status in ["pending", "max_attempts_reached"] {
            assert_eq!(of(status), Some(Verdict::Wrong), "{status}");
        }
        for status in ["canceled", "deleted", "failed", "expired"] {
            assert_eq!(of(status), Some(Verdict::Gone), "{status}");
        }
        for status in ["", "Approved", "queued"] {
            assert_eq!(of(status), None, "{status}");
        }
        assert_eq!(judged(b"<html>"), None);
    }
}
