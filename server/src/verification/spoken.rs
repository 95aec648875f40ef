use super::Engine;
use super::secrets::OwnedCode;
use crate::store::StoreError;
use phone_verify_domain::{Code, PhoneNumber, Status, VerificationId};

/// What a call has to say.
pub struct SpokenCode {
    /// The digits.
    pub code: Code,
    /// Who asks, in the site's own words.
    pub site_name: String,
    /// BCP 47, if the page said one.
    pub locale: Option<String>,
}

impl Engine {
    /// What a call about a verification says to whoever took it, while its code is good; `None` after its end, and in a call
    /// `to` another number than the verification's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn spoken_code(
        &self,
        id: VerificationId,
        to: Option<&PhoneNumber>,
    ) -> Result<Option<SpokenCode>, StoreError> {
        let Some(record) = self.parts.store.find(id).await? else {
            return Ok(None);
        };
        let Some(site) = self.parts.sites.get(&record.site) else {
            return Ok(None);
        };
        let elsewhere = to.is_some_and(|to| self.parts.keys.number_index(&site.key, to) != record.number);
        if elsewhere || record.facts.status_at(self.now()) != Status::Pending {
            return Ok(None);
        }
        let Some(OwnedCode::Ours(code)) = self.unseal(&record).map(|secrets| secrets.code) else {
            return Ok(None);
        };
        Ok(Some(SpokenCode {
            code,
            site_name: site.name.clone(),
            locale: record.locale,
        }))
    }
}
