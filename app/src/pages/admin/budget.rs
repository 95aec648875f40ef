//! What sends cost, and what they may cost.

use super::parts::{self, Column, Legend};
use leptos::prelude::*;

/// What was spent, and what may be.
#[derive(Clone, Debug)]
pub struct BudgetPage {
    /// The key of the site whose days and months are looked at; of all where empty.
    pub site: String,
    /// The keys of all sites.
    pub sites: Vec<String>,
    /// The amounts; nothing where no budget is set.
    pub tables: Option<BudgetTables>,
}

/// The amounts.
#[derive(Clone, Debug)]
pub struct BudgetTables {
    /// Their currency.
    pub currency: String,
    /// Today and this month, of all sites and of each.
    pub now: Vec<AccountRow>,
    /// By day, the oldest first.
    pub days: Vec<AccountRow>,
    /// By month, the oldest first.
    pub months: Vec<AccountRow>,
}

/// What was spent in one day or month.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The site; all where empty.
    pub site: String,
    /// The day or the month, in UTC.
    pub period: String,
    /// What is still sent.
    pub left: SendsLeft,
    /// What was spent.
    pub spent: String,
    /// The same, in millionths.
    pub spent_millionths: i64,
    /// Of this, what is the provider's own prices.
    pub priced_millionths: i64,
    /// What may be spent; nothing where that is not limited.
    pub budget: Option<String>,
    /// The same, in millionths.
    pub budget_millionths: Option<i64>,
    /// How many sends.
    pub sends: u64,
    /// How many of them have a price.
    pub priced: u64,
}

/// What a budget still lets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendsLeft {
    /// Everything.
    All,
    /// Everything, but the operator should look.
    AllWithWarning,
    /// Messages, and no calls.
    Messages,
    /// Messages to numbers that were verified before.
    MessagesToKnown,
    /// Nothing.
    None,
}

impl SendsLeft {
    const fn words(self) -> &'static str {
        match self {
            Self::All => "Normal",
            Self::AllWithWarning => "Warning: nearly used up",
            Self::Messages => "No calls are made",
            Self::MessagesToKnown => "Only numbers verified before get messages",
            Self::None => "Nothing is sent",
        }
    }
}

pub(super) fn page(page: BudgetPage) -> AnyView {
    let Some(tables) = page.tables else {
        return view! {
            <p>
                "No budget is set, so nothing is counted: see "<code>"[budget]"</code>" in the configuration."
            </p>
        }
        .into_any();
    };
    let currency = tables.currency.clone();
    view! {
        <p>
            {format!(
                "In {currency}. What has no price from the provider yet counts as the cap that the configuration sets for it.",
            )}
        </p>
        <h2>"Today and this month"</h2>
        {accounts("Today and this month", tables.now, true)}
        <h2>"Before"</h2>
        {choice(&page.site, &page.sites)}
        {chart(&tables.days)}
        {accounts("By month", tables.months, false)}
    }
    .into_any()
}

fn choice(chosen: &str, sites: &[String]) -> impl IntoView + use<> {
    view! {
        <form class="ad-form ad-row" method="get" action="/admin/budget">
            {parts::site_choice(sites, chosen)}
            <button class="ad-button" type="submit">
                "Show"
            </button>
        </form>
    }
}

fn accounts(label: &'static str, rows: Vec<AccountRow>, with_sites: bool) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let whose = if row.site.is_empty() {
                "All sites".to_owned()
            } else {
                row.site.clone()
            };
            let first = if with_sites {
                format!("{whose}, {}", row.period)
            } else {
                row.period.clone()
            };
            view! {
                <tr>
                    <th scope="row">{first}</th>
                    <td>{row.left.words()}</td>
                    <td>{row.spent.clone()}</td>
                    <td>{row.budget.clone().unwrap_or_else(|| "not limited".to_owned())}</td>
                    <td>{share(&row)}</td>
                    <td>{row.sends}</td>
                    <td>{row.priced}</td>
                </tr>
            }
        })
        .collect_view();
    parts::table(
        label,
        &[
            "When (UTC)",
            "State",
            "Spent",
            "Budget",
            "Used",
            "Sends",
            "With a price",
        ],
        rows,
    )
}

fn share(row: &AccountRow) -> String {
    match row.budget_millionths {
        Some(budget) if budget > 0 => format!("{} %", row.spent_millionths.saturating_mul(100) / budget),
        _ => "–".to_owned(),
    }
}

fn chart(days: &[AccountRow]) -> impl IntoView + use<> {
    let amount = |millionths: i64| u64::try_from(millionths).unwrap_or(0);
    let columns: Vec<Column> = days
        .iter()
        .map(|day| Column {
            begins: day.period.clone(),
            said: format!("{}: {}", day.period, day.spent),
            whole: amount(day.spent_millionths),
            part: amount(day.priced_millionths),
        })
        .collect();
    let dearest = days.iter().max_by_key(|day| day.spent_millionths);
    let legend = Legend {
        label: "Spent by day, and what of it has a price; the same stands in the table below",
        kinds: ["Spent", "Of it with a price"],
        most: dearest.map(|day| day.spent.clone()).unwrap_or_default(),
    };
    let rows = days
        .iter()
        .map(|day| {
            view! {
                <tr>
                    <th scope="row">{day.period.clone()}</th>
                    <td>{day.spent.clone()}</td>
                    <td>{share(day)}</td>
                    <td>{day.sends}</td>
                    <td>{day.priced}</td>
                </tr>
            }
        })
        .collect_view();
    let table = parts::table(
        "By day",
        &["Day (UTC)", "Spent", "Used", "Sends", "With a price"],
        rows,
    );
    parts::chart(&columns, &legend, table)
}
