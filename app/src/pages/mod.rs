//! The server's own pages, rendered by it and taken over by the wasm in the browser.

#[cfg(feature = "ssr")]
pub mod admin;
mod configurator;
mod home;
#[cfg(feature = "ssr")]
mod plain;
mod verify;

use crate::words::Words;
use configurator::Configurator;
#[cfg(feature = "ssr")]
pub use configurator::preview_document;
pub use configurator::{Choice, PATH as CONFIGURATOR_PATH, PREVIEW_PATH, Skin};
use home::Home;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
pub use plain::{PlainAction, PlainForm, PlainStep, plain_document};
pub use verify::Errand;
use verify::Verify;

/// What the server tells its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// URL of the module that starts the wasm.
    pub script: String,
    /// URLs of the style sheets.
    pub styles: Vec<String>,
    /// The site that the page itself verifies for; without one there is nothing to try.
    pub site_key: Option<String>,
    /// The server's public URL, as pages elsewhere must name it.
    pub public_url: String,
    /// Where sent codes can be read, in development.
    pub outbox: Option<String>,
    /// A host's session, on the page that is for one.
    pub errand: Option<Errand>,
    /// What was chosen, on the page that is for choosing.
    pub choice: Option<Choice>,
    /// What the page says, its reader's language.
    pub words: Words,
}

/// The attributes by which the page reaches the browser: no inline script, so that the strictest policy holds.
#[cfg(feature = "browser")]
const ATTRIBUTES: [&str; 7] = [
    "data-site-key",
    "data-public-url",
    "data-outbox",
    "data-session",
    "data-onward",
    "data-choice",
    "data-words",
];

/// The whole document; `plain` is what there is to do in it without JavaScript.
#[cfg(feature = "ssr")]
#[must_use]
pub fn shell(page: Page, plain: Option<PlainForm>) -> impl IntoView {
    let (site_key, public_url, outbox) = (
        page.site_key.clone(),
        page.public_url.clone(),
        page.outbox.clone(),
    );
    let (session, onward) = page
        .errand
        .clone()
        .map_or((None, None), |errand| (Some(errand.session), errand.onward));
    let choice = page.choice.as_ref().map(Choice::to_query);
    let title = match page.choice {
        Some(_) => "Configurator · phone-verify",
        None => "phone-verify",
    };
    let styles = style_links(&page);
    let (language, direction) = language(&page.words);
    let words = (page.words != Words::ENGLISH).then(|| page.words.text().to_owned());
    // After what the wasm takes over, which begins with the body's first child.
    let plain = plain.map(|form| view! { <noscript>{plain::plain_content(&page, &form)}</noscript> });
    view! {
        <!DOCTYPE html>
        <html lang=language dir=direction>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                {styles}
                <script type="module" src=page.script.clone()></script>
            </head>
            <body
                data-site-key=site_key
                data-public-url=public_url
                data-outbox=outbox
                data-session=session
                data-onward=onward
                data-choice=choice
                data-words=words
            >
                <App page=page />
                {plain}
            </body>
        </html>
    }
}

/// The attributes `lang` and `dir`.
#[cfg(feature = "ssr")]
fn language(words: &Words) -> (String, Option<String>) {
    (words.language().to_owned(), words.direction().map(str::to_owned))
}

#[cfg(feature = "ssr")]
fn style_links(page: &Page) -> impl IntoView + use<> {
    page.styles
        .iter()
        .map(|href| view! { <link rel="stylesheet" href=href.clone() /> })
        .collect_view()
}

/// What is in the document's body.
#[component]
fn App(
    /// What the server tells its pages.
    page: Page,
) -> impl IntoView {
    match (page.errand.clone(), page.choice.clone()) {
        (Some(errand), _) => view! { <Verify page=page errand=errand /> }.into_any(),
        (None, Some(choice)) => view! { <Configurator page=page choice=choice /> }.into_any(),
        (None, None) => view! { <Home page=page /> }.into_any(),
    }
}

/// Takes over the page that the server has rendered.
#[cfg(all(feature = "hydrate", feature = "browser"))]
pub fn hydrate() {
    let body = leptos::tachys::dom::body();
    let [site_key, public_url, outbox, session, onward, choice, words] =
        ATTRIBUTES.map(|name| body.get_attribute(name));
    let page = Page {
        choice: choice.map(|query| Choice::from_query(&query, None)),
        site_key,
        public_url: public_url.unwrap_or_default(),
        outbox,
        errand: session.map(|session| Errand { session, onward }),
        words: words.map_or(Words::ENGLISH, Words::new),
        ..Page::default()
    };
    hydrate_body(move || view! { <App page=page /> });
}
