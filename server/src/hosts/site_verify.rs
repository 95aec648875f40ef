use super::{HostDesk, sites_of_secret};
use crate::sites::Sites;
use phone_verify_domain::{ApiError, ErrorCode};
use phone_verify_token::{Claims, TokenError};

/// What a CAPTCHA's users call verification on their server.
pub enum SiteVerification {
    /// The claims, redeemed now.
    Success(Box<Claims>),
    /// Why not.
    Failure(SiteVerifyError),
}

/// The words for it that CAPTCHAs have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteVerifyError {
    /// `secret` is missing.
    MissingSecret,
    /// It is no site's.
    InvalidSecret,
    /// `response` is missing.
    MissingResponse,
    /// It is no token of this site's.
    InvalidResponse,
    /// It has expired, or was redeemed before.
    TimeoutOrDuplicate,
}

impl SiteVerifyError {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::MissingSecret,
        Self::InvalidSecret,
        Self::MissingResponse,
        Self::InvalidResponse,
        Self::TimeoutOrDuplicate,
    ];

    /// The fixed word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingSecret => "missing-input-secret",
            Self::InvalidSecret => "invalid-input-secret",
            Self::MissingResponse => "missing-input-response",
            Self::InvalidResponse => "invalid-input-response",
            Self::TimeoutOrDuplicate => "timeout-or-duplicate",
        }
    }
}

impl HostDesk {
    /// Redeems a token for whoever has the secret of its site.
    ///
    /// # Errors
    /// `unavailable`; the token may be redeemed.
    pub async fn site_verify(
        &self,
        sites: &Sites,
        secret: &str,
        response: &str,
    ) -> Result<SiteVerification, ApiError> {
        let failure = |error| Ok(SiteVerification::Failure(error));
        if secret.is_empty() {
            return failure(SiteVerifyError::MissingSecret);
        }
        let candidates = sites_of_secret(sites, secret);
        if candidates.is_empty() {
            return failure(SiteVerifyError::InvalidSecret);
        }
        if response.is_empty() {
            return failure(SiteVerifyError::MissingResponse);
        }
        let mut has_expired = false;
        for site in candidates {
            match self.verified(&site, response) {
                Ok(_) => {
                    return match self.redeem(&site, response).await {
                        Ok(claims) => Ok(SiteVerification::Success(Box::new(claims))),
                        Err(error) if error.code == ErrorCode::AlreadyRedeemed => {
                            failure(SiteVerifyError::TimeoutOrDuplicate)
                        }
                        Err(error) if error.code == ErrorCode::InvalidToken => {
                            failure(SiteVerifyError::InvalidResponse)
                        }
                        Err(error) => Err(error),
                    };
                }
                Err(error) => has_expired |= error == TokenError::Expired,
            }
        }
        failure(if has_expired {
            SiteVerifyError::TimeoutOrDuplicate
        } else {
            SiteVerifyError::InvalidResponse
        })
    }
}
