//! What goes into a store and what comes out of it.

use super::breaker_records::{Screened, Watched};
use super::budget_records::Charge;
use super::host_records::SessionId;
use super::webhook_records::DeliveryNews;
use phone_verify_domain::{
    Channel, CheckPolicy, Country, DeliveryReason, DeliveryState, IdempotencyKey, LimitWindows, SiteKey,
    Status, Timestamp, Verification, VerificationId, Window,
};

/// HMAC-SHA-256 of a number under a site's own key: what is stored instead of the number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberIndex(pub [u8; 32]);

impl NumberIndex {
    /// As in a token: lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl std::fmt::Debug for NumberIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NumberIndex(…)")
    }
}

/// HMAC-SHA-256 of a code, bound to its verification, site, number and purpose.
#[derive(Clone, Copy)]
pub struct CodeMac(pub [u8; 32]);

/// Who can tell whether a typed code is right, for a new verification.
#[derive(Clone, Copy)]
pub enum KeptCode {
    /// This server: what typed codes are compared with.
    Ours(CodeMac),
    /// The provider that drew and sent it; it is never known here before it is approved.
    Providers,
}

/// The same of a verification as kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeHolder {
    /// This server.
    Ours,
    /// The provider.
    Provider {
        /// Checks that were spent and that it has not answered yet; those under way at a crash stay counted.
        unanswered: u32,
    },
}

/// Something encrypted and authenticated under the sealing key `key_id`, bound to one verification.
#[derive(Clone)]
pub struct Sealed {
    /// Which sealing key.
    pub key_id: u32,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

/// HMAC-SHA-256 of a limit's name and its subject: the database holds neither numbers nor addresses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LimitKey(pub [u8; 32]);

impl std::fmt::Debug for LimitKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LimitKey(…)")
    }
}

/// One use of one limit. Uses come in the order in which rows are locked: what everybody shares comes last.
#[derive(Clone)]
pub struct LimitUse {
    /// Which limit, as in `[limits.number]`: for logs and metrics.
    pub name: &'static str,
    /// Whose.
    pub key: LimitKey,
    /// How much it allows.
    pub windows: LimitWindows,
    /// Rows of which each use takes one that is free, and keeps it for the third window's period: no period, whenever it begins,
    /// has more uses than there are rows. The third window then says when the next one is free. None: that window leaks as well.
    pub places: Vec<LimitKey>,
}

/// The theoretical arrival times of a limit's windows (GCRA); `None` where nothing was ever used.
pub type Arrivals = [Option<Timestamp>; 3];

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
    /// As [`NewVerification::watched`].
    pub watched: Option<Watched>,
    /// As [`NewVerification::charge`].
    pub charge: Option<Charge>,
    /// The client's name for the call.
    pub idempotency: Option<Idempotency>,
}

/// What [`Store::start`](super::Store::start) did.
pub enum StartOutcome {
    /// Written; now it may be sent, where the breakers say so. And the verifications of the number that it canceled.
    Started(Record, Vec<VerificationId>, Screened),
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

/// What [`Store::resend`](super::Store::resend) did.
pub enum ResendOutcome {
    /// Written; now it may be sent, where the breakers say so.
    Sending(Record, Screened),
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

/// A limit refused.
#[derive(Clone, Copy, Debug)]
pub struct Limited {
    /// Which.
    pub name: &'static str,
    /// When it may allow again.
    pub retry_at: Timestamp,
    /// Of its windows the one that keeps the longest, where it has windows.
    pub full: Option<FullWindow>,
}

/// A window in which nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullWindow {
    /// What it allows.
    pub window: Window,
    /// How many uses it has counted.
    pub used: u32,
}

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

/// What [`Store::sweep`](super::Store::sweep) did.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// How many rows changed.
    pub changed: u64,
    /// The verifications that it marked as expired.
    pub expired: Vec<VerificationId>,
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

/// One check of one code.
#[derive(Clone)]
pub struct CheckAttempt {
    /// Of which verification.
    pub id: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// The MAC of what was typed.
    pub code_mac: CodeMac,
    /// Now.
    pub now: Timestamp,
    /// The rules.
    pub policy: CheckPolicy,
    /// Whether the check counts in the day of the number, or of the known subject: a test number's does not.
    pub counts_in_day: bool,
    /// The token's name, should it be approved: 128 random bits.
    pub jti: String,
    /// When that token expires.
    pub token_expires_at: Timestamp,
    /// What else it uses; no key twice.
    pub limits: Vec<LimitUse>,
    /// Taken by the wrong code that uses up the day; see [`NewVerification::lock`].
    pub lock: Option<LimitUse>,
    /// The number, for the event that tells of the approval; as [`NewVerification::number_to_tell`].
    pub number_to_tell: Option<Sealed>,
    /// What a wrong code uses, and what refuses nothing.
    pub failures: Option<LimitUse>,
    /// What an approval gives back one send of; no key of `limits`.
    pub gives_back: Vec<LimitUse>,
}

/// What [`Store::check`](super::Store::check) did.
pub enum CheckOutcome {
    /// The right code, now; one check was spent.
    Approved(Record),
    /// Approved before, and this is the same right code within [`CheckPolicy::SAME_TOKEN_FOR`]; nothing was spent.
    ApprovedBefore(Record),
    /// A wrong code; one check was spent. Where there were more wrong ones than [`CheckAttempt::failures`] takes, it tells.
    Wrong(Record, Option<Limited>),
    /// The verification has ended; nothing was spent.
    Ended(Record),
    /// Too early after the last check; nothing was spent.
    TooEarly(Record),
    /// The number's day is spent; nothing more was spent.
    DaySpent(Record),
    /// A limit refused; nothing was spent.
    Limited(Record, Limited),
    /// One check was spent, and the provider alone can tell whether the code is right: its answer goes to
    /// [`Store::answer_check`](super::Store::answer_check).
    AskProvider(Record),
    /// No checks are left, and the provider has not answered all of them; nothing was spent.
    Unanswered(Record),
    /// No such verification.
    NotFound,
}

/// What the provider of a code answered to a check that was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckAnswer {
    /// The right code.
    Right,
    /// A wrong one.
    Wrong,
    /// Nobody knows.
    Lost,
    /// The provider takes no more checks of this code.
    Gone {
        /// How the verification ends by it.
        ends: Status,
        /// Whether it ends even while other checks seem to be unanswered.
        at_once: bool,
    },
}

