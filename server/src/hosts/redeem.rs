use super::{HostDesk, refusal};
use crate::sites::Site;
use crate::store::Redeemed;
use phone_verify_domain::{ApiError, ErrorCode};
use phone_verify_token::{Claims, Clocks, Expect, Expected, TokenError};

impl HostDesk {
    /// The claims of a token, the first time that it is shown.
    ///
    /// # Errors
    /// `invalid_token` for everything that is not a live token of this site, `already_redeemed` from the second time on,
    /// `unavailable` where the store cannot be asked; the token may then be redeemed.
    pub async fn redeem(&self, site: &Site, token: &str) -> Result<Claims, ApiError> {
        let claims = self.verified(site, token).map_err(invalid_token)?;
        let redeemed = self.store.redeem(&site.key, &claims.jti, self.clock.now()).await;
        match redeemed.map_err(|error| refusal::unavailable(&error))? {
            Redeemed::Now => Ok(claims),
            Redeemed::Before => Err(already_redeemed()),
            Redeemed::Unknown => Err(no_such_token()),
        }
    }

    /// The claims of a live token of this site, whether it was redeemed or not.
    pub(super) fn verified(&self, site: &Site, token: &str) -> Result<Claims, TokenError> {
        let expected = Expected {
            issuer: &self.public_url,
            audience: site.key.as_str(),
            // Whose session and purpose it is, the host compares: it alone knows whom it has before it.
            subject: Expect::Any,
            nonce: Expect::Any,
            purpose: Expect::Any,
            clocks: Clocks::Same,
        };
        self.keys.verify(token, &expected)
    }
}

pub(super) fn invalid_token(error: TokenError) -> ApiError {
    ApiError::new(ErrorCode::InvalidToken, format!("the token is {error}"))
}

pub(super) fn already_redeemed() -> ApiError {
    ApiError::new(ErrorCode::AlreadyRedeemed, "the token was redeemed before")
}

pub(super) fn no_such_token() -> ApiError {
    ApiError::new(ErrorCode::InvalidToken, "this site has no such token")
}
