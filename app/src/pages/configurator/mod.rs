//! The page at `/configurator`: attributes and skin on one side, the lines for one's own page and the widget on the other.
//!
//! It is one form that is asked for with GET, so it works without JavaScript, and its address says what was chosen. The
//! widget itself is in a frame: the real one, with the real script, on a page without anything else.

mod choice;
mod control;
#[cfg(feature = "ssr")]
mod preview;
mod setting;
mod skin;
mod snippet;

pub use choice::Choice;
#[cfg(feature = "ssr")]
pub use preview::preview_document;
pub use skin::Skin;

use super::Page;
use control::{copy_button, group, page_address};
use leptos::prelude::*;
use setting::GROUPS;

/// Where the page is.
pub const PATH: &str = "/configurator";

/// Where its frame is.
pub const PREVIEW_PATH: &str = "/configurator/preview";

/// The page at [`PATH`].
#[component]
pub(super) fn Configurator(page: Page, choice: Choice) -> impl IntoView {
    let chosen = RwSignal::new(choice);
    // What the frame shows: not each letter of what is being typed.
    let shown = RwSignal::new(chosen.with_untracked(Choice::to_query));
    // Whether this page acts by itself; without it, its button does.
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let show = move || {
        let query = chosen.with_untracked(Choice::to_query);
        if shown.with_untracked(|before| *before != query) {
            page_address(&[PATH, "?", &query].concat());
            shown.set(query);
        }
    };
    let lines = Memo::new(move |_| chosen.with(|choice| snippet::snippet(choice, &page.public_url)));
    let skin = Memo::new(move |_| chosen.with(Choice::skin));
    let groups = GROUPS
        .iter()
        .map(|settings| group(settings, chosen, show))
        .collect_view();
    let outbox = page.outbox.map(super::home::outbox_note);
    view! {
        <div class="pg-page">
            <header class="pg-header">
                <p class="pg-brand"><a href="/">"phone-verify"</a></p>
            </header>
            <main class="pg-configurator">
                <h1>"Make it yours"</h1>
                <form
                    class="pg-form"
                    method="get"
                    action=PATH
                    autocomplete="off"
                    on:submit=move |event| {
                        event.prevent_default();
                        show();
                    }
                >
                    {groups}
                    <button class="pg-button" type="submit" hidden=move || live.get()>"Show"</button>
                </form>
                <div class="pg-outcome">
                    <section aria-labelledby="preview">
                        <h2 id="preview">"The widget"</h2>
                        // A frame of its own for each choice: a new address for the same one would be a step of the browser's
                        // history.
                        <For each=move || [shown.get()] key=Clone::clone let:query>
                            <iframe class="pg-preview" title="Preview" src=[PREVIEW_PATH, "?", &query].concat()></iframe>
                        </For>
                        {outbox}
                    </section>
                    <section aria-labelledby="lines">
                        <h2 id="lines">"For your page"</h2>
                        <pre class="pg-code" tabindex="0" aria-label="HTML">{move || lines.get()}</pre>
                        {copy_button("Copy the HTML", live, move || lines.get_untracked())}
                    </section>
                    {move || skin.get().map(|skin| skin_section(skin, live))}
                </div>
            </main>
        </div>
    }
}

fn skin_section(skin: Skin, live: RwSignal<bool>) -> impl IntoView {
    view! {
        <section aria-labelledby="skin-file">
            <h2 id="skin-file">{[skin.name(), ".css"].concat()}</h2>
            <pre class="pg-code" tabindex="0" aria-label="CSS">{skin.css()}</pre>
            {copy_button("Copy the CSS", live, move || skin.css().to_owned())}
        </section>
    }
}
