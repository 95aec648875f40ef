use super::{SiteRow, channel, parts};
use leptos::prelude::*;

pub(super) fn page(rows: Vec<SiteRow>) -> impl IntoView {
    let sites = rows.into_iter().map(site).collect_view();
    view! {
        <p>"The configuration owns them: change them there, and start the server again."</p>
        {sites}
    }
}

fn site(row: SiteRow) -> impl IntoView {
    let channels: Vec<&str> = row.channels.iter().map(|by| channel(*by)).collect();
    let countries = match row.countries {
        None => "All".to_owned(),
        Some(none) if none.is_empty() => "None".to_owned(),
        Some(some) => some.join(", "),
    };
    let origins = if row.origins.is_empty() {
        "None".to_owned()
    } else {
        row.origins.join(", ")
    };
    let numbers = if row.keeps_numbers {
        "Keyed hashes, and encrypted for the site's server"
    } else {
        "Keyed hashes"
    };
    let facts = [
        ("Name", row.name),
        ("Origins", origins),
        ("Countries", countries),
        ("Channels", channels.join(", ")),
        ("Numbers kept", numbers.to_owned()),
        ("Webhooks", row.webhook_host.unwrap_or_else(|| "None".to_owned())),
    ];
    view! {
        <section>
            <h2>{row.key}</h2>
            {parts::facts("ad-facts", facts)}
        </section>
    }
}
