use super::EventKind;
use crate::budget::{BudgetState, Money};
use crate::store::{NumberIndex, Record};
use phone_verify_domain::{
    Channel, Country, DeliveryReason, PhoneNumber, SiteKey, Timestamp, VerificationId,
};

/// What happened: the kinds that webhooks carry (contract 2).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A verification began; its code is about to be sent.
    VerificationStarted(VerificationEvent),
    /// The right code came: the number is proved.
    VerificationApproved(VerificationEvent),
    /// The last check was wrong.
    VerificationExhausted(VerificationEvent),
    /// Its time was over before the right code came. Told when the server tidies, some seconds later.
    VerificationExpired(VerificationEvent),
    /// A provider took a sending, or reports that it arrived.
    DeliverySent(DeliveryEvent),
    /// A sending did not leave, or did not arrive.
    DeliveryFailed(DeliveryEvent),
    /// A subject holds a number now.
    NumberClaimed(NumberEvent),
    /// A subject holds a number no more: it was released, changed, or moved to another subject. An erasure is not told.
    NumberReleased(NumberEvent),
    /// A budget is being used up: it reached a state.
    BudgetWarning(BudgetEvent),
    /// Something is left alone for a while because it fails.
    BreakerOpened(BreakerEvent),
    /// It works again.
    BreakerClosed(BreakerEvent),
}

/// A verification at some moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerificationEvent {
    /// When it happened.
    pub at: Timestamp,
    /// Which verification.
    pub verification: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// How its last code travelled.
    pub channel: Channel,
    /// The number's country.
    pub country: Country,
    /// The host's user, in a session of the host's.
    pub subject: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The number's index on the site.
    pub phone_number_index: NumberIndex,
    /// The number, where it was asked for and is known.
    pub phone_number: Option<PhoneNumber>,
}

/// One sending of a verification's code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeliveryEvent {
    /// The verification.
    pub verification: VerificationEvent,
    /// The sending's own name.
    pub delivery: String,
    /// Why it failed, where that is known.
    pub reason: Option<DeliveryReason>,
}

/// A number of a subject.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NumberEvent {
    /// When it happened.
    pub at: Timestamp,
    /// Whose.
    pub site: SiteKey,
    /// The host's user.
    pub subject: String,
    /// The number's index on the site.
    pub phone_number_index: NumberIndex,
    /// The number, where it was asked for and is known.
    pub phone_number: Option<PhoneNumber>,
}

/// A budget reached a state for the first time in its day or month. Falling back, as prices below the caps become known, tells nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BudgetEvent {
    /// When it happened.
    pub at: Timestamp,
    /// Whose; `None` for the whole deployment.
    pub site: Option<SiteKey>,
    /// The UTC day or month: `2026-01-31`, `2026-01`.
    pub period: String,
    /// The state.
    pub state: BudgetState,
    /// What is spent, by prices where they are known, else by the operator's caps.
    pub spent: Money,
    /// What may be spent.
    pub limit: Money,
    /// The currency of both, by ISO 4217.
    pub currency: String,
}

/// Something that is left alone while it fails.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BreakerEvent {
    /// When it happened.
    pub at: Timestamp,
    /// What is left alone.
    pub what: LeftAlone,
}

/// What a breaker leaves alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeftAlone {
    /// A sender that fails.
    Sender {
        /// As `[senders]` names it.
        name: &'static str,
        /// The channel that it serves.
        channel: Channel,
    },
    /// Strangers of a country, or of one prefix in it, whose codes do not come back.
    Strangers {
        /// The country.
        country: Country,
        /// The keyed hash of the prefix; `None` for the whole country.
        prefix: Option<[u8; 32]>,
    },
}

impl Event {
    /// The kind's name, as webhooks have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind().as_str()
    }

    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::VerificationStarted(_) => EventKind::VerificationStarted,
            Self::VerificationApproved(_) => EventKind::VerificationApproved,
            Self::VerificationExhausted(_) => EventKind::VerificationExhausted,
            Self::VerificationExpired(_) => EventKind::VerificationExpired,
            Self::DeliverySent(_) => EventKind::DeliverySent,
            Self::DeliveryFailed(_) => EventKind::DeliveryFailed,
            Self::NumberClaimed(_) => EventKind::NumberClaimed,
            Self::NumberReleased(_) => EventKind::NumberReleased,
            Self::BudgetWarning(_) => EventKind::BudgetWarning,
            Self::BreakerOpened(_) => EventKind::BreakerOpened,
            Self::BreakerClosed(_) => EventKind::BreakerClosed,
        }
    }
}

impl VerificationEvent {
    pub(crate) fn of(record: &Record, at: Timestamp, phone_number: Option<PhoneNumber>) -> Self {
        Self {
            at,
            verification: record.facts.id,
            site: record.site.clone(),
            channel: record.facts.channel,
            country: record.country,
            subject: record.subject.clone(),
            purpose: record.purpose.clone(),
            phone_number_index: record.number,
            phone_number,
        }
    }
}
