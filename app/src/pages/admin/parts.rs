//! What several pages are made of.

use leptos::prelude::*;

/// A table that is scrolled by itself where the screen is narrow, by keys too.
pub(super) fn table(label: &'static str, columns: &[&'static str], rows: impl IntoView + 'static) -> AnyView {
    let columns = columns
        .iter()
        .map(|name| view! { <th scope="col">{*name}</th> })
        .collect_view();
    view! {
        <div class="ad-table" role="region" aria-label=label tabindex="0">
            <table>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Names and values, in the look of this class.
pub(super) fn facts(
    class: &'static str,
    facts: impl IntoIterator<Item = (&'static str, String)>,
) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class=class>{facts}</dl> }
}

/// The choice of a site in a form; all of them where none is chosen.
pub(super) fn site_choice(sites: &[String], chosen: &str) -> impl IntoView + use<> {
    let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
    choice(("site", "Site"), &sites, chosen)
}

/// A choice in a form, by its name and what stands above it; all where none is chosen.
pub(super) fn choice(
    (name, label): (&'static str, &'static str),
    values: &[&str],
    chosen: &str,
) -> impl IntoView + use<> {
    let options = values
        .iter()
        .map(|value| {
            view! {
                <option value=(*value).to_owned() selected=*value == chosen>
                    {(*value).to_owned()}
                </option>
            }
        })
        .collect_view();
    view! {
        <div>
            <label for=name>{label}</label>
            <select id=name name=name>
                <option value="">"All"</option>
                {options}
            </select>
        </div>
    }
}

/// A stretch of time in a chart: a column, and what of it is of the second kind before it.
pub(super) struct Column {
    /// When.
    pub begins: String,
    /// What is said of it.
    pub said: String,
    /// How much.
    pub whole: u64,
    /// How much of it is of the second kind.
    pub part: u64,
}

/// What a chart says beside its columns.
pub(super) struct Legend {
    /// For whoever does not see it.
    pub label: &'static str,
    /// The two kinds.
    pub kinds: [&'static str; 2],
    /// The highest column, in words.
    pub most: String,
}

/// The chart's size in its own units.
const HEIGHT: u64 = 100;
const STEP: u64 = 10;

/// Columns over time; the table says the same in figures.
pub(super) fn chart(columns: &[Column], legend: &Legend, table: AnyView) -> impl IntoView + use<> {
    let most = columns.iter().map(|column| column.whole).max();
    let most = most.unwrap_or_default().max(1);
    // However little it is, it is seen.
    let scaled = |amount: u64| amount.saturating_mul(HEIGHT).div_ceil(most).min(HEIGHT);
    let bars = columns
        .iter()
        .zip(0_u64..)
        .map(|(column, index)| {
            let x = (index * STEP + 1).to_string();
            view! {
                <g>
                    <title>{column.said.clone()}</title>
                    {bar("ad-sent", x.clone(), scaled(column.whole))}
                    {bar("ad-approved", x, scaled(column.part))}
                </g>
            }
        })
        .collect_view();
    let width = STEP * u64::try_from(columns.len()).unwrap_or(1);
    let from = columns.first().map(|column| column.begins.clone());
    let until = columns.last().map(|column| column.begins.clone());
    let [whole, part] = legend.kinds;
    view! {
        <figure class="ad-chart">
            <svg
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=legend.label
            >
                {bars}
            </svg>
            <p class="ad-axis" aria-hidden="true">
                <span>{from}</span>
                <span>{format!("at most {}", legend.most)}</span>
                <span>{until}</span>
            </p>
            <figcaption>
                <span class="ad-key ad-key-sent">{whole}</span>
                <span class="ad-key ad-key-approved">{part}</span>
                <details>
                    <summary>"In figures"</summary>
                    {table}
                </details>
            </figcaption>
        </figure>
    }
}

fn bar(class: &'static str, x: String, height: u64) -> impl IntoView {
    view! {
        <rect
            class=class
            x=x
            y=(HEIGHT - height).to_string()
            width=(STEP - 2).to_string()
            height=height.to_string()
        />
    }
}
