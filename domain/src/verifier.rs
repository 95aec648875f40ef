use crate::{ApiError, Check, ClientSecret, Resend, Start, VerificationId, View};
use std::net::IpAddr;

/// Who calls, as far as the connection tells.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The client's address, behind the trusted proxies; `None` where a site's server calls and does not say for which client:
    /// then no limit of an address counts.
    pub address: Option<IpAddr>,
    /// The request's Origin header, as sent; `None` where there is none.
    pub origin: Option<String>,
}

/// The one door to the rules: REST, server functions and every other way in call this and nothing below it.
///
/// Every refusal is an [`ApiError`]; a refusal of kind 4xx has spent nothing unless its documentation says so.
#[async_trait::async_trait]
pub trait Verifier: Send + Sync {
    /// Starts a verification and sends its code; the view carries the client secret.
    ///
    /// # Errors
    /// In this order: `site_unknown`, `origin_refused`, `challenge_required`, the 422s, `too_many_requests`,
    /// `sender_unavailable`, `unavailable`.
    async fn start(&self, caller: &Caller, start: Start) -> Result<View, ApiError>;

    /// Sends the same code again.
    ///
    /// # Errors
    /// `not_found` for an id or a secret that is not this one's; then as [`Verifier::start`], `number_mismatch`, and 409
    /// or 410 after the end.
    async fn resend(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
        resend: Resend,
    ) -> Result<View, ApiError>;

    /// Compares a code; the view of an approved verification carries the token.
    ///
    /// # Errors
    /// `invalid_code` and `too_many_requests` have spent nothing; `wrong_code` has spent one check.
    async fn check(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
        check: Check,
    ) -> Result<View, ApiError>;

    /// The verification as it stands.
    ///
    /// # Errors
    /// `not_found`, `origin_refused`, `unavailable`.
    async fn view(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<View, ApiError>;

    /// Gives a pending verification up; an ended one stays as it is.
    ///
    /// # Errors
    /// As [`Verifier::view`].
    async fn cancel(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<View, ApiError>;
}
