use super::value::{Count, money};
use crate::budget::{Budget, Budgets, Caps, Money, Shares};
use phone_verify_domain::{Country, SiteKey};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[budget]`: what sends may cost. Without `per_day` and `per_month`, here and of every site, nobody counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// What the provider bills in, by ISO 4217.
    pub currency: String,
    /// What all sites may spend in a UTC day.
    #[serde(deserialize_with = "money::optional")]
    pub per_day: Option<Money>,
    /// What all sites may spend in a UTC month.
    #[serde(deserialize_with = "money::optional")]
    pub per_month: Option<Money>,
    /// The most that a text message may cost: what it counts until its price is known.
    #[serde(deserialize_with = "money::optional")]
    pub sms: Option<Money>,
    /// The same in single countries.
    #[serde(deserialize_with = "money::by_name::deserialize")]
    pub sms_in: BTreeMap<String, Money>,
    /// The most that a call may cost: what it counts until its price is known.
    #[serde(deserialize_with = "money::optional")]
    pub call: Option<Money>,
    /// The same in single countries.
    #[serde(deserialize_with = "money::by_name::deserialize")]
    pub call_in: BTreeMap<String, Money>,
    /// From so many of a hundred parts of a budget on, the operator is warned.
    pub warn_percent: Count,
    /// From here on no calls are made.
    pub voice_off_percent: Count,
    /// From here on only numbers that were verified on their site before get messages.
    pub known_only_percent: Count,
}

/// Starting values: the last tenth of a budget is kept for the people who are there already.
impl Default for BudgetConfig {
    fn default() -> Self {
        Self {
            currency: "USD".to_owned(),
            per_day: None,
            per_month: None,
            sms: None,
            sms_in: BTreeMap::new(),
            call: None,
            call_in: BTreeMap::new(),
            warn_percent: Count::new(70),
            voice_off_percent: Count::new(80),
            known_only_percent: Count::new(90),
        }
    }
}

impl BudgetConfig {
    /// The budgets, with those of single sites, where anything is limited.
    #[must_use]
    pub(super) fn budgets(&self, sites: impl IntoIterator<Item = (SiteKey, Budget)>) -> Option<Budgets> {
        let all = Budget {
            per_day: self.per_day,
            per_month: self.per_month,
        };
        let sites = sites.into_iter().filter(|(_, budget)| budget.limits_anything());
        let budgets = Budgets {
            currency: self.currency.clone(),
            sms: caps(self.sms, &self.sms_in),
            call: caps(self.call, &self.call_in),
            shares: Shares {
                warn: self.warn_percent.get(),
                voice_off: self.voice_off_percent.get(),
                known_only: self.known_only_percent.get(),
            },
            all,
            sites: sites.collect(),
        };
        (all.limits_anything() || !budgets.sites.is_empty()).then_some(budgets)
    }
}

fn caps(anywhere: Option<Money>, countries: &BTreeMap<String, Money>) -> Caps {
    let countries = countries
        .iter()
        .filter_map(|(code, cap)| Some((Country::parse(code)?, *cap)));
    Caps {
        anywhere: anywhere.unwrap_or_default(),
        countries: countries.collect(),
    }
}
