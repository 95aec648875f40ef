use crate::flow::State;
use phone_verify_domain::{Channel, ErrorCode, View};
use std::sync::Arc;

/// Who is told what happens.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// What the page is told.
#[derive(Clone)]
pub enum Event {
    /// The component works.
    Ready,
    /// The token changed; without one the page's field must be empty.
    Token(Option<String>),
    /// Another state.
    State {
        /// The new one.
        state: State,
        /// The one before.
        previous: State,
    },
    /// The code is on its way.
    Sent {
        /// By which channel.
        channel: Channel,
        /// The verification.
        verification: View,
    },
    /// The number is proved. Only the token, checked by the host's server, proves it to anybody else.
    Verified {
        /// The signed result.
        token: String,
        /// The verification.
        verification: View,
    },
    /// Something was refused or failed.
    Error {
        /// The fixed word of the refusal.
        code: ErrorCode,
        /// What the user reads.
        message: String,
        /// Seconds to wait, where waiting helps.
        retry_in: Option<u64>,
    },
    /// The verification's time is over.
    VerificationExpired,
    /// The token's time is over.
    TokenExpired,
}
