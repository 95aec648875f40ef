use super::{AdminError, Desk};
use crate::budget::{Account, BudgetState, Budgets, Money, Period};
use crate::sites::Sites;
use crate::store::{Spent, Store, StoreError};
use phone_verify_domain::{SiteKey, Timestamp};

/// How many days are shown, today included.
const DAYS: usize = 30;

/// How many months are shown, this one included.
const MONTHS: usize = 12;

/// What was spent.
#[derive(Debug)]
pub struct BudgetReport {
    /// The currency of all amounts.
    pub currency: String,
    /// Today and this month, of all sites and then of each.
    pub now: Vec<AccountReport>,
    /// The days until today, of all sites or one, the oldest first.
    pub days: Vec<AccountReport>,
    /// The months until this one.
    pub months: Vec<AccountReport>,
}

/// How an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountReport {
    /// Whose, and when.
    pub account: Account,
    /// What was spent.
    pub spent: Spent,
    /// What may be spent; `None` where that is not limited.
    pub limit: Option<Money>,
    /// What that means.
    pub state: BudgetState,
}

impl BudgetReport {
    /// Today and this month, of all sites and of each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_now(
        store: &dyn Store,
        budgets: &Budgets,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<Vec<AccountReport>, StoreError> {
        let periods = [Period::day_of(now), Period::month_of(now)];
        let whose = [None].into_iter().chain(sites.iter().map(|site| Some(&site.key)));
        let accounts = whose.flat_map(|site| periods.clone().map(|period| account(site, period)));
        reports(store, budgets, accounts.collect()).await
    }
}

impl Desk {
    /// What was spent, now and before, of all sites or one; `None` where nothing limits it, so that nobody counts.
    ///
    /// # Errors
    /// [`AdminError::Store`]
    pub async fn budget(&self, site: Option<&SiteKey>) -> Result<Option<BudgetReport>, AdminError> {
        let parts = &self.parts;
        let Some(budgets) = &parts.budgets else {
            return Ok(None);
        };
        let (store, now) = (&*parts.store, parts.clock.now());
        let accounts = |row: Vec<Period>| row.into_iter().map(|period| account(site, period)).collect();
        let days = accounts(Period::day_of(now).row(DAYS));
        let months = accounts(Period::month_of(now).row(MONTHS));
        Ok(Some(BudgetReport {
            currency: budgets.currency.clone(),
            now: BudgetReport::of_now(store, budgets, &parts.sites, now).await?,
            days: reports(store, budgets, days).await?,
            months: reports(store, budgets, months).await?,
        }))
    }
}

fn account(site: Option<&SiteKey>, period: Period) -> Account {
    Account {
        site: site.cloned(),
        period,
    }
}

async fn reports(
    store: &dyn Store,
    budgets: &Budgets,
    accounts: Vec<Account>,
) -> Result<Vec<AccountReport>, StoreError> {
    let spent = store.spent(&accounts).await?;
    let both = accounts.into_iter().zip(spent);
    let reports = both.map(|(account, spent)| AccountReport {
        limit: budgets.limit(&account),
        state: budgets.state(&account, spent.counted),
        account,
        spent,
    });
    Ok(reports.collect())
}
