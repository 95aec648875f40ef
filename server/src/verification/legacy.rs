use super::access::Opened;
use super::token::kept_number;
use super::{Engine, refusal};
use crate::import::legacy;
use crate::numbers;
use crate::store::Recognition;
use phone_verify_domain::{ApiError, Caller, Check, ErrorCode, PhoneNumber};

impl Engine {
    /// Where the site has imported numbers as hashes: lets those hold this one who had proved it, before a token of it can be
    /// claimed by anybody else.
    ///
    /// # Errors
    /// `invalid_request`, `invalid_number` and `number_mismatch` where the number is needed for it and not presented;
    /// `unavailable`.
    pub(super) async fn link_imported(
        &self,
        caller: &Caller,
        opened: &Opened,
        check: &Check,
    ) -> Result<(), ApiError> {
        let parts = &self.parts;
        let site = &opened.site;
        if !opened.record.site_has_legacy {
            return Ok(());
        }
        let number = if let Some(number) = self.presented(opened, check)? {
            number
        } else {
            let Some(text) = &check.phone_number else {
                let detail =
                    "`phone_number` is missing: this site has imported numbers that it is compared with";
                let code = ErrorCode::InvalidRequest;
                return Err(self.refuse(caller, opened, code, detail).await);
            };
            self.number_of(caller, opened, text, check.country).await?
        };
        let hashes = legacy::hashes(&parts.keys, &site.key, &number);
        let is_imported = parts.store.has_legacy(&site.key, hashes).await;
        if !is_imported.map_err(|error| refusal::unavailable(&error))? {
            return Ok(());
        }
        let record = &opened.record;
        let sealed = record.number_sealed.clone();
        let recognition = Recognition {
            site: site.key.clone(),
            number: legacy::plain_number(&parts.keys, &site.key, &number, record.country, sealed),
            subjects_per_number: site.subjects_per_number,
        };
        let linked = parts.store.recognise(recognition).await;
        let linked = linked.map_err(|error| refusal::unavailable(&error))?;
        tracing::info!(verification = %record.facts.id, site = %site.key, linked, "an imported number was recognised");
        Ok(())
    }

    /// The verification's number, if it is kept or was presented with the check.
    fn presented(&self, opened: &Opened, check: &Check) -> Result<Option<PhoneNumber>, ApiError> {
        let keys = &self.parts.keys;
        let kept = kept_number(keys, &opened.record)?;
        let text = kept.as_ref().map(|kept| kept.as_str());
        let country = check.country.or(Some(opened.record.country));
        let parsed = text
            .or(check.phone_number.as_deref())
            .and_then(|text| numbers::parse(text, country).ok());
        let is_its =
            |number: &PhoneNumber| keys.number_index(&opened.site.key, number) == opened.record.number;
        Ok(parsed.map(|parsed| parsed.number).filter(is_its))
    }
}
