//! Why a start, a resend or a check was refused, or dropped without being told: which rule decided, and what it saw.
//!
//! Nothing here is of a person but keyed hashes: no number, no address, no code, no name that a client chose. What was allowed has
//! rows of its own (`verifications`, `deliveries`), so it is read from there and costs nothing.
//!
//! ```text
//! Engine --note--> Decisions (memory, bounded) --once a second--> DecisionWriter --> DecisionStore
//! ```

mod recorder;
mod rule;
mod words;
mod writer;

pub use recorder::{Decisions, LINES_A_MINUTE};
pub use rule::Rule;
pub use writer::DecisionWriter;

use crate::store::{BreakerName, NumberIndex};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp, VerificationId};
use std::time::Duration;

/// What stands in a sender's place where the operator has blocked the number.
pub(crate) const BLOCK_LIST: &str = "block_list";
/// What stands there where a breaker is open.
pub(crate) const BREAKER: &str = "conversion_breaker";

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A verification to begin.
    Start,
    /// Its code to be sent again.
    Resend,
    /// A code to be compared.
    Check,
}

impl Operation {
    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Resend => "resend",
            Self::Check => "check",
        }
    }

    /// The operation of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Start, Self::Resend, Self::Check]
            .into_iter()
            .find(|operation| operation.as_str() == word)
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing had anything against it.
    Allowed,
    /// It was refused, and the client was told so.
    Refused,
    /// Nothing was sent, and the client was told what others are told.
    Dropped,
}

impl Outcome {
    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Allowed, Self::Refused, Self::Dropped]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// Who asked for what, as far as it was known when the rule decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What for.
    pub operation: Operation,
    /// Of which site; nothing of a site that there is not.
    pub site: Option<SiteKey>,
    /// By which channel.
    pub channel: Option<Channel>,
    /// To which country.
    pub country: Option<Country>,
    /// Of which verification.
    pub verification: Option<VerificationId>,
    /// To which number: the site's keyed index, of which no number is read.
    pub number: Option<NumberIndex>,
}

impl Asked {
    /// Nothing more is known of it.
    #[must_use]
    pub const fn of(operation: Operation) -> Self {
        Self {
            operation,
            site: None,
            channel: None,
            country: None,
            verification: None,
            number: None,
        }
    }
}

/// What a rule saw; a rule that compares nothing saw nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saw {
    /// What it had counted: uses of a limit, checks, sends; of a breaker, sends that led to an approval.
    pub counted: Option<u32>,
    /// Of how many that was: of a breaker, sends.
    pub out_of: Option<u32>,
    /// How many it allows; of a breaker, how many of a hundred it wants.
    pub allowed: Option<u32>,
    /// In how long.
    pub window: Option<Duration>,
    /// After how long another try may be allowed.
    pub retry_in: Option<Duration>,
    /// Which breaker.
    pub breaker: Option<BreakerName>,
}

/// A rule's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// What was asked.
    pub asked: Asked,
    /// What became of it.
    pub outcome: Outcome,
    /// Which rule decided; none where it was allowed.
    pub rule: Option<Rule>,
    /// What that rule saw.
    pub saw: Saw,
    /// How many decisions this line stands for: more than one only where there were more of a rule in a minute than get a line of
    /// their own. Such a line says of them what they asked for, and nothing else.
    pub times: u32,
}
