use super::value::{duration, secret};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// `[http_sender]`: any gateway that takes JSON by HTTP POST; named `http` in `[senders]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSenderConfig {
    /// Where it is posted to. It may hold a secret, so it is never printed.
    #[serde(deserialize_with = "secret::optional")]
    pub url: Option<SecretString>,
    /// Headers by name, as in `headers.authorization`; never printed.
    #[serde(deserialize_with = "secret::by_name")]
    pub headers: BTreeMap<String, SecretString>,
    /// The JSON that is posted. In its strings `{to}`, `{text}`, `{code}`, `{channel}`, `{locale}`, `{site}`, `{delivery}`,
    /// `{verification}` and `{seconds}` are replaced.
    pub body: String,
    /// How long an answer may take: ten seconds at most.
    #[serde(deserialize_with = "duration::positive")]
    pub timeout: Duration,
    /// The statuses (400 to 599) by which the gateway says that it surely sent nothing. Any other than 2xx may have been acted upon.
    pub not_sent_statuses: Vec<u16>,
    /// Where the gateway's name for the message stands in its answer: a JSON pointer (RFC 6901), as in `/message/id`.
    pub message_id: Option<String>,
}

impl Default for HttpSenderConfig {
    fn default() -> Self {
        Self {
            url: None,
            headers: BTreeMap::new(),
            body: r#"{"to": "{to}", "text": "{text}"}"#.to_owned(),
            timeout: Duration::from_secs(8),
            not_sent_statuses: Vec::new(),
            message_id: None,
        }
    }
}
