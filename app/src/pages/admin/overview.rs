use super::{Bar, FaultRow, OverviewPage, ShareRow, channel, country, fate, parts, percent};
use leptos::prelude::*;
use phone_verify_domain::Channel;

/// The periods to choose from.
const PERIODS: [(&str, &str); 3] = [("day", "24 hours"), ("week", "7 days"), ("month", "30 days")];

/// The chart's size in its own units.
const HEIGHT: u64 = 100;
const STEP: u64 = 10;

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
    let chosen = page.site.clone();
    let sites = page
        .sites
        .iter()
        .map(|key| {
            view! {
                <option value=key.clone() selected=*key == chosen>
                    {key.clone()}
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

/// Two columns a stretch, one before the other; the table below says the same in figures.
fn chart(bars: &[Bar]) -> impl IntoView + use<> {
    let most = bars.iter().map(|bar| bar.sent).max().unwrap_or_default().max(1);
    let scaled = |count: u64| (count * HEIGHT).div_ceil(most).min(HEIGHT);
    let columns = bars
        .iter()
        .zip(0_u64..)
        .map(|(bar, index)| {
            let (sent, approved) = (scaled(bar.sent), scaled(bar.approved));
            let x = (index * STEP + 1).to_string();
            let said = format!("{}: {} sent, {} approved", bar.begins, bar.sent, bar.approved);
            view! {
                <g>
                    <title>{said}</title>
                    <rect
                        class="ad-sent"
                        x=x.clone()
                        y=(HEIGHT - sent).to_string()
                        width=(STEP - 2).to_string()
                        height=sent.to_string()
                    />
                    <rect
                        class="ad-approved"
                        x=x
                        y=(HEIGHT - approved).to_string()
                        width=(STEP - 2).to_string()
                        height=approved.to_string()
                    />
                </g>
            }
        })
        .collect_view();
    let width = STEP * u64::try_from(bars.len()).unwrap_or(1);
    let from = bars.first().map(|bar| bar.begins.clone());
    let until = bars.last().map(|bar| bar.begins.clone());
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
    view! {
        <figure class="ad-chart">
            <svg
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label="Sent, and approved of them, over time; the same stands in the table below"
            >
                {columns}
            </svg>
            <p class="ad-axis" aria-hidden="true">
                <span>{from}</span>
                <span>{format!("at most {most}")}</span>
                <span>{until}</span>
            </p>
            <figcaption>
                <span class="ad-key ad-key-sent">"Sent"</span>
                <span class="ad-key ad-key-approved">"Approved"</span>
                <details>
                    <summary>"In figures"</summary>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"From (UTC)"</th>
                                <th scope="col">"Sent"</th>
                                <th scope="col">"Approved"</th>
                                <th scope="col">"Conversion"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </details>
            </figcaption>
        </figure>
    }
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
