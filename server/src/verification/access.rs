use super::{Engine, origin, refusal};
use crate::sites::Site;
use crate::store::Record;
use phone_verify_domain::{ApiError, Caller, ClientSecret, ErrorCode, VerificationId};
use std::sync::Arc;

/// A verification whose owner asks for it from where it may be asked for.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) record: Record,
    pub(super) site: Arc<Site>,
}

impl Engine {
    /// Finds the verification for the holder of its secret; the secret is looked at first, so that a wrong one tells
    /// nothing, not even by the time it takes.
    pub(super) async fn open(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<Opened, ApiError> {
        if !self.parts.keys.verify_client_secret(id, secret) {
            return Err(refusal::not_found());
        }
        let found = self.parts.store.find(id).await;
        let record = found
            .map_err(|error| refusal::unavailable(&error))?
            .ok_or_else(refusal::not_found)?;
        let site = self
            .parts
            .sites
            .get(&record.site)
            .ok_or_else(refusal::not_found)?
            .clone();
        self.check_origin(&site, caller)?;
        Ok(Opened { record, site })
    }

    pub(super) fn check_origin(&self, site: &Site, caller: &Caller) -> Result<(), ApiError> {
        origin::check(site, caller.origin.as_deref(), self.parts.own_origin.as_deref())
    }

    /// A refusal that shows the verification.
    pub(super) async fn refuse(
        &self,
        caller: &Caller,
        opened: &Opened,
        code: ErrorCode,
        detail: &str,
    ) -> ApiError {
        ApiError::new(code, detail).about(self.view_of(caller, &opened.site, &opened.record).await)
    }
}
