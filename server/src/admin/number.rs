use super::{AdminError, By, Desk};
use crate::blocks::{Blocked, Blocks};
use crate::decisions::Decision;
use crate::hosts::erase_everywhere;
use crate::keys::Keys;
use crate::limits::{Limits, counted_by_number, wait};
use crate::numbers;
use crate::opt_outs::OptOuts;
use crate::store::{
    AdminAction, AdminLine, Attempt, AttemptFilter, LimitKey, LimitUse, NumberIndex, Page, StoreError,
};
use phone_verify_domain::{Country, PhoneNumber, SiteKey};
use std::time::Duration;

/// Sendings of a number that are shown.
const SENDINGS: u32 = 20;

/// Decisions about a number that are shown.
const DECISIONS: u32 = 20;

/// Lines of the log about a number that are shown.
const LINES: u32 = 20;

/// What can be done with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberAction {
    /// Look at it.
    LookUp,
    /// Forget what limits it, and its failed checks.
    Unlock,
    /// Send it nothing more.
    Block,
    /// End the block.
    Unblock,
    /// Delete all that is known of it.
    Erase,
}

/// What is known of a number that was typed in.
#[derive(Debug)]
pub struct NumberReport {
    /// Masked.
    pub mask: String,
    /// Its country, if it has one.
    pub country: Option<Country>,
    /// Whether it is blocked on all sites.
    pub blocked: bool,
    /// Whether its owner wants no text messages.
    pub opted_out: bool,
    /// How long its own limits keep messages from it.
    pub wait: Duration,
    /// The sites on which it is blocked, beside that.
    pub blocked_on: Vec<SiteKey>,
    /// The last sendings to it, over all sites, the newest first.
    pub sendings: Vec<Attempt>,
    /// What rules decided against it, over all sites, the newest first.
    pub decisions: Vec<Decision>,
    /// What was done with it at this desk, the newest first.
    pub log: Vec<AdminLine>,
}

impl Desk {
    /// Looks at a number or does something with it, and says how it stands then. `site` is where to block or unblock it; on all
    /// sites without one. `None` for a text that is no number.
    ///
    /// # Errors
    /// [`AdminError`]; what was asked for may be done in part, and the log tells that it was asked for.
    pub async fn number(
        &self,
        by: By,
        typed: &str,
        action: NumberAction,
        site: Option<&SiteKey>,
    ) -> Result<Option<NumberReport>, AdminError> {
        let Ok(parsed) = numbers::parse(typed, None) else {
            return Ok(None);
        };
        let number = &parsed.number;
        match action {
            NumberAction::LookUp => {
                self.write_down(by, AdminAction::LookedUp, number, None).await?;
            }
            NumberAction::Unlock => self.unlock(by, number).await?,
            NumberAction::Block => {
                self.block(by, number, site).await?;
            }
            NumberAction::Unblock => {
                self.unblock(by, number, site).await?;
            }
            NumberAction::Erase => {
                self.erase(by, number).await?;
            }
        }
        self.report(number, parsed.country).await.map(Some)
    }

    /// Forgets what limits a number, and its failed checks.
    ///
    /// # Errors
    /// [`StoreError`]; some may be forgotten.
    pub async fn unlock(&self, by: By, number: &PhoneNumber) -> Result<(), StoreError> {
        self.write_down(by, AdminAction::Unlocked, number, None).await?;
        let parts = &self.parts;
        let limits = own_limits(&parts.limits, &parts.keys, number);
        let keys = limits
            .iter()
            .flat_map(|limit| std::iter::once(&limit.key).chain(&limit.places));
        let keys = keys.copied().collect();
        parts.operator.unlock(keys, self.indexes(number).collect()).await
    }

