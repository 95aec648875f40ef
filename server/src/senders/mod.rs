//! What delivers a code: one trait, one implementation a provider and channel.

pub mod breaker;
pub mod http;
pub mod languages;
pub mod outbox;
mod provider;
mod roster;
pub mod text;
mod tracker;
pub mod twilio;

pub use provider::{CodeProvider, Codes, End, Named, Verdict};
pub use roster::{Senders, Watched};
pub use tracker::{News, Tracker};

use phone_verify_domain::{Channel, Code, DeliveryReason, ErrorCode, PhoneNumber, VerificationId};
use std::time::Duration;

/// Delivers codes. It is asked once for each delivery and never by itself again: what may have left is not sent twice.
#[async_trait::async_trait]
pub trait Sender: Send + Sync {
    /// The name in `[senders]`.
    fn name(&self) -> &'static str;

    /// Sends one message and says what became of it. It returns within some ten seconds, whatever the provider does.
    async fn send(&self, message: &Message<'_>) -> SendOutcome;

    /// Who can be asked what became of what it sent.
    fn tracker(&self) -> Option<&dyn Tracker> {
        None
    }
}

/// What is to be sent.
pub struct Message<'a> {
    /// Of which verification.
    pub verification: VerificationId,
    /// Names this delivery in callbacks: 32 hexadecimal digits.
    pub delivery_id: &'a str,
    /// To whom.
    pub to: &'a PhoneNumber,
    /// How.
    pub channel: Channel,
    /// The digits.
    pub code: Carried<'a>,
    /// Who asks, in the site's own words.
    pub site_name: &'a str,
    /// The host that the code is bound to in the message's last line, where the site wants that.
    pub bound_to: Option<&'a str>,
    /// BCP 47, if the page said one.
    pub locale: Option<&'a str>,
    /// For how long the code will be good.
    pub valid_for: Duration,
}

/// The code that a message carries.
#[derive(Clone, Copy)]
pub enum Carried<'a> {
    /// This one.
    Ours(&'a Code),
    /// One that the sender's provider draws, and nobody here knows.
    Providers,
}

impl<'a> Carried<'a> {
    /// The digits, for a sender that can send no others.
    ///
    /// # Errors
    /// What that sender answers where the code is to be the provider's.
    pub fn ours(self) -> Result<&'a Code, SendOutcome> {
        match self {
            Self::Ours(code) => Ok(code),
            Self::Providers => Err(SendOutcome::Rejected {
                reason: Some(DeliveryReason::Sender),
                error: Some(ErrorCode::SenderUnavailable),
            }),
        }
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The provider took it; its own name for it.
    Accepted {
        /// The provider's name for the delivery.
        reference: String,
    },
    /// The provider refused it: nothing was sent.
    Rejected {
        /// Why, for the view.
        reason: Option<DeliveryReason>,
        /// What the user is told instead of a view, where this sending cannot succeed on any channel or is the
        /// operator's matter; `None` where the verification goes on.
        error: Option<ErrorCode>,
    },
    /// The provider refuses whatever this sender asks for until the operator has changed something, such as its secret:
    /// nothing was sent.
    Unusable,
    /// It surely never left: no connection, or the provider said that it did not process it.
    NotSent,
    /// It may have left: a time-out, a broken answer, a 5xx.
    Unknown,
}

impl SendOutcome {
    /// The outcome's word, without what the provider said.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::Unusable => "unusable",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}
