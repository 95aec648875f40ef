//! Status callbacks and other signed requests to webhooks.

use crate::behaviour::ScriptedCallback;
use crate::call;
use crate::journal::CallbackRecord;
use crate::listener::Shared;
use crate::resource::{API_VERSION, Item, Kind, rfc2822};
use crate::signature::sign;
use jiff::Timestamp;
use reqwest::header;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A request to a webhook, as Twilio would make it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookCall {
    /// Where to.
    pub url: String,
    /// The URL that is signed, where it is another: behind a proxy the public one.
    pub signed_url: Option<String>,
    /// Names and values.
    pub form: Vec<(String, String)>,
    /// Instead of a form: a JSON text, signed by `bodySHA256` in the query.
    pub json: Option<String>,
    /// The auth token that signs, where it is not the account's.
    pub auth_token: Option<String>,
    /// Sent instead of the right signature.
    pub signature: Option<String>,
    /// Sends no signature.
    pub unsigned: bool,
}

impl Shared {
    /// Makes one request to a webhook, records it, and says what was answered.
    pub(crate) async fn call_webhook(&self, mut call: WebhookCall) -> CallbackRecord {
        if let Some(json) = &call.json {
            let hash = format!("bodySHA256={}", hex::encode(Sha256::digest(json)));
            for url in [Some(&mut call.url), call.signed_url.as_mut()]
                .into_iter()
                .flatten()
            {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(&hash);
            }
        }
        let token = call.auth_token.as_ref().unwrap_or(&self.account.auth_token);
        let signed_url = call.signed_url.as_ref().unwrap_or(&call.url);
        let signature = call
            .signature
            .clone()
            .unwrap_or_else(|| sign(token, signed_url, &call.form));
        let mut request = self.http.post(&call.url);
        request = match &call.json {
            Some(json) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            None => request.form(&call.form),
        };
        if !call.unsigned {
            request = request.header("X-Twilio-Signature", signature);
        }
        let mut record = CallbackRecord {
            url: call.url,
            form: call.form,
            status: None,
            content_type: None,
            body: String::new(),
        };
        if let Ok(response) = request.send().await {
            record.status = Some(response.status().as_u16());
            record.content_type = response
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned);
            record.body = response.text().await.unwrap_or_default();
        }
        self.journal().called_back(record.clone());
        record
    }

    /// Moves a message or call through the scripted states and reports those that are asked for.
    pub(crate) async fn report(&self, resource: Kind, sid: &str, callbacks: &[ScriptedCallback]) {
        for (sequence, callback) in callbacks.iter().enumerate() {
            tokio::time::sleep(Duration::from_millis(callback.after_ms)).await;
            let item = {
                let mut journal = self.journal();
                let Some(item) = journal.item(resource, sid) else {
                    return;
                };
                item.status.clone_from(&callback.status);
                item.error_code = callback.error_code;
                item.updated = Timestamp::now();
                item.clone()
            };
            if let (Some(url), true) = (&item.status_callback, wants(&item, &callback.status)) {
                self.call_webhook(WebhookCall {
                    url: url.clone(),
                    form: self.status_form(&item, sequence),
                    ..WebhookCall::default()
                })
                .await;
            }
        }
    }

    fn status_form(&self, item: &Item, sequence: usize) -> Vec<(String, String)> {
        let mut form = vec![
            ("AccountSid", self.account.sid.clone()),
            ("ApiVersion", API_VERSION.to_owned()),
            ("To", item.to.clone()),
        ];
        if let Some(from) = &item.from {
            form.push(("From", from.clone()));
        }
        match item.resource {
            Kind::Messages => {
                form.push(("MessageSid", item.sid.clone()));
                form.push(("SmsSid", item.sid.clone()));
                form.push(("MessageStatus", item.status.clone()));
                form.push(("SmsStatus", item.status.clone()));
                if let Some(service) = &item.messaging_service_sid {
                    form.push(("MessagingServiceSid", service.clone()));
                }
                if let Some(code) = item.error_code {
                    form.push(("ErrorCode", code.to_string()));
                    form.push(("ErrorMessage", format!("Error {code}")));
                }
            }
            Kind::Calls => {
                form.push(("CallSid", item.sid.clone()));
                form.push(("CallStatus", item.status.clone()));
                form.push(("Direction", "outbound-api".to_owned()));
                form.push(("CallbackSource", "call-progress-events".to_owned()));
                form.push(("SequenceNumber", sequence.to_string()));
                form.push(("Timestamp", rfc2822(item.updated)));
                if call::ended(&item.status) {
                    form.push(("Duration", "0".to_owned()));
                    form.push(("CallDuration", "0".to_owned()));
                }
            }
        }
        form.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// Whether the caller asked to hear of this status: of a message always, of a call as its events say.
fn wants(item: &Item, status: &str) -> bool {
    if item.resource == Kind::Messages {
        return true;
    }
    let event = match status {
        "in-progress" => "answered",
        "initiated" | "ringing" => status,
        _ => "completed",
    };
    if item.events.is_empty() {
        event == "completed"
    } else {
        item.events.iter().any(|wanted| wanted == event)
    }
}
