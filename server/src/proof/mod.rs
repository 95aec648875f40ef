//! Proof of work before a send: whom it is asked of, and how much.
//!
//! The challenges are ALTCHA's (protocol version 2, PBKDF2), so that its libraries solve them as well. One is good for one site, one
//! network and one start. It is a speed bump, never the only limit: limits and countries stop who pays for machines.

mod altcha;
mod heat;

pub(crate) use altcha::{Binding, challenge, check};
pub(crate) use heat::Heat;

use std::time::Duration;

/// When work is to be proved before a send.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proofs {
    /// Of whom.
    pub asked: Asked,
    /// The path of the script that does the work in a browser.
    pub solver: Option<&'static str>,
}

/// Whom work is asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Nobody.
    #[default]
    Nobody,
    /// Who asks for more than people do.
    Hot,
    /// Everybody but hosts' sessions.
    Everybody,
}

/// How long a challenge is good: a slow phone needs half a minute for the hardest one.
const CHALLENGE_LIVES: Duration = Duration::from_mins(5);
