use super::{HostDesk, refusal};
use crate::import::legacy;
use crate::keys::Keys;
use crate::numbers;
use crate::sites::{Site, Sites};
use crate::store::{Store, StoreError};
use phone_verify_domain::{ApiError, Country, ErrorCode, PhoneNumber, SiteKey};
use std::collections::BTreeSet;

impl HostDesk {
    /// Deletes all that the site knows of a number. What limits it stays until it runs out: erasing would refill it.
    ///
    /// # Errors
    /// `invalid_number`; `unavailable`, after which it may be erased.
    pub async fn erase_number(
        &self,
        site: &Site,
        phone_number: &str,
        country: Option<Country>,
    ) -> Result<(), ApiError> {
        let parsed = numbers::parse(phone_number, country).map_err(|_| {
            let detail = "`phone_number` is not a number of any numbering plan";
            ApiError::new(ErrorCode::InvalidNumber, detail)
        })?;
        let index = self.keys.number_index(&site.key, &parsed.number);
        let erased = self.store.erase_number(&site.key, index).await;
        let mut rows = erased.map_err(|error| refusal::unavailable(&error))?;
        let hashes = legacy::hashes(&self.keys, &site.key, &parsed.number);
        let forgotten = self.store.forget_legacy(&site.key, hashes).await;
        rows += forgotten.map_err(|error| refusal::unavailable(&error))?;
        tracing::info!(site = %site.key, rows, "a number was erased");
        Ok(())
    }
}

/// Deletes all that any site knows of a number, also sites that are served no more; returns how many rows went.
///
/// # Errors
/// [`StoreError`]; it may be erased of some sites, and the same again erases the rest.
pub async fn erase_everywhere(
    store: &dyn Store,
    keys: &Keys,
    sites: &Sites,
    number: &PhoneNumber,
) -> Result<u64, StoreError> {
    let served = sites.iter().map(|site| site.key.clone());
    let all: BTreeSet<SiteKey> = store.sites().await?.into_iter().chain(served).collect();
    let mut rows = 0;
    for site in all {
        rows += store
            .erase_number(&site, keys.number_index(&site, number))
            .await?;
        rows += store
            .forget_legacy(&site, legacy::hashes(keys, &site, number))
            .await?;
    }
    Ok(rows)
}
