//! What becomes of a delivery, and what is known of the line that it went to.

use super::limit_records::{LimitKey, LimitUse};
use super::records::Record;
use super::webhook_records::DeliveryNews;
use phone_verify_domain::{
    Channel, DeliveryReason, DeliveryState, IdempotencyKey, Timestamp, VerificationId,
};

/// What the provider answered, to be written.
#[derive(Clone)]
pub struct Settle {
    /// Of which verification.
    pub id: VerificationId,
    /// Which delivery.
    pub delivery_id: String,
    /// Whose lease.
    pub owner: String,
    /// Which sender it was in the end: another than the intent's where that one surely sent nothing.
    pub sender: String,
    /// Now.
    pub now: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it failed.
    pub reason: Option<DeliveryReason>,
    /// The provider's name for it.
    pub sender_reference: Option<String>,
    /// After how long the provider is asked for the first time what became of it; `None` where it cannot be asked.
    pub look_after: Option<std::time::Duration>,
    /// What the site is told of it.
    pub news: Option<DeliveryNews>,
    /// The limits to take back, with the send itself, because it surely never left.
    pub give_back: Option<Vec<LimitUse>>,
    /// Whether nobody bills it, because the provider took nothing.
    pub costs_nothing: bool,
    /// Whether the verification ends with it.
    pub cancel: bool,
    /// The name that the client gave to the refused call, if any.
    pub forget: Option<IdempotencyKey>,
}

/// What [`Store::settle`](super::Store::settle) found in the end.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The verification.
    pub record: Record,
    /// Whether the answer was written: what was reported since, or by another owner, stays.
    pub moved: bool,
}

/// What [`Store::delivery_report`](super::Store::delivery_report) did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It is the first that is known of what became of the delivery.
    First,
    /// A delivery that was accepted moved on.
    Later,
    /// Nothing moved.
    Nothing,
}

impl Reported {
    /// What a site is told where a delivery moved so to `state`.
    #[must_use]
    pub fn news(self, state: DeliveryState, reason: Option<DeliveryReason>) -> Option<DeliveryNews> {
        match (state, self) {
            (DeliveryState::Undelivered, Self::First | Self::Later) => Some(DeliveryNews::Failed(reason)),
            (DeliveryState::Accepted | DeliveryState::Delivered, Self::First) => Some(DeliveryNews::Sent),
            _ => None,
        }
    }

    /// Whether the delivery moved.
    #[must_use]
    pub const fn moved(self) -> bool {
        matches!(self, Self::First | Self::Later)
    }
}

/// What a provider reports of a delivery after its answer, or before it.
#[derive(Clone)]
pub struct DeliveryReport {
    /// Of which verification.
    pub id: VerificationId,
    /// Which delivery.
    pub delivery_id: String,
    /// The provider's name for it.
    pub sender_reference: String,
    /// Where it stands: `accepted`, `delivered` or `undelivered`.
    pub state: DeliveryState,
    /// Why it did not arrive.
    pub reason: Option<DeliveryReason>,
    /// Now.
    pub now: Timestamp,
}

/// A delivery that its provider took and of which no end is known.
#[derive(Clone, Debug)]
pub struct OpenDelivery {
    /// Of which verification.
    pub id: VerificationId,
    /// Which delivery.
    pub delivery_id: String,
    /// How it travels.
    pub channel: Channel,
    /// By which sender.
    pub sender: String,
    /// The provider's name for it.
    pub sender_reference: Option<String>,
    /// Whether it is asked about again: not once its verification has ended.
    pub is_followed: bool,
}

/// What can reach a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Messages and calls.
    Textable,
    /// Calls alone.
    Landline,
    /// Nobody in particular: it is not verified.
    Service,
}

impl LineKind {
    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Textable => "textable",
            Self::Landline => "landline",
            Self::Service => "service",
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Textable, Self::Landline, Self::Service];
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What was learned of a number's line.
#[derive(Clone)]
pub struct KnownLine {
    /// Whose: the keyed hash of the number.
    pub number: LimitKey,
    /// What.
    pub kind: LineKind,
    /// When it is to be learned anew.
    pub until: Timestamp,
}

/// What a number's owner wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOut {
    /// No more text messages.
    Stop,
    /// Text messages again.
    Start,
}

/// What a number's owner wants from now on, on every site.
#[derive(Clone)]
pub struct Wish {
    /// Whose: the keyed hash of the number.
    pub number: LimitKey,
    /// What.
    pub opt: OptOut,
    /// The provider's name for the message that says so: one that comes again changes nothing. `None` where it has none.
    pub reference: Option<String>,
    /// Now.
    pub now: Timestamp,
}
