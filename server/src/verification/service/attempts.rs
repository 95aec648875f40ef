use super::ServiceRefusal;
use crate::senders::Codes;
use crate::sites::Site;
use crate::store::{Attempt, AttemptCount, AttemptFilter, NumberIndex, Page};
use crate::verification::{Engine, refusal};
use phone_verify_domain::PhoneNumber;
use std::sync::Arc;

impl Engine {
    /// The sendings that may have left, the newest first.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn attempts(&self, filter: AttemptFilter, page: Page) -> Result<Vec<Attempt>, ServiceRefusal> {
        let found = self.parts.store.attempts(filter, page).await;
        Ok(found.map_err(|error| refusal::unavailable(&error))?)
    }

    /// How many of them there are.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn count_attempts(&self, filter: AttemptFilter) -> Result<AttemptCount, ServiceRefusal> {
        let counted = self.parts.store.count_attempts(filter).await;
        Ok(counted.map_err(|error| refusal::unavailable(&error))?)
    }

    /// What a number is kept as on each of these sites.
    #[must_use]
    pub fn indexes_of(&self, sites: &[Arc<Site>], number: &PhoneNumber) -> Vec<NumberIndex> {
        let index = |site: &Arc<Site>| self.parts.keys.number_index(&site.key, number);
        sites.iter().map(index).collect()
    }

    /// How many digits a code has that the server draws.
    #[must_use]
    pub fn code_length(&self) -> u8 {
        self.parts.policy.code.length
    }

    /// Whether a site's server may give the code to be sent: not where a provider draws and keeps it.
    #[must_use]
    pub fn takes_own_codes(&self) -> bool {
        !matches!(self.parts.codes, Codes::Providers(_))
    }
}
