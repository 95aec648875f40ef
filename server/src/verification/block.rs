use super::{Engine, refusal};
use crate::blocks::Blocks;
use crate::store::CodeMac;
use phone_verify_domain::{ApiError, PhoneNumber, SiteKey};

impl Engine {
    /// Whether the operator has blocked the number on the site.
    pub(super) async fn is_blocked(&self, site: &SiteKey, number: &PhoneNumber) -> Result<bool, ApiError> {
        let blocks = Blocks {
            store: &*self.parts.store,
            keys: &self.parts.keys,
        };
        let blocked = blocks.include(site, number).await;
        blocked.map_err(|error| refusal::unavailable(&error))
    }

    /// What no code has: a blocked number is never approved, not even by a lucky guess.
    pub(super) fn mac_of_no_code(&self) -> Result<CodeMac, ApiError> {
        let mut bytes = [0; 32];
        let drawn = self.parts.random.fill(&mut bytes);
        drawn.map(|()| CodeMac(bytes)).map_err(refusal::no_random)
    }
}
