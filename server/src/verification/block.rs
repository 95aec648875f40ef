use super::{Engine, refusal};
use crate::store::CodeMac;
use phone_verify_domain::ApiError;

impl Engine {
    /// What no code has: a blocked number is never approved, not even by a lucky guess.
    pub(super) fn mac_of_no_code(&self) -> Result<CodeMac, ApiError> {
        let mut bytes = [0; 32];
        let drawn = self.parts.random.fill(&mut bytes);
        drawn.map(|()| CodeMac(bytes)).map_err(refusal::no_random)
    }
}
