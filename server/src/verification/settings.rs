use crate::budget::Budgets;
use crate::clock::Clock;
use crate::decisions::Decisions;
use crate::hooks::Hooks;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::numbers::TestNumbers;
use crate::proof::Proofs;
use crate::random::Random;
use crate::senders::{Codes, Senders};
use crate::sites::Sites;
use crate::store::Store;
use phone_verify_domain::Policy;
use std::sync::Arc;

/// What an engine is made of.
pub struct EngineParts {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// What delivers.
    pub senders: Senders,
    /// Whose the codes are.
    pub codes: Codes,
    /// What makes indexes, MACs, seals and tokens.
    pub keys: Arc<Keys>,
    /// What is counted and timed.
    pub metrics: Metrics,
    /// What rules decided, for whoever asks why.
    pub decisions: Decisions,
    /// Who hears of events.
    pub hooks: Hooks,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What codes and names are drawn from.
    pub random: Arc<dyn Random>,
    /// Who is served.
    pub sites: Sites,
    /// The rules that one verification lives under.
    pub policy: Policy,
    /// The limits over all of them.
    pub limits: Limits,
    /// What sends may cost; `None` where nobody counts.
    pub budgets: Option<Arc<Budgets>>,
    /// When work is to be proved before a send.
    pub proofs: Proofs,
    /// Numbers to which nothing is sent.
    pub test_numbers: TestNumbers,
    /// The public URL: the token's `iss`.
    pub issuer: String,
    /// The serialised origin of the server's own pages, from which every site may be used.
    pub own_origin: Option<String>,
    /// Names this process as the holder of leases; drawn anew at each start.
    pub process: String,
    /// Whether other processes may share the store. Where none do, what another process was sending it sends no more.
    pub shared: bool,
}
