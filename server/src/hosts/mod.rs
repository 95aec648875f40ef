//! What a host's server asks for: who it is, sessions, tokens redeemed once, which subject holds which number, erasure.

mod authenticate;
mod erase;
mod names;
mod redeem;
mod refusal;
mod sessions;
mod site_verify;
mod subjects;

pub use authenticate::{authenticate, authenticate_account, sites_of_secret};
pub use erase::erase_everywhere;
pub use sessions::{NewSession, OpenedSession, SessionState, SessionStatus};
pub use site_verify::{SiteVerification, SiteVerifyError};
pub use subjects::SubjectNumber;

use crate::clock::Clock;
use crate::hooks::Hooks;
use crate::keys::Keys;
use crate::random::Random;
use crate::store::Store;
use std::sync::Arc;

/// Where a site's own server is served.
#[derive(Clone)]
pub struct HostDesk {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// What verifies tokens and finds sessions and numbers.
    pub keys: Arc<Keys>,
    /// Who hears of events.
    pub hooks: Hooks,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What sessions are drawn from.
    pub random: Arc<dyn Random>,
    /// The public URL: a token's `iss`, and where the server's own pages are.
    pub public_url: String,
}
