use super::choice::Choice;
use crate::pages::Page;
use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;

/// What the configurator's frame holds: the widget as it is embedded, and nothing else. `skin` is the URL of the skin's style
/// sheet.
#[must_use]
pub fn preview_document(page: &Page, choice: &Choice, skin: Option<String>) -> String {
    let attributes: Vec<AnyAttribute> = choice
        .attributes()
        .into_iter()
        // What it calls is on the page that it is made for.
        .filter(|(name, _)| *name != super::setting::CALLBACK)
        .map(|(name, value)| custom_attribute(name, value.unwrap_or_default().to_owned()).into_any_attr())
        .collect();
    let element = custom("phone-verify").add_any_attr(attributes).child(());
    let styles = crate::pages::style_links(page);
    let skin = skin.map(|href| view! { <link rel="stylesheet" href=href /> });
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>"Preview"</title>
                {styles}
                {skin}
                <script async type="module" src="/embed/v1/phone-verify.js"></script>
            </head>
            <body class="pg-framed">
                <main>
                    {element}
                    <noscript>
                        <p>"The widget itself needs JavaScript; the lines beside it do not."</p>
                    </noscript>
                </main>
            </body>
        </html>
    };
    Owner::new().with(|| document.to_html())
}
