use super::parts::{self, Column, Legend};
use super::{Bar, FaultRow, OverviewPage, ShareRow, channel, country, fate, percent};
use leptos::prelude::*;
use phone_verify_domain::Channel;

/// The periods to choose from.
const PERIODS: [(&str, &str); 3] = [("day", "24 hours"), ("week", "7 days"), ("month", "30 days")];

pub(super) fn page(page: OverviewPage) -> impl IntoView {
    let (sent, approved) = page.bars.iter().fold((0, 0), |(sent, approved), bar| {
        (sent + bar.sent, approved + bar.approved)
    });
    let delivered: u64 = page.shares.iter().map(|share| share.delivered).sum();
    let figures = [
        ("Sent", sent.to_string()),
        ("Known to have arrived", percent(delivered, sent)),
        ("Approved", approved.to_string()),
        ("Conversion", percent(approved, sent)),
    ];
    view! {
        {choice(&page)}
        {down(&page.down)}
        {parts::facts("ad-figures", figures)}
        {chart(&page.bars)}
        <h2>"By country and channel"</h2>
        {shares(page.shares)}
        <h2>"What did not arrive"</h2>
        {faults(page.faults)}
    }
}

/// Which stretch of time, and whose.
fn choice(page: &OverviewPage) -> impl IntoView + use<> {
    let period = page.period;
    let periods = PERIODS
        .into_iter()
        .map(|(value, name)| {
            view! {
                <option value=value selected=value == period>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <form class="ad-form ad-row" method="get" action="/admin">
            <div>
                <label for="period">"Period"</label>
                <select id="period" name="period">
                    {periods}
                </select>
            </div>
            {parts::site_choice(&page.sites, &page.site)}
            <button class="ad-button" type="submit">
                "Show"
            </button>
        </form>
    }
}

fn down(senders: &[(Channel, String)]) -> impl IntoView + use<> {
    senders
        .iter()
        .map(|(by, sender)| {
            let text = format!("{}: the sender `{sender}` is down and rests.", channel(*by));
            view! {
                <p class="ad-problem" role="alert">
                    {text}
                </p>
            }
        })
        .collect_view()
}

fn chart(bars: &[Bar]) -> impl IntoView + use<> {
    let columns: Vec<Column> = bars
        .iter()
        .map(|bar| Column {
            begins: bar.begins.clone(),
            said: format!("{}: {} sent, {} approved", bar.begins, bar.sent, bar.approved),
            whole: bar.sent,
            part: bar.approved,
        })
        .collect();
    let rows = bars
        .iter()
        .map(|bar| {
            view! {
                <tr>
                    <th scope="row">{bar.begins.clone()}</th>
                    <td>{bar.sent}</td>
                    <td>{bar.approved}</td>
                    <td>{percent(bar.approved, bar.sent)}</td>
                </tr>
            }
        })
        .collect_view();
    let most = bars.iter().map(|bar| bar.sent).max().unwrap_or_default().max(1);
    let legend = Legend {
        label: "Sent, and approved of them, over time; the same stands in the table below",
        kinds: ["Sent", "Approved"],
        most: most.to_string(),
    };
    let table = parts::table(
        "Over time",
        &["From (UTC)", "Sent", "Approved", "Conversion"],
        rows,
    );
    parts::chart(&columns, &legend, table)
}

fn shares(rows: Vec<ShareRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"Nothing was sent."</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{country(row.country)}</th>
                    <td>{channel(row.channel)}</td>
                    <td>{row.sent}</td>
                    <td>{percent(row.delivered, row.sent)}</td>
                    <td>{row.approved}</td>
                    <td>{percent(row.approved, row.sent)}</td>
                </tr>
            }
        })
        .collect_view();
    parts::table(
        "By country and channel",
        &["Country", "Channel", "Sent", "Arrived", "Approved", "Conversion"],
        rows,
    )
}

fn faults(rows: Vec<FaultRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"Nothing is known to have failed."</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{fate(row.state, row.reason)}</th>
                    <td>{country(row.country)}</td>
                    <td>{channel(row.channel)}</td>
                    <td>{row.sender}</td>
                    <td>{row.count}</td>
                </tr>
            }
        })
        .collect_view();
    parts::table(
        "What did not arrive",
        &["What became of it", "Country", "Channel", "Sender", "How many"],
        rows,
    )
}
