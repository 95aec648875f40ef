//! What sends cost, and what they may cost.

use super::parts;
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

/// The chart's size in its own units.
const HEIGHT: i64 = 100;
const STEP: i64 = 10;

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
        {choice(&page.site, page.sites)}
        {chart(&tables.days)}
        {accounts("By month", tables.months, false)}
    }
    .into_any()
}

fn choice(chosen: &str, sites: Vec<String>) -> impl IntoView + use<> {
    let sites = sites
        .into_iter()
        .map(|key| {
            let is_chosen = key == chosen;
            view! {
                <option value=key.clone() selected=is_chosen>
                    {key.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <form class="ad-form ad-row" method="get" action="/admin/budget">
            <div>
                <label for="site">"Site"</label>
                <select id="site" name="site">
                    <option value="">"All"</option>
                    {sites}
                </select>
            </div>
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

/// A column a day, what has a price before what has not; the table below says the same in figures.
fn chart(days: &[AccountRow]) -> impl IntoView + use<> {
    let most = days
        .iter()
        .map(|day| day.spent_millionths)
        .max()
        .unwrap_or_default()
        .max(1);
    let scaled = |amount: i64| (amount.max(0).saturating_mul(HEIGHT) / most).min(HEIGHT);
    let columns = days
        .iter()
        .zip(0_i64..)
        .map(|(day, index)| {
            let (spent, priced) = (scaled(day.spent_millionths), scaled(day.priced_millionths));
            let x = (index * STEP + 1).to_string();
            view! {
                <g>
                    <title>{format!("{}: {}", day.period, day.spent)}</title>
                    <rect
                        class="ad-sent"
                        x=x.clone()
                        y=(HEIGHT - spent).to_string()
                        width=(STEP - 2).to_string()
                        height=spent.to_string()
                    />
                    <rect
                        class="ad-approved"
                        x=x
                        y=(HEIGHT - priced).to_string()
                        width=(STEP - 2).to_string()
                        height=priced.to_string()
                    />
                </g>
            }
        })
        .collect_view();
    let width = STEP * i64::try_from(days.len()).unwrap_or(1);
    let from = days.first().map(|day| day.period.clone());
    let until = days.last().map(|day| day.period.clone());
    let dearest = days
        .iter()
        .max_by_key(|day| day.spent_millionths)
        .map(|day| day.spent.clone());
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
    view! {
        <figure class="ad-chart">
            <svg
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label="Spent by day, and what of it has a price; the same stands in the table below"
            >
                {columns}
            </svg>
            <p class="ad-axis" aria-hidden="true">
                <span>{from}</span>
                <span>{dearest.map(|dearest| format!("at most {dearest}"))}</span>
                <span>{until}</span>
            </p>
            <figcaption>
                <span class="ad-key ad-key-sent">"Spent"</span>
                <span class="ad-key ad-key-approved">"Of it with a price"</span>
                <details>
                    <summary>"In figures"</summary>
                    {parts::table("By day", &["Day (UTC)", "Spent", "Used", "Sends", "With a price"], rows)}
                </details>
            </figcaption>
        </figure>
    }
}
