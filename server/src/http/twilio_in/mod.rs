//! What Twilio asks of us: reports of deliveries, and whoever writes to or calls the sending number. Nothing is done that
//! does not bear Twilio's signature.

mod code;
mod inbound;
mod signed;
mod status;

use super::services::Services;
use crate::config::{BaseUrl, TwilioConfig};
use crate::senders::twilio::{Form, KeyGate, Signatures};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::header::CONTENT_TYPE;

/// What the webhooks need of the settings.
#[derive(Debug)]
pub struct TwilioWebhooks {
    signatures: Option<Signatures>,
    incoming_response: Option<String>,
    key_gate: Option<KeyGate>,
}

impl TwilioWebhooks {
    /// Webhooks below `public_url`, signed with one of the account's auth tokens. Without either, every request is refused.
    #[must_use]
    pub fn new(config: &TwilioConfig, public_url: Option<BaseUrl>, key_gate: Option<KeyGate>) -> Self {
        let tokens = [&config.auth_token, &config.secondary_auth_token];
        Self {
            signatures: public_url.map(|url| Signatures::new(url, tokens.into_iter().flatten().cloned())),
            incoming_response: config.incoming_response.clone(),
            key_gate,
        }
    }
}

/// The routes. They are not nested: the whole path is what Twilio signs.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/twilio/messages/status", post(status::message))
        .route("/twilio/calls/status", post(status::call))
        .route("/twilio/messages/inbound", post(inbound::message))
        .route("/twilio/calls/inbound", post(inbound::call))
        .route("/twilio/calls/code", post(code::say))
}

fn xml(twiml: String) -> Response {
    ([(CONTENT_TYPE, "text/xml")], twiml).into_response()
}

/// The first value of a name.
fn value<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    let (_, value) = form.iter().find(|(key, _)| key == name)?;
    Some(value)
}
