use crate::clock::Clock;
use crate::keys::Keys;
use crate::sites::Site;
use crate::store::{Redeemed, Store};
use phone_verify_domain::{ApiError, ErrorCode};
use phone_verify_token::{Claims, Clocks, Expect, Expected, verify};
use std::sync::Arc;
use std::time::Duration;

/// When to come back after the store did not answer: long enough for it to restart.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Redeems tokens, each once, for the site that they were minted for.
#[derive(Clone)]
pub struct TokenDesk {
    /// What remembers that a token was redeemed.
    pub store: Arc<dyn Store>,
    /// What verifies it.
    pub keys: Arc<Keys>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// The public URL, as in the token's `iss`.
    pub issuer: String,
}

impl TokenDesk {
    /// The claims of a token, the first time that it is shown.
    ///
    /// # Errors
    /// `invalid_token` for everything that is not a live token of this site, `already_redeemed` from the second time on,
    /// `unavailable` where the store cannot be asked; the token may then be redeemed.
    pub async fn redeem(&self, site: &Site, token: &str) -> Result<Claims, ApiError> {
        let now = self.clock.now();
        let expected = Expected {
            issuer: &self.issuer,
            audience: site.key.as_str(),
            // Whose session and purpose it is, the host compares: it alone knows whom it has before it.
            subject: Expect::Any,
            nonce: Expect::Any,
            purpose: Expect::Any,
            clocks: Clocks::Same,
        };
        let claims = verify(token, self.keys.verifying(), &expected, now.as_seconds())
            .map_err(|error| ApiError::new(ErrorCode::InvalidToken, format!("the token is {error}")))?;
        match self.store.redeem(&site.key, &claims.jti, now).await {
            Ok(Redeemed::Now) => Ok(claims),
            Ok(Redeemed::Before) => Err(ApiError::new(
                ErrorCode::AlreadyRedeemed,
                "the token was redeemed before",
            )),
            Ok(Redeemed::Unknown) => Err(ApiError::new(
                ErrorCode::InvalidToken,
                "this site has no such token",
            )),
            Err(error) => {
                tracing::error!(%error, "denied");
                Err(
                    ApiError::new(ErrorCode::Unavailable, "the database cannot be asked")
                        .retry_after(AFTER_FAILURE),
                )
            }
        }
    }
}
