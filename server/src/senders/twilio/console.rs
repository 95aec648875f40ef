//! What can be read of the account, for `phone-verify doctor`.

use super::account::{Account, AccountError, Credentials, product_url, verify_url};
use crate::config::{BaseUrl, TwilioConfig};
use phone_verify_domain::Timestamp;
use reqwest::header::DATE;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::time::Duration;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// Reads what Twilio knows of the account; changes nothing.
pub struct Console<'a> {
    config: &'a TwilioConfig,
    account: Account,
    http: reqwest::Client,
}

/// Which of Twilio's hosts is asked.
#[derive(Clone, Copy, Debug)]
pub enum Product {
    /// `api.twilio.com`, below the account.
    Api,
    /// `accounts.twilio.com`
    Accounts,
    /// `messaging.twilio.com`
    Messaging,
    /// `voice.twilio.com`
    Voice,
    /// `verify.twilio.com`, or `verify_url`
    Verify,
}

/// An answer.
pub struct Read {
    /// The JSON in it.
    pub body: Value,
    /// What Twilio's clock said.
    pub date: Option<Timestamp>,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No answer.
    #[error("Twilio cannot be reached: {0}")]
    Unreachable(String),
    /// Its HTTP status and Twilio's code.
    #[error("Twilio refused with status {status}, code {}", code.map_or("none".to_owned(), |code| code.to_string()))]
    Refused {
        /// HTTP's.
        status: u16,
        /// Twilio's.
        code: Option<u64>,
    },
    /// No host to ask.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl<'a> Console<'a> {
    /// Of the account that settings name, asked as messages are sent.
    ///
    /// # Errors
    /// [`AccountError`] says what to change.
    pub fn new(config: &'a TwilioConfig, http: reqwest::Client) -> Result<Self, AccountError> {
        Ok(Self {
            config,
            account: Account::new(config)?,
            http,
        })
    }

    /// The same, asked with the auth token; `None` where there is none, or where it is what messages are sent with anyway.
    #[must_use]
    pub fn with_auth_token(&self) -> Option<Self> {
        if matches!(self.account.credentials, Credentials::AuthToken(_)) {
            return None;
        }
        let token = self.config.auth_token.clone()?;
        Some(Self {
            config: self.config,
            account: Account {
                credentials: Credentials::AuthToken(token),
                ..self.account.clone()
            },
            http: self.http.clone(),
        })
    }

    /// Whether it is asked with an API key, which may not read the account itself.
    #[must_use]
    pub const fn has_api_key(&self) -> bool {
        matches!(self.account.credentials, Credentials::ApiKey { .. })
    }

    /// Reads one resource; `path` is below the version, for [`Product::Api`] below the account.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn read(
        &self,
        product: Product,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Read, ReadError> {
        let (user, password) = self.account.user_and_password();
        let url = self.url(product, path)?;
        let url = url::Url::parse_with_params(&url, query).map_err(|_| AccountError::NotAHostLabel)?;
        let request = self
            .http
            .get(url)
            .basic_auth(user, Some(password.expose_secret()));
        let unreachable =
            |error: reqwest::Error| ReadError::Unreachable(super::client::with_causes(&error.without_url()));
        let answer = request.timeout(PATIENCE).send().await.map_err(unreachable)?;
        let status = answer.status();
        let date = answer
            .headers()
            .get(DATE)
            .and_then(|date| http_date(date.to_str().ok()?));
        let body = answer.json().await.unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(Read { body, date });
        }
        Err(ReadError::Refused {
            status: status.as_u16(),
            code: body["code"].as_u64(),
        })
    }

    /// Where codes are sent from: `verify_url`, else as the other hosts.
    fn verify(&self) -> Result<BaseUrl, AccountError> {
        match (&self.config.verify_url, &self.config.api_url) {
            (None, Some(url)) => Ok(url.clone()),
            _ => verify_url(self.config),
        }
    }

    /// `api_url` stands for all of Twilio's hosts.
    fn url(&self, product: Product, path: &str) -> Result<String, AccountError> {
        let host = |name| match &self.config.api_url {
            Some(url) => Ok(url.clone()),
            None => product_url(name, self.config.region.as_deref(), self.config.edge.as_deref()),
        };
        let below = |base: BaseUrl| format!("{base}/v1/{path}");
        Ok(match product {
            Product::Api => format!(
                "{}/2010-04-01/Accounts/{}{path}.json",
                self.account.api, self.account.sid
            ),
            Product::Accounts => below(host("accounts")?),
            Product::Messaging => below(host("messaging")?),
            Product::Voice => below(host("voice")?),
            Product::Verify => format!("{}/v2/{path}", self.verify()?),
        })
    }
}

/// `Sat, 21 Nov 2026 08:00:00 GMT` (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    let date = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    let moment = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_millis(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_answers_are_read() {
        let read = |text| http_date(text).map(Timestamp::as_millis);
        assert_eq!(read("Thu, 01 Jan 1970 00:00:01 GMT"), Some(1_000));
        assert_eq!(read("Sat, 21 Nov 2026 08:00:00 GMT"), Some(1_795_248_000_000));
        assert_eq!(read("yesterday"), None);
    }
}
