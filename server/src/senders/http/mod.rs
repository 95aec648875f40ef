//! Any gateway that takes JSON by HTTP POST.
//!
//! 2xx means sent. No connection, and the statuses that the operator has named, mean surely not sent. Everything else (a
//! time-out, a broken answer, any other status) may have been acted upon, and is never asked again.

mod template;

pub use template::TemplateError;

use super::text::Texts;
use super::{Message, SendOutcome, Sender};
use crate::config::{BaseUrl, HttpSenderConfig};
use phone_verify_domain::{DeliveryReason, ErrorCode};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::time::Duration;
use template::Template;
use url::Url;

/// The most that is read of an answer, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The longest name of a message that is kept, in bytes.
const LONGEST_NAME: usize = 64;

/// Sends through a gateway.
pub struct HttpSender {
    gateway: Gateway,
    http: reqwest::Client,
    texts: Texts,
}

/// Where and how a gateway is asked, as `[http_sender]` says.
pub struct Gateway {
    url: SecretString,
    is_open_http: bool,
    headers: HeaderMap,
    template: Template,
    timeout: Duration,
    not_sent: Vec<u16>,
    message_id: Option<String>,
}

/// Why `[http_sender]` cannot be used: one line that says what to change.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpSenderError {
    /// The address.
    #[error("http_sender.url: expected an http or https URL")]
    Url,
    /// A header. Its value is not repeated.
    #[error("http_sender.headers.{0}: it is no header, by its name or its value")]
    Header(String),
    /// The body.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A status.
    #[error("http_sender.not_sent_statuses: expected statuses from 400 to 599")]
    Status,
    /// The pointer.
    #[error("http_sender.message_id: expected a JSON pointer, as in \"/message/id\"")]
    Pointer,
}

impl Gateway {
    /// The gateway that the settings name.
    ///
    /// # Errors
    /// [`HttpSenderError`]
    pub fn new(config: &HttpSenderConfig) -> Result<Self, HttpSenderError> {
        let url = config.url.clone().ok_or(HttpSenderError::Url)?;
        let parsed = Url::parse(url.expose_secret()).map_err(|_| HttpSenderError::Url)?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
            return Err(HttpSenderError::Url);
        }
        let is_loopback =
            BaseUrl::parse(&parsed.origin().ascii_serialization()).is_some_and(|url| url.is_loopback());
        let mut headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        for (name, value) in &config.headers {
            let problem = || HttpSenderError::Header(name.clone());
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| problem())?;
            let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| problem())?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        if config
            .not_sent_statuses
            .iter()
            .any(|status| !(400..600).contains(status))
        {
            return Err(HttpSenderError::Status);
        }
        if config
            .message_id
            .as_ref()
            .is_some_and(|pointer| !pointer.starts_with('/'))
        {
            return Err(HttpSenderError::Pointer);
        }
        Ok(Self {
            url,
            is_open_http: parsed.scheme() == "http" && !is_loopback,
            headers,
            template: Template::parse(&config.body)?,
            timeout: config.timeout,
            not_sent: config.not_sent_statuses.clone(),
            message_id: config.message_id.clone(),
        })
    }

    /// Whether it is asked without TLS, and not on this machine.
    #[must_use]
    pub const fn is_open_http(&self) -> bool {
        self.is_open_http
    }

    /// What a status means that is not 2xx.
    fn outcome(&self, status: u16) -> SendOutcome {
        match status {
            _ if !self.not_sent.contains(&status) => SendOutcome::Unknown,
            401 | 403 => SendOutcome::Unusable,
            429 | 500.. => SendOutcome::NotSent,
            // It may be for this one message's sake.
            _ => SendOutcome::Rejected {
                reason: Some(DeliveryReason::Sender),
                error: Some(ErrorCode::SenderUnavailable),
            },
        }
    }
}

impl HttpSender {
    /// Sends to the gateway that the settings name, in the words of `texts`. `http` must not follow redirects: a message
    /// would be sent wherever one leads.
    ///
    /// # Errors
    /// [`HttpSenderError`]
    pub fn new(
        config: &HttpSenderConfig,
        http: reqwest::Client,
        texts: Texts,
    ) -> Result<Self, HttpSenderError> {
        Ok(Self {
            gateway: Gateway::new(config)?,
            http,
            texts,
        })
    }

    async fn post(&self, body: &[u8]) -> Result<reqwest::Response, reqwest::Error> {
        let request = self.http.post(self.gateway.url.expose_secret());
        let request = request
            .headers(self.gateway.headers.clone())
            .timeout(self.gateway.timeout);
        let answer = request.body(body.to_vec()).send().await;
        answer.map_err(reqwest::Error::without_url)
    }

    /// The gateway's name for the message, else ours: that it was taken is known already.
    async fn name_in(&self, answer: reqwest::Response) -> Option<String> {
        let pointer = self.gateway.message_id.as_ref()?;
        let body = read(answer).await?;
        let body: Value = serde_json::from_slice(&body).ok()?;
        let name = match body.pointer(pointer)? {
            Value::String(name) => name.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        // It goes into the database and the log.
        let is_name =
            (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        is_name.then_some(name)
    }
}

async fn read(mut answer: reqwest::Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

#[async_trait::async_trait]
impl Sender for HttpSender {
    fn name(&self) -> &'static str {
        "http"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let delivery = message.delivery_id;
        let code = match message.code.ours() {
            Ok(code) => code,
            Err(outcome) => return outcome,
        };
        let text = self.texts.of(message, code);
        let body = self
            .gateway
            .template
            .fill(message, code, &text)
            .to_string()
            .into_bytes();
        let answer = match self.post(&body).await {
            Err(error) if error.is_connect() => {
                tracing::warn!(delivery, %error, "the gateway cannot be reached; it is tried once more");
                self.post(&body).await
            }
            answer => answer,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => {
                tracing::warn!(delivery, %error, "the gateway cannot be reached");
                return SendOutcome::NotSent;
            }
            Err(error) => {
                tracing::warn!(delivery, %error, "the gateway may or may not have sent it; it is not asked again");
                return SendOutcome::Unknown;
            }
        };
        let status = answer.status();
        if status.is_success() {
            let name = self.name_in(answer).await;
            return SendOutcome::Accepted {
                reference: name.unwrap_or_else(|| delivery.to_owned()),
            };
        }
        let outcome = self.gateway.outcome(status.as_u16());
        tracing::warn!(
            delivery,
            status = status.as_u16(),
            ?outcome,
            "the gateway refused"
        );
        outcome
    }
}