/// What [`Store::answer_check`](super::Store::answer_check) did.
pub enum AnswerOutcome {
    /// Approved, now.
    Approved(Record),
    /// Approved meanwhile, by the same code.
    ApprovedBefore(Record),
    /// Not approved by this answer; as it now stands. Where there were more wrong codes than [`CheckAttempt::failures`]
    /// takes, it tells.
    Stands(Record, Option<Limited>),
    /// Something else ended it before; as it now stands.
    EndedBefore(Record),
    /// The provider is done with the code, and another check may yet be answered: the verification goes on until then.
    Unanswered(Record),
    /// No such verification.
    NotFound,
}

/// A verification as kept.
#[derive(Clone, Debug)]
pub struct Record {
    /// The facts that decisions rest on, its last delivery's included.
    pub facts: Verification,
    /// Whose.
    pub site: SiteKey,
    /// The number.
    pub number: NumberIndex,
    /// Its country.
    pub country: Country,
    /// Whose checks of a day count in place of the number's.
    pub known_subject: Option<LimitKey>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The nonce.
    pub nonce: Option<String>,
    /// The host's user.
    pub subject: Option<String>,
    /// The Origin of the start.
    pub origin: Option<String>,
    /// The message's language.
    pub locale: Option<String>,
    /// Who can tell whether a code is right.
    pub code: CodeHolder,
    /// The code and the number's limiter key; gone after the end.
    pub sealed: Option<Sealed>,
    /// The number itself, where the site keeps it.
    pub number_sealed: Option<Sealed>,
    /// The last delivery's id.
    pub delivery_id: String,
    /// The process that holds, or held, its lease.
    pub delivery_owner: String,
    /// The token, once approved.
    pub token: Option<TokenRecord>,
    /// The number's checks of a day on this site, or the known subject's.
    pub day: NumberDay,
}

/// The one token of a verification.
#[derive(Clone, Debug)]
pub struct TokenRecord {
    /// Its name.
    pub jti: String,
    /// When the right code came.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A number's, or a known subject's, checks on a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberDay {
    /// The UTC day of the last check.
    pub day: i64,
    /// Checks on that day.
    pub used: u32,
    /// Wrong codes since the last right one.
    pub consecutive_failures: u32,
}

/// What [`Store::redeem`](super::Store::redeem) did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The first time, now.
    Now,
    /// It was redeemed before.
    Before,
    /// No such token of this site, or it has expired.
    Unknown,
}

/// How long rows are kept after they have ended. An idempotency row whose verification has gone counts as none.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Verifications with their deliveries, after their end.
    pub verifications: std::time::Duration,
    /// Tokens, after their expiry.
    pub tokens: std::time::Duration,
    /// Counts of consecutive wrong codes, after the day of the last one, while they limit nothing.
    pub failures: std::time::Duration,
    /// What rules decided.
    pub decisions: std::time::Duration,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}
