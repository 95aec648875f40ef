//! What rules decided, and why.

use super::{channel, country, parts};
use leptos::prelude::*;
use phone_verify_domain::{Channel, Country};

/// Decisions, and which of them are shown.
#[derive(Clone, Debug, Default)]
pub struct DecisionsPage {
    /// The key of the site that they are of; of all where empty.
    pub site: String,
    /// The keys of all sites.
    pub sites: Vec<String>,
    /// The rule that decided; any where empty.
    pub rule: &'static str,
    /// All rules.
    pub rules: Vec<&'static str>,
    /// The verification that they are about; anything where empty.
    pub verification: String,
    /// The decisions, the newest first.
    pub rows: Vec<DecisionRow>,
}

/// A decision.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// When, in UTC, for people.
    pub at: String,
    /// What became of what was asked.
    pub outcome: DecisionOutcome,
    /// What was asked, in a word.
    pub operation: &'static str,
    /// Which rule decided.
    pub rule: Option<&'static str>,
    /// What it saw, in words.
    pub saw: String,
    /// Of which site.
    pub site: Option<String>,
    /// By which channel.
    pub channel: Option<Channel>,
    /// To which country.
    pub country: Option<Country>,
    /// Of which verification.
    pub verification: Option<String>,
    /// How many decisions it stands for.
    pub times: u32,
}

/// What became of what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionOutcome {
    /// It was allowed.
    Allowed,
    /// It was refused.
    Refused,
    /// Nothing was sent, and the client was told what others are told.
    Dropped,
}

pub(super) fn page(page: DecisionsPage) -> impl IntoView {
    view! {
        <p>
            "What was refused, or dropped without a word, by which rule, and what that rule saw. Of a single verification also what was allowed. Numbers do not stand here: look one up to see its lines."
        </p>
        {choice(&page)}
        {table(page.rows)}
    }
}

fn choice(page: &DecisionsPage) -> impl IntoView + use<> {
    view! {
        <form class="ad-form ad-row" method="get" action="/admin/decisions">
            {parts::site_choice(&page.sites, &page.site)}
            {parts::choice(("rule", "Rule"), &page.rules, page.rule)}
            <div>
                <label for="verification">"Verification"</label>
                <input
                    id="verification"
                    name="verification"
                    autocomplete="off"
                    maxlength="64"
                    value=page.verification.clone()
                />
            </div>
            <button class="ad-button" type="submit">
                "Show"
            </button>
        </form>
    }
}

/// A table of decisions.
pub(super) fn table(rows: Vec<DecisionRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"No rule has decided against anything."</p> }.into_any();
    }
    let rows = rows.into_iter().map(row).collect_view();
    parts::table(
        "Decisions",
        &[
            "At (UTC)",
            "What",
            "Rule",
            "What it saw",
            "Site",
            "Channel",
            "Country",
            "Verification",
        ],
        rows,
    )
}

fn row(row: DecisionRow) -> impl IntoView {
    let none = || "–".to_owned();
    let outcome = match row.outcome {
        DecisionOutcome::Allowed => "Allowed",
        DecisionOutcome::Refused => "Refused",
        DecisionOutcome::Dropped => "Dropped, told as sent",
    };
    let times = (row.times > 1).then(|| format!(", {} more of this minute", row.times));
    let verification = row.verification.map(|id| {
        let href = format!("/admin/decisions?verification={id}");
        let short = id.get(..8).unwrap_or(&id).to_owned();
        view! {
            <a href=href>
                <code>{short}</code>
            </a>
        }
    });
    view! {
        <tr>
            <th scope="row">{row.at}</th>
            <td>{format!("{outcome}: {}", row.operation)} {times}</td>
            <td>
                <code>{row.rule.unwrap_or("–")}</code>
            </td>
            <td>{row.saw}</td>
            <td>{row.site.unwrap_or_else(none)}</td>
            <td>{row.channel.map_or("–", channel)}</td>
            <td>{row.country.map_or_else(none, country)}</td>
            <td>{verification}</td>
        </tr>
    }
}
