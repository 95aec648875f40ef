//! What the component may ask of a server, and the two ways to ask it.

#[cfg(feature = "server-functions")]
pub mod actions;
#[cfg(all(feature = "browser", feature = "server-functions"))]
mod proof;
#[cfg(feature = "browser")]
mod rest;

#[cfg(feature = "browser")]
use phone_verify_domain::{ApiError, CheckRequest, ResendRequest, StartRequest, View};
#[cfg(feature = "browser")]
use std::pin::Pin;

/// The way to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// The browser API (contract 1) at this origin, from any page.
    Rest(String),
    /// Server functions of the same origin, from a page that the server has rendered.
    #[cfg(feature = "server-functions")]
    Actions,
}

/// What the component asks.
#[cfg(feature = "browser")]
#[cfg_attr(feature = "server-functions", derive(Clone))]
pub(crate) enum Ask {
    /// To start a verification, by this idempotency key.
    Start(StartRequest, String),
    /// To send the code again, by this idempotency key.
    Resend(Ticket, ResendRequest, String),
    /// To compare a code.
    Check(Ticket, CheckRequest),
    /// How things stand.
    View(Ticket),
    /// To give the verification up.
    Cancel(Ticket),
}

/// What names a verification and gives the right to act on it.
#[cfg(feature = "browser")]
#[cfg_attr(feature = "server-functions", derive(Clone))]
pub(crate) struct Ticket {
    /// The verification.
    pub(crate) id: String,
    /// The right.
    pub(crate) secret: String,
}

/// A view or a refusal; no answer, or none of the documented shape, is `unavailable`. Dropped, it aborts its request.
#[cfg(feature = "browser")]
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<View, ApiError>>>>;

#[cfg(feature = "browser")]
impl Gateway {
    /// Asks; nothing is sent before the answer is waited for.
    pub(crate) fn ask(&self, ask: Ask) -> Answer {
        match self {
            Self::Rest(api) => Box::pin(rest::answer(api.clone(), ask)),
            #[cfg(feature = "server-functions")]
            Self::Actions => Box::pin(actions::ask_with_proof(ask)),
        }
    }
}
