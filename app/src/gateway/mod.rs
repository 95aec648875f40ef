//! What the component may ask of a server, and the two ways to ask it.

#[cfg(feature = "server-functions")]
pub mod actions;
#[cfg(feature = "browser")]
mod rest;

#[cfg(feature = "browser")]
use phone_verify_domain::{ApiError, CheckRequest, ResendRequest, StartRequest, View};

/// The way to a server.
///
/// Every answer is a view or a refusal; no answer, or none of the documented shape, is `unavailable`. Dropping the future
/// of a call aborts its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// The browser API (contract 1) at this origin, from any page.
    Rest(String),
    /// Server functions of the same origin, from a page that the server has rendered.
    #[cfg(feature = "server-functions")]
    Actions,
}

/// What names a verification and gives the right to act on it.
#[cfg(feature = "browser")]
#[derive(Clone)]
pub struct Ticket {
    /// The verification.
    pub id: String,
    /// The right.
    pub secret: String,
}

#[cfg(feature = "browser")]
impl Gateway {
    /// Starts a verification.
    ///
    /// # Errors
    /// The server's refusal, or `unavailable`.
    pub async fn start(&self, request: StartRequest, key: String) -> Result<View, ApiError> {
        match self {
            Self::Rest(api) => rest::start(api, &request, &key).await,
            #[cfg(feature = "server-functions")]
            Self::Actions => actions::start(request, key).await,
        }
    }

    /// Sends the code again.
    ///
    /// # Errors
    /// As [`Gateway::start`].
    pub async fn resend(
        &self,
        ticket: Ticket,
        request: ResendRequest,
        key: String,
    ) -> Result<View, ApiError> {
        match self {
            Self::Rest(api) => rest::resend(api, &ticket, &request, &key).await,
            #[cfg(feature = "server-functions")]
            Self::Actions => actions::resend(ticket, request, key).await,
        }
    }

    /// Has a code checked.
    ///
    /// # Errors
    /// As [`Gateway::start`].
    pub async fn check(&self, ticket: Ticket, request: CheckRequest) -> Result<View, ApiError> {
        match self {
            Self::Rest(api) => rest::check(api, &ticket, &request).await,
            #[cfg(feature = "server-functions")]
            Self::Actions => actions::check(ticket, request).await,
        }
    }

    /// Looks how things stand.
    ///
    /// # Errors
    /// As [`Gateway::start`].
    pub async fn view(&self, ticket: Ticket) -> Result<View, ApiError> {
        match self {
            Self::Rest(api) => rest::view(api, &ticket).await,
            #[cfg(feature = "server-functions")]
            Self::Actions => actions::view(ticket).await,
        }
    }

    /// Gives the verification up.
    ///
    /// # Errors
    /// As [`Gateway::start`].
    pub async fn cancel(&self, ticket: Ticket) -> Result<View, ApiError> {
        match self {
            Self::Rest(api) => rest::cancel(api, &ticket).await,
            #[cfg(feature = "server-functions")]
            Self::Actions => actions::cancel(ticket).await,
        }
    }
}
