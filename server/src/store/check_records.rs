//! What a check brings to a store, and what comes of it.

use super::limit_records::{LimitUse, Limited};
use super::records::{CodeMac, Record, Sealed};
use phone_verify_domain::{CheckPolicy, SiteKey, Status, Timestamp, VerificationId};

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
    /// Taken by the wrong code that uses up the day; see [`NewVerification::lock`](super::NewVerification::lock).
    pub lock: Option<LimitUse>,
    /// The number, for the event that tells of the approval; as [`NewVerification::number_to_tell`](super::NewVerification::number_to_tell).
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

impl CheckOutcome {
    /// Whether the caller learns of what was written just now: then it must last.
    pub(super) fn tells_of_rows(&self) -> bool {
        match self {
            Self::Approved(_)
            | Self::ApprovedBefore(_)
            | Self::Wrong(..)
            | Self::Ended(_)
            | Self::AskProvider(_)
            | Self::Unanswered(_) => true,
            Self::TooEarly(_) | Self::DaySpent(_) | Self::Limited(..) | Self::NotFound => false,
        }
    }
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
