//! What rules decided, as it is kept.

use super::StoreError;
use super::records::NumberIndex;
use crate::decisions::{Decision, Rule};
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};

/// The log of decisions. Each method is one transaction, as those of [`super::Store`].
#[async_trait::async_trait]
pub trait DecisionStore: Send + Sync {
    /// Writes these lines.
    ///
    /// # Errors
    /// [`StoreError`]; they may be written, and are there twice where they are written again.
    async fn write_decisions(&self, lines: &[Decision]) -> Result<(), StoreError>;

    /// The newest of those that are meant.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn decisions(&self, filter: DecisionFilter) -> Result<Vec<Decision>, StoreError>;

    /// What was allowed of a verification, as its own rows tell it: its sends, and the check that approved it. The newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn allowed(&self, verification: VerificationId) -> Result<Vec<Decision>, StoreError>;
}

/// Which decisions are meant; what is `None` does not matter.
#[derive(Clone, Debug)]
pub struct DecisionFilter {
    /// What they are about.
    pub about: About,
    /// Of this site.
    pub site: Option<SiteKey>,
    /// Of this rule.
    pub rule: Option<Rule>,
    /// At or after this moment.
    pub since: Option<Timestamp>,
    /// How many at most.
    pub at_most: u32,
}

/// What decisions are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// Anything.
    #[default]
    Anything,
    /// A verification.
    Verification(VerificationId),
    /// A number of a site.
    Number(NumberIndex),
}
