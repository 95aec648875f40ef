//! What a start and a further send bring to a store, and what comes of them.

use super::breaker_records::{Screened, Watched};
use super::budget_records::Charge;
use super::host_records::SessionId;
use super::limit_records::{KeyedArrivals, LimitKey, LimitUse, Limited};
use super::records::{KeptCode, NumberIndex, Record, Sealed};
use phone_verify_domain::{Channel, Country, IdempotencyKey, SiteKey, Timestamp, VerificationId};

/// What a client names a sending call by, and what it asked for then.
#[derive(Clone)]
pub struct Idempotency {
    /// The client's name for the call.
    pub key: IdempotencyKey,
    /// Keyed MAC of what was asked.
    pub request_mac: [u8; 32],
    /// Now: a row whose time is over counts as none.
    pub asked_at: Timestamp,
    /// When the row may go.
    pub expires_at: Timestamp,
}

/// The intent to send, and its lease.
#[derive(Clone)]
pub struct Intent {
    /// 32 hexadecimal digits.
    pub delivery_id: String,
    /// How it travels.
    pub channel: Channel,
    /// By which sender.
    pub sender: String,
    /// The process that holds the lease.
    pub owner: String,
    /// When a delivery that is still `sending` counts as `unknown`.
    pub lease_until: Timestamp,
}

/// Through which door a verification was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// By the browser of whom it is about.
    Browser,
    /// By the site's own server, which finds it by its number. A number has one live verification of this kind on a site.
    Host,
}

impl Door {
    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Host => "host",
        }
    }
}

/// A verification to be written with its first intent.
#[derive(Clone)]
pub struct NewVerification {
    /// Its name.
    pub id: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// Through which door.
    pub door: Door,
    /// The number.
    pub number: NumberIndex,
    /// The masked number.
    pub mask: String,
    /// The number's country.
    pub country: Country,
    /// Whose checks of a day count in place of the number's: the subject that holds it, in a session of its host.
    pub known_subject: Option<LimitKey>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The page's or the session's nonce.
    pub nonce: Option<String>,
    /// The host's session.
    pub session: Option<SessionId>,
    /// The host's user.
    pub subject: Option<String>,
    /// The request's Origin.
    pub origin: Option<String>,
    /// The message's language.
    pub locale: Option<String>,
    /// How many digits.
    pub code_length: u8,
    /// What later steps need and the database must not tell: the code, the number's limiter key.
    pub sealed: Sealed,
    /// The number itself, where the site keeps it.
    pub number_sealed: Option<Sealed>,
    /// The number, for the event that tells of the start, where the site asks for it there and keeps none.
    pub number_to_tell: Option<Sealed>,
    /// Whose the code is.
    pub code: KeptCode,
    /// Checks.
    pub attempts_max: u32,
    /// Sends, the first included.
    pub sends_max: u32,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// The first sending.
    pub intent: Intent,
    /// What it uses; no key twice.
    pub limits: Vec<LimitUse>,
    /// What keeps the number from all sends while it stands, and is taken once the longest window of the first of `limits` has
    /// nothing left.
    pub lock: Option<LimitUse>,
    /// Limits of which it uses nothing and whose state its answer tells.
    pub told: Vec<LimitKey>,
    /// What the breakers look at, where it goes to a stranger.
    pub watched: Option<Watched>,
    /// What it counts in the budgets, where there are any.
    pub charge: Option<Charge>,
    /// Live verifications of this number on this site, this one included. Exact among starts that share a limit, as those of
    /// one number do; starts without any may pass each other.
    pub pending_max: u32,
    /// The client's name for the call.
    pub idempotency: Option<Idempotency>,
    /// The proof of work that it was asked with, which serves once.
    pub proof: Option<UsedProof>,
}

/// A proof of work, as it is remembered until nobody could bring it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedProof {
    /// SHA-256 of what tells its challenge from all others.
    pub id: [u8; 32],
    /// When its challenge is over.
    pub expires_at: Timestamp,
}

/// A further intent to send.
#[derive(Clone)]
pub struct NewDelivery {
    /// Of which verification.
    pub id: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// Now.
    pub now: Timestamp,
    /// The sending.
    pub intent: Intent,
    /// What it uses; no key twice.
    pub limits: Vec<LimitUse>,
    /// As [`NewVerification::lock`].
    pub lock: Option<LimitUse>,
    /// As [`NewVerification::told`].
    pub told: Vec<LimitKey>,
    /// As [`NewVerification::watched`].
    pub watched: Option<Watched>,
    /// As [`NewVerification::charge`].
    pub charge: Option<Charge>,
    /// The client's name for the call.
    pub idempotency: Option<Idempotency>,
}

/// What [`Store::start`](super::Store::start) did.
pub enum StartOutcome {
    /// Written; now it may be sent, where the breakers say so.
    Started(Box<Started>),
    /// A limit, or a budget, refused; nothing was written.
    Limited(Limited),
    /// A budget has no calls left; nothing was written.
    VoiceOff,
    /// The key was used before for the same request; nothing was written.
    Repeated(Record),
    /// The key was used before for another request; nothing was written.
    Mismatch,
    /// The site's server has a live verification of the number already; nothing was written.
    Alive(Record),
    /// The proof of work served before; nothing was written.
    ProofUsed,
}

impl StartOutcome {
    /// Whether the caller learns of what was written just now: then it must last.
    pub(super) fn tells_of_rows(&self) -> bool {
        matches!(self, Self::Started(..) | Self::Repeated(_) | Self::Alive(_))
    }
}

/// A verification that was written with its first intent.
pub struct Started {
    /// The verification.
    pub record: Record,
    /// Those of its number that it canceled.
    pub canceled: Vec<VerificationId>,
    /// What breakers and budgets say.
    pub screened: Screened,
    /// How the limits that it uses stand now, its lock, and those that its answer tells of.
    pub stands: KeyedArrivals,
}

/// A further intent that was written.
pub struct DeliveryBegun {
    /// The verification.
    pub record: Record,
    /// What breakers and budgets say.
    pub screened: Screened,
    /// As [`Started::stands`].
    pub stands: KeyedArrivals,
}

/// What [`Store::resend`](super::Store::resend) did.
pub enum ResendOutcome {
    /// Written; now it may be sent, where the breakers say so.
    Sending(Box<DeliveryBegun>),
    /// A limit, or a budget, refused; nothing was written.
    Limited(Limited),
    /// A budget has no calls left; nothing was written.
    VoiceOff,
    /// The verification has ended, or has no sends left; nothing was written.
    Refused(Record),
    /// The key was used before for the same request; nothing was written.
    Repeated(Record),
    /// The key was used before for another request; nothing was written.
    Mismatch,
    /// No such verification.
    NotFound,
}

impl ResendOutcome {
    /// Whether the caller learns of what was written just now: then it must last.
    pub(super) fn tells_of_rows(&self) -> bool {
        matches!(self, Self::Sending(..) | Self::Repeated(_))
    }
}

/// What [`Store::repeated`](super::Store::repeated) found.
pub enum Repeat {
    /// The key is new.
    New,
    /// It led to this.
    Same(Box<Record>),
    /// It was used for another request.
    Mismatch,
}

impl Repeat {
    /// Whether the caller learns of what was written just now: then it must last.
    pub(super) fn tells_of_rows(&self) -> bool {
        matches!(self, Self::Same(_))
    }
}
