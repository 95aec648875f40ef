//! The pages. Every form is a plain form and works without scripts; scripts add the component, which talks by server functions,
//! waits that count down, and buttons that are pressed once.

mod dashboard;
mod entrance;
mod parts;
mod pin;
mod second_step;
mod verify;

use crate::page::{Content, Page};
use dashboard::DashboardPage;
use entrance::{LogInPage, RegisterPage};
use leptos::prelude::*;
use second_step::SecondStepPage;
use verify::VerifyPage;

/// The attribute by which a page reaches the browser: no inline script, so that the strictest policy holds.
#[cfg(feature = "hydrate")]
const ATTRIBUTE: &str = "data-page";

/// The whole document. Without a script's path it has none.
#[cfg(feature = "ssr")]
#[must_use]
pub(crate) fn shell(page: Page, styles: Vec<String>, script: Option<&'static str>) -> impl IntoView {
    let data = serde_json::to_string(&page).unwrap_or_default();
    let styles = styles
        .into_iter()
        .map(|href| view! { <link rel="stylesheet" href=href /> })
        .collect_view();
    let script = script.map(|src| view! { <script type="module" src=src></script> });
    let title = format!("{} · Accounts", title(&page));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                {styles}
                {script}
            </head>
            <body data-page=data>
                <App page=page />
            </body>
        </html>
    }
}

/// The page's heading.
const fn title(page: &Page) -> &'static str {
    match page.content {
        Content::Register { .. } => "Register",
        Content::LogIn { .. } => "Log in",
        Content::Verify(_) => "Verify your phone number",
        Content::SecondStep { .. } => "Second step",
        Content::Dashboard(_) => "Dashboard",
    }
}

/// What is in the document's body.
#[component]
fn App(
    /// What it shows.
    page: Page,
) -> impl IntoView {
    let title = title(&page);
    let outbox = page.outbox.then(|| {
        view! {
            <p class="pg-note">
                "Development: nothing is sent, messages are at " <a href="/dev/outbox">"the outbox"</a> "."
            </p>
        }
    });
    let Page {
        content,
        problem,
        once,
        ..
    } = page;
    let content = match content {
        Content::Register {
            user_name,
            full_name,
            phone_number,
        } => view! { <RegisterPage user_name full_name phone_number problem /> }.into_any(),
        Content::LogIn { user_name } => view! { <LogInPage user_name problem /> }.into_any(),
        Content::Verify(proving) => view! { <VerifyPage proving problem once /> }.into_any(),
        Content::SecondStep { to, code } => view! { <SecondStepPage to code problem once /> }.into_any(),
        Content::Dashboard(dashboard) => view! { <DashboardPage dashboard problem /> }.into_any(),
    };
    view! {
        <div class="pg-page ac-page">
            <header class="pg-header">
                <p class="pg-brand">"Accounts"</p>
            </header>
            <main class="pg-try ac-main">
                <h1>{title}</h1>
                {content}
                {outbox}
            </main>
        </div>
    }
}

/// Takes over the page that the server has rendered.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrate() {
    let data = leptos::tachys::dom::body().get_attribute(ATTRIBUTE);
    let page = data.and_then(|data| serde_json::from_str::<Page>(&data).ok());
    // A page of another release stays as it is, and works.
    if let Some(page) = page {
        hydrate_body(move || view! { <App page=page /> });
    }
}
