//! The token: what a host's server has to check before it believes that a number is verified.

mod keys;
mod redeem;

use crate::clock::Clock;
use keys::Keys;
use phone_verify_token::{Claims, Clocks, Expect, Expected, TokenError};
use secrecy::SecretString;
use std::time::Duration;
use url::Url;

/// What this form's tokens are for: one that was made for another form of the same shop is not taken.
pub const PURPOSE: &str = "order";

/// How long the phone-verify server may take to answer.
const TIME_OUT: Duration = Duration::from_secs(5);

/// The phone-verify server as this shop sees it.
pub struct VerifyServer {
    base: Url,
    issuer: String,
    site_key: String,
    site_secret: SecretString,
    http: reqwest::Client,
    keys: Keys,
    clock: Clock,
}

/// The phone-verify server cannot be used as it is named.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Not an http or https address.
    #[error("the phone-verify server's address is not an http or https URL")]
    Address,
    /// No HTTP client can be made.
    #[error("no HTTP client can be made")]
    Client(#[from] reqwest::Error),
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none.
    #[error("no token")]
    Missing,
    /// It is not a good one, or not for this form of this session.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// An order has been placed with it.
    #[error("used before")]
    Used,
    /// The phone-verify server does not take it, though it looks right from here: it may have just expired.
    #[error("refused by the phone-verify server")]
    Invalid,
    /// The phone-verify server cannot be asked.
    #[error("the phone-verify server cannot be asked")]
    Unavailable,
}

impl VerifyServer {
    /// The server at `base`, whose tokens say that they are from `issuer` (its public URL; the same address where
    /// nothing else is said).
    ///
    /// # Errors
    /// [`SetupError`] when the address is none, or no HTTP client can be made.
    #[expect(clippy::disallowed_methods, reason = "this program's one HTTP client")]
    pub fn new(
        base: &Url,
        issuer: Option<String>,
        site_key: String,
        site_secret: SecretString,
        clock: Clock,
    ) -> Result<Self, SetupError> {
        if !matches!(base.scheme(), "http" | "https") || base.cannot_be_a_base() {
            return Err(SetupError::Address);
        }
        let http = reqwest::Client::builder()
            .timeout(TIME_OUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            issuer: issuer.unwrap_or_else(|| base.as_str().trim_end_matches('/').to_owned()),
            base: base.clone(),
            site_key,
            site_secret,
            http,
            keys: Keys::default(),
            clock,
        })
    }

    /// The origin that the page loads the widget from.
    pub fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// The public name of this shop's site.
    pub fn site_key(&self) -> &str {
        &self.site_key
    }

    /// Checks `token` offline: a token of this server for this site, this session's nonce and this form's purpose, at
    /// this time. The keys come from the configured address, never from the token.
    ///
    /// # Errors
    /// [`Refusal`] says why it is not taken.
    pub async fn check(&self, token: &str, nonce: &str) -> Result<Claims, Refusal> {
        if token.is_empty() {
            return Err(Refusal::Missing);
        }
        let expected = Expected {
            issuer: &self.issuer,
            audience: &self.site_key,
            // This shop has no users of its own, so it begins no sessions there; the nonce binds the token.
            subject: Expect::Absent,
            nonce: Expect::Exactly(nonce),
            purpose: Expect::Exactly(PURPOSE),
            clocks: Clocks::Apart,
        };
        let now = (self.clock)();
        self.keys.verify(self, token, &expected, now).await
    }
}
