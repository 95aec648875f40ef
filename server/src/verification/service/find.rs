use super::{ServiceName, ServiceRefusal, not_found};
use crate::sites::Site;
use crate::store::{Attempt, History, NamedBy, Record};
use crate::verification::{Engine, kept_number, refusal};
use phone_verify_domain::VerificationId;

impl Engine {
    /// A verification of the site and how it came about.
    ///
    /// # Errors
    /// `not_found`, `unavailable`.
    pub async fn find_for_service(&self, site: &Site, name: &ServiceName) -> Result<History, ServiceRefusal> {
        let named = match name {
            ServiceName::Id(id) => NamedBy::Id(*id),
            ServiceName::Number(number) => NamedBy::Number(self.parts.keys.number_index(&site.key, number)),
        };
        self.history(site, named).await?.ok_or_else(not_found)
    }

    pub(super) async fn history(
        &self,
        site: &Site,
        named: NamedBy,
    ) -> Result<Option<History>, ServiceRefusal> {
        let found = self.parts.store.history(&site.key, named, self.now()).await;
        Ok(found.map_err(|error| refusal::unavailable(&error))?)
    }

    /// The same by its id, after something was done to it.
    pub(super) async fn as_it_stands(
        &self,
        site: &Site,
        id: VerificationId,
    ) -> Result<History, ServiceRefusal> {
        self.history(site, NamedBy::Id(id)).await?.ok_or_else(not_found)
    }

    /// The number as it may be shown to the site's server: in full where the site keeps it, else masked.
    #[must_use]
    pub fn number_shown(&self, record: &Record) -> String {
        match kept_number(&self.parts.keys, record) {
            Ok(Some(number)) => number.as_str().to_owned(),
            // What cannot be read is in the log.
            Ok(None) | Err(_) => record.facts.mask.clone(),
        }
    }

    /// The same of an attempt.
    #[must_use]
    pub fn attempted_number_shown(&self, attempt: &Attempt) -> String {
        let open = |sealed| self.parts.keys.open_number(&attempt.site, attempt.number, sealed);
        match attempt.number_sealed.as_ref().map(open) {
            Some(Ok(number)) => number.as_str().to_owned(),
            Some(Err(error)) => {
                tracing::error!(%error, verification = %attempt.verification, "the number cannot be read");
                attempt.mask.clone()
            }
            None => attempt.mask.clone(),
        }
    }
}