    /// Sends nothing more to a number, on one site or on all.
    ///
    /// # Errors
    /// [`StoreError`]; it may be blocked.
    pub async fn block(
        &self,
        by: By,
        number: &PhoneNumber,
        site: Option<&SiteKey>,
    ) -> Result<Blocked, StoreError> {
        self.write_down(by, AdminAction::Blocked, number, site).await?;
        let now = self.parts.clock.now();
        self.blocks().add(&self.parts.sites, site, number, now).await
    }

    /// Ends a block; says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]; it may have ended.
    pub async fn unblock(
        &self,
        by: By,
        number: &PhoneNumber,
        site: Option<&SiteKey>,
    ) -> Result<bool, StoreError> {
        self.write_down(by, AdminAction::Unblocked, number, site).await?;
        self.blocks().remove(site, number).await
    }

    /// Deletes all that is known of a number but what limits it; says how many rows went.
    ///
    /// # Errors
    /// [`StoreError`]; it may be erased in part.
    pub async fn erase(&self, by: By, number: &PhoneNumber) -> Result<u64, StoreError> {
        self.write_down(by, AdminAction::Erased, number, None).await?;
        let parts = &self.parts;
        erase_everywhere(&*parts.store, &parts.keys, &parts.sites, number).await
    }

    async fn write_down(
        &self,
        by: By,
        action: AdminAction,
        number: &PhoneNumber,
        site: Option<&SiteKey>,
    ) -> Result<(), StoreError> {
        let line = AdminLine {
            at: self.parts.clock.now(),
            session: Some(by.in_log()),
            action,
            site: site.cloned(),
            number: Some(self.in_log(number)),
            breaker: None,
        };
        self.parts.operator.log_admin_action(line).await
    }

    async fn report(
        &self,
        number: &PhoneNumber,
        country: Option<Country>,
    ) -> Result<NumberReport, AdminError> {
        let parts = &self.parts;
        let own = own_limits(&parts.limits, &parts.keys, number);
        let keys: Vec<LimitKey> = own.iter().map(|limit| limit.key).collect();
        let arrivals = parts.store.limits(&keys).await?;
        let opt_outs = OptOuts {
            store: &*parts.store,
            keys: &parts.keys,
        };
        let indexes = self.indexes(number);
        let filter = AttemptFilter {
            sites: parts.sites.iter().map(|site| site.key.clone()).collect(),
            numbers: Some(indexes.map(|(_, index)| index).collect()),
            ..AttemptFilter::default()
        };
        let newest = Page {
            skip: 0,
            size: SENDINGS,
        };
        let mut blocked_on = Vec::new();
        for site in parts.sites.iter() {
            if self.blocks().list(Some(&site.key), number).await? {
                blocked_on.push(site.key.clone());
            }
        }
        Ok(NumberReport {
            mask: number.mask(),
            country,
            blocked: self.blocks().list(None, number).await?,
            opted_out: opt_outs.include(number).await?,
            wait: wait(&own, &arrivals, parts.clock.now()),
            blocked_on,
            sendings: parts.store.attempts(filter, newest).await?,
            decisions: self.decisions_about(self.indexes(number), DECISIONS).await?,
            log: parts.operator.admin_log(Some(self.in_log(number)), LINES).await?,
        })
    }

    fn indexes(&self, number: &PhoneNumber) -> impl Iterator<Item = (SiteKey, NumberIndex)> {
        let keys = &self.parts.keys;
        let sites = self.parts.sites.iter();
        sites.map(move |site| (site.key.clone(), keys.number_index(&site.key, number)))
    }

    fn blocks(&self) -> Blocks<'_> {
        Blocks {
            store: &*self.parts.store,
            keys: &self.parts.keys,
        }
    }
}

/// The limits that a number has to itself: its sends, and the lock.
fn own_limits(limits: &Limits, keys: &Keys, number: &PhoneNumber) -> Vec<LimitUse> {
    let counted = counted_by_number(keys, number);
    let lock = limits.lock_of(keys, counted);
    std::iter::once(limits.of_number(keys, number))
        .chain(lock)
        .collect()
}
