//! Numbers that the operator has blocked, on one site or on all.
//!
//! What a blocked number is told is what any other is told (201, a delivery that was `accepted`): whoever pumps messages does not
//! learn that the list exists, as with numbers that a provider takes for fraud. Nothing is sent, no code is the right one, and
//! what was asked for is spent.

use crate::keys::Keys;
use crate::sites::Sites;
use crate::store::{LimitKey, Store, StoreError};
use phone_verify_domain::{PhoneNumber, SiteKey, Timestamp};
use std::collections::BTreeSet;

/// The list.
#[derive(Clone, Copy)]
pub struct Blocks<'a> {
    /// Where it is kept.
    pub store: &'a dyn Store,
    /// What makes its index.
    pub keys: &'a Keys,
}

/// What a block did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Whether it is new.
    pub is_new: bool,
    /// How many live verifications ended with it.
    pub canceled: u64,
}

impl Blocks<'_> {
    /// Whether a number is blocked on a site.
    ///
    /// # Errors
    /// [`StoreError`]; nothing may be sent then.
    pub async fn include(self, site: &SiteKey, number: &PhoneNumber) -> Result<bool, StoreError> {
        self.store.blocked(self.names(site, number)).await
    }

    /// The names under which a number may be in the list: everywhere, and on a site.
    pub(crate) fn names(self, site: &SiteKey, number: &PhoneNumber) -> [LimitKey; 2] {
        [self.key(None, number), self.key(Some(site), number)]
    }

    /// Whether there is a block of a number on `site`, or the one on all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(self, site: Option<&SiteKey>, number: &PhoneNumber) -> Result<bool, StoreError> {
        let key = self.key(site, number);
        self.store.blocked([key, key]).await
    }

    /// Blocks a number on `site`, or on all, also those that are served later, and ends its live verifications there.
    ///
    /// # Errors
    /// [`StoreError`]; it may be blocked, and the same again ends what is left.
    pub async fn add(
        self,
        sites: &Sites,
        site: Option<&SiteKey>,
        number: &PhoneNumber,
        now: Timestamp,
    ) -> Result<Blocked, StoreError> {
        // First, so that nothing begins behind what is ended.
        let is_new = self.store.block(self.key(site, number), now).await?;
        let of_all: BTreeSet<&SiteKey> = sites.iter().map(|site| &site.key).collect();
        let ended_on = site.map_or(of_all, |site| BTreeSet::from([site]));
        let mut canceled = 0;
        for site in ended_on {
            let index = self.keys.number_index(site, number);
            canceled += self.store.cancel_all(site, index, now).await?;
        }
        Ok(Blocked { is_new, canceled })
    }

    /// Ends the block of a number on `site`, or the one on all; returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]; it may have ended.
    pub async fn remove(self, site: Option<&SiteKey>, number: &PhoneNumber) -> Result<bool, StoreError> {
        self.store.unblock(self.key(site, number)).await
    }

    fn key(self, site: Option<&SiteKey>, number: &PhoneNumber) -> LimitKey {
        let number = number.expose().as_bytes();
        match site {
            None => self.keys.limit_key("block", number),
            // No site key has a line break in it.
            Some(site) => {
                let subject = [site.as_str().as_bytes(), b"\n", number].concat();
                self.keys.limit_key("block_on_site", &subject)
            }
        }
    }
}
