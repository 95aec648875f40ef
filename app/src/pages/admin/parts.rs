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
