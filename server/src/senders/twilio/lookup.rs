//! Twilio Lookup v2: what kind of line a number is, asked before the first send to it.

use super::client::Client;
use crate::config::BaseUrl;
use crate::lines::Lines;
use crate::senders::{Message, SendOutcome, Sender, Tracker};
use crate::store::LineKind;
use phone_verify_domain::{Channel, DeliveryReason, ErrorCode, PhoneNumber};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How long Lookup may take: the message must still leave in time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks Lookup, once a number.
pub struct Lookup {
    client: Arc<Client>,
    url: BaseUrl,
    lines: Lines,
}

/// A sender that is asked only for what its channel can reach.
pub struct LookedUp {
    lookup: Arc<Lookup>,
    sender: Arc<dyn Sender>,
}

#[derive(Deserialize)]
struct Answer {
    line_type_intelligence: Option<LineType>,
}

#[derive(Deserialize)]
struct LineType {
    #[serde(rename = "type")]
    kind: Option<String>,
    error_code: Option<u32>,
}

impl Lookup {
    pub(super) fn new(client: Arc<Client>, url: BaseUrl, lines: Lines) -> Self {
        Self { client, url, lines }
    }

    /// What a number's line is; `None` where nobody can tell: then it is sent to as if nothing had been asked.
    async fn kind(&self, number: &PhoneNumber, delivery_id: &str) -> Option<LineKind> {
        match self.lines.find(number).await {
            Ok(None) => {}
            Ok(known) => return known,
            Err(error) => {
                // Asking without being able to keep the answer would cost money each time.
                tracing::warn!(%error, delivery = delivery_id, "what is known of lines cannot be read");
                return None;
            }
        }
        let kind = self.ask(number, delivery_id).await?;
        if let Err(error) = self.lines.keep(number, kind).await {
            tracing::warn!(%error, delivery = delivery_id, "what a line is cannot be kept");
        }
        Some(kind)
    }

    async fn ask(&self, number: &PhoneNumber, delivery_id: &str) -> Option<LineKind> {
        let url = format!(
            "{}/v2/PhoneNumbers/{}?Fields=line_type_intelligence",
            self.url,
            number.expose()
        );
        let body = match self.client.fetch(&url, PATIENCE).await {
            Ok(body) => body,
            Err(error) => {
                tracing::warn!(delivery = delivery_id, %error, "Twilio Lookup does not tell what a line is");
                return None;
            }
        };
        let kind = kind_in(&body);
        if kind.is_none() {
            tracing::info!(
                delivery = delivery_id,
                "Twilio Lookup does not know what a line is"
            );
        }
        kind
    }
}

/// What Lookup's answer says of a line; `None` where it knows nothing.
fn kind_in(body: &[u8]) -> Option<LineKind> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let line = answer.line_type_intelligence?;
    if line.error_code.is_some() {
        return None;
    }
    Some(match line.kind?.as_str() {
        "mobile" | "fixedVoip" | "nonFixedVoip" => LineKind::Textable,
        "landline" => LineKind::Landline,
        "tollFree" | "premium" | "sharedCost" | "uan" | "voicemail" | "pager" | "personal" => {
            LineKind::Service
        }
        _ => return None,
    })
}

impl LookedUp {
    /// `sender`, asked only for what `lookup` does not rule out.
    #[must_use]
    pub fn new(lookup: Arc<Lookup>, sender: Arc<dyn Sender>) -> Self {
        Self { lookup, sender }
    }
}

#[async_trait::async_trait]
impl Sender for LookedUp {
    fn name(&self) -> &'static str {
        self.sender.name()
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        match (
            self.lookup.kind(message.to, message.delivery_id).await,
            message.channel,
        ) {
            (Some(LineKind::Service), _) => SendOutcome::Rejected {
                reason: None,
                error: Some(ErrorCode::NumberTypeRefused),
            },
            (Some(LineKind::Landline), Channel::Sms) => SendOutcome::Rejected {
                reason: Some(DeliveryReason::NotTextable),
                error: None,
            },
            _ => self.sender.send(message).await,
        }
    }

    fn tracker(&self) -> Option<&dyn Tracker> {
        self.sender.tracker()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> Option<LineKind> {
        kind_in(format!("{{\"valid\": true, \"line_type_intelligence\": {line}}}").as_bytes())
    }

    #[test]
    fn every_line_type_has_its_kind() {
        for (kind, types) in [
            (
                Some(LineKind::Textable),
                &["mobile", "fixedVoip", "nonFixedVoip"][..],
            ),
            (Some(LineKind::Landline), &["landline"]),
            (
                Some(LineKind::Service),
                &[
                    "tollFree",
                    "premium",
                    "sharedCost",
                    "uan",
                    "voicemail",
                    "pager",
                    "personal",
                ],
            ),
            (None, &["unknown", "", "something new"]),
        ] {
            for line_type in types {
                let line = format!("{{\"type\": \"{line_type}\", \"error_code\": null}}");
                assert_eq!(self::kind(&line), kind, "{line_type}");
            }
        }
    }

    #[test]
    fn what_lookup_does_not_know_is_nothing() {
        assert_eq!(kind("null"), None);
        assert_eq!(kind("{\"type\": null, \"error_code\": null}"), None);
        assert_eq!(kind("{\"type\": \"landline\", \"error_code\": 60601}"), None);
        for body in ["", "<html>", "{}", "[]"] {
            assert_eq!(kind_in(body.as_bytes()), None);
        }
    }
}
