use super::{LogRow, parts};
use leptos::prelude::*;

pub(super) fn page(rows: Vec<LogRow>) -> impl IntoView {
    view! {
        <p>"What was done on these pages and by commands, the newest first. Numbers do not stand here: look one up to see its lines."</p>
        {table(rows)}
    }
}

pub(super) fn table(rows: Vec<LogRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>"Nothing yet."</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{row.at}</th>
                    <td>{words(row.action)}</td>
                    <td>{row.site.or(row.breaker).unwrap_or_else(|| "–".to_owned())}</td>
                    <td>
                        <code>{row.session.unwrap_or_else(|| "–".to_owned())}</code>
                    </td>
                </tr>
            }
        })
        .collect_view();
    parts::table("What was done", &["At (UTC)", "What", "Where", "Log-in"], rows)
}

/// What an action is called.
fn words(action: &'static str) -> &'static str {
    match action {
        "logged_in" => "Logged in",
        "log_in_refused" => "A wrong password",
        "logged_out" => "Logged out",
        "looked_up" => "A number looked up",
        "unlocked" => "A number unlocked",
        "blocked" => "A number blocked",
        "unblocked" => "A block ended",
        "erased" => "A number erased",
        "breaker_opened" => "A breaker opened",
        "breaker_closed" => "A breaker closed",
        other => other,
    }
}
