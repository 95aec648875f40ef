use super::{AdminContent, AdminPage, breakers, budget, decisions, log, log_in, number, overview, sites};
use leptos::prelude::*;

/// Where one can go, and what it is called.
const PLACES: [(&str, &str); 7] = [
    ("/admin", "Overview"),
    ("/admin/numbers", "Numbers"),
    ("/admin/budget", "Budget"),
    ("/admin/breakers", "Breakers"),
    ("/admin/decisions", "Decisions"),
    ("/admin/sites", "Sites"),
    ("/admin/log", "Log"),
];

pub(super) fn document(page: AdminPage) -> impl IntoView {
    let (title, here) = match &page.content {
        AdminContent::LogIn { .. } => ("Log in", None),
        AdminContent::Overview(_) => ("Overview", Some("/admin")),
        AdminContent::Number(_) => ("Numbers", Some("/admin/numbers")),
        AdminContent::Budget(_) => ("Budget", Some("/admin/budget")),
        AdminContent::Breakers(_) => ("Breakers", Some("/admin/breakers")),
        AdminContent::Decisions(_) => ("Decisions", Some("/admin/decisions")),
        AdminContent::Sites(_) => ("Sites", Some("/admin/sites")),
        AdminContent::Log(_) => ("Log", Some("/admin/log")),
        AdminContent::Unavailable => ("Not available", Some("")),
    };
    let styles = page
        .styles
        .into_iter()
        .map(|href| view! { <link rel="stylesheet" href=href /> })
        .collect_view();
    let content = match page.content {
        AdminContent::LogIn { problem } => log_in::form(problem).into_any(),
        AdminContent::Overview(overview) => overview::page(overview).into_any(),
        AdminContent::Number(number) => number::page(*number).into_any(),
        AdminContent::Budget(content) => budget::page(*content).into_any(),
        AdminContent::Breakers(page) => breakers::page(page).into_any(),
        AdminContent::Decisions(page) => decisions::page(page).into_any(),
        AdminContent::Sites(rows) => sites::page(rows).into_any(),
        AdminContent::Log(rows) => log::page(rows).into_any(),
        AdminContent::Unavailable => unavailable().into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{format!("{title} · phone-verify")}</title>
                {styles}
            </head>
            <body>
                <div class="pg-page ad-page">
                    <header class="pg-header ad-header">
                        <p class="pg-brand">"phone-verify"</p>
                        {here.map(places)}
                    </header>
                    <main class="ad-main">
                        <h1>{title}</h1>
                        {content}
                    </main>
                </div>
            </body>
        </html>
    }
}

/// The way to the other pages, and out.
fn places(here: &'static str) -> impl IntoView {
    let links = PLACES
        .into_iter()
        .map(|(path, name)| {
            let current = (path == here).then_some("page");
            view! {
                <li>
                    <a href=path aria-current=current>
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="ad-nav" aria-label="Admin">
            <ul>{links}</ul>
            <form method="post" action="/admin/logout">
                <button class="ad-button" type="submit">
                    "Log out"
                </button>
            </form>
        </nav>
    }
}

fn unavailable() -> impl IntoView {
    view! { <p class="ad-problem" role="alert">"The database does not answer. Nothing was done; try again."</p> }
}
