//! What the state machine speaks of: states, steps, requests, problems, and what the page hears.

use crate::words::Word;
use phone_verify_domain::{Channel, ErrorCode};

/// Where the widget stands: the value of `data-state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Before anything can be done.
    Loading,
    /// A number is being entered.
    Number,
    /// The code is being sent, for the first time or again.
    Sending,
    /// A code is being entered.
    Code,
    /// A code is being compared.
    Checking,
    /// The number is proved.
    Verified,
    /// All checks are spent.
    Exhausted,
    /// The verification's or the token's time is over.
    Expired,
    /// Nothing can be done on this page.
    Failed,
}

impl State {
    /// The word in attributes and events.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Number => "number",
            Self::Sending => "sending",
            Self::Code => "code",
            Self::Checking => "checking",
            Self::Verified => "verified",
            Self::Exhausted => "exhausted",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The form for a number.
    Number,
    /// The form for a code.
    Code,
    /// The good end.
    Verified,
    /// The other ends.
    Ended,
}

/// A request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// The first sending.
    Start(Channel),
    /// A further one.
    Resend(Channel),
    /// A check.
    Check,
    /// A look at how things stand.
    View,
    /// The end of a verification that was given up.
    Cancel,
}

/// What is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The number.
    Number,
    /// The code.
    Code,
    /// Nothing that was typed.
    None,
}

/// What went wrong, for the one who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which refusal it is, or would be.
    pub code: ErrorCode,
    /// Its words.
    pub word: Word,
    /// What to mend.
    pub field: Field,
}

/// What the page must hear of, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The token changed: fill or, without one, empty the field.
    Token(Option<String>),
    /// Another state.
    State {
        /// The new one.
        state: State,
        /// The one before.
        previous: State,
    },
    /// The code is on its way.
    Sent(Channel),
    /// The number is proved.
    Verified(String),
    /// Something was refused or failed.
    Error {
        /// The refusal's word.
        code: ErrorCode,
        /// What the user reads.
        word: Word,
        /// Seconds to wait, where waiting helps.
        retry_in: Option<u64>,
    },
    /// The verification's time is over.
    VerificationExpired,
    /// The token's time is over.
    TokenExpired,
}
