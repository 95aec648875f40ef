//! What is pressed and typed into.

use super::choice::Choice;
use super::setting::{Group, Kind, Setting};
use leptos::prelude::*;

/// A group of the form. `show` has the frame follow.
pub(super) fn group(
    group: &'static Group,
    chosen: RwSignal<Choice>,
    show: impl Fn() + Copy + 'static,
) -> AnyView {
    let controls = group
        .settings
        .iter()
        .map(|setting| control(setting, chosen, show))
        .collect_view();
    view! {
        <fieldset class="pg-group">
            <legend>{group.heading}</legend>
            {controls}
        </fieldset>
    }
    .into_any()
}

fn control(setting: &'static Setting, chosen: RwSignal<Choice>, show: impl Fn() + Copy + 'static) -> AnyView {
    let id = ["set-", setting.name].concat();
    let value = chosen.with_untracked(|choice| choice.get(setting.name).to_owned());
    let take = move |value: String| chosen.update(|choice| choice.set(setting, &value));
    let note_id = [&id, "-note"].concat();
    let described = (!setting.note.is_empty()).then(|| note_id.clone());
    let note = described
        .clone()
        .map(|id| view! { <p class="pg-hint" id=id>{setting.note}</p> });
    let label = view! { <label for=id.clone()>{setting.label}</label> };
    match setting.kind {
        Kind::Text => view! {
            <div class="pg-control">
                {label}
                <input
                    type="text"
                    id=id
                    name=setting.name
                    value=value
                    maxlength="255"
                    spellcheck="false"
                    autocapitalize="off"
                    aria-describedby=described
                    on:input=move |event| take(event_target_value(&event))
                    on:change=move |_| show()
                />
                {note}
            </div>
        }
        .into_any(),
        Kind::Flag => view! {
            <div class="pg-control pg-flag">
                <input
                    type="checkbox"
                    id=id
                    name=setting.name
                    value="on"
                    checked=!value.is_empty()
                    on:change=move |event| {
                        take(if event_target_checked(&event) { "on".to_owned() } else { String::new() });
                        show();
                    }
                />
                {label}
            </div>
        }
        .into_any(),
        Kind::OneOf(values) => {
            let options = values
                .iter()
                .map(|(one, words)| view! { <option value=*one selected=value == *one>{*words}</option> })
                .collect_view();
            view! {
                <div class="pg-control">
                    {label}
                    <select
                        id=id
                        name=setting.name
                        aria-describedby=described
                        on:change=move |event| {
                            take(event_target_value(&event));
                            show();
                        }
                    >
                        {options}
                    </select>
                    {note}
                </div>
            }
            .into_any()
        }
    }
}

/// Copies `text`; there only where the page acts by itself.
pub(super) fn copy_button(
    words: &'static str,
    live: RwSignal<bool>,
    text: impl Fn() -> String + 'static,
) -> impl IntoView {
    let said = RwSignal::new("");
    view! {
        <p class="pg-copy">
            <button class="pg-button" type="button" hidden=move || !live.get() on:click=move |_| copy(&text(), said)>{words}</button>
            <span role="status">{move || said.get()}</span>
        </p>
    }
}

const COPIED: &str = "Copied.";
const NOT_COPIED: &str = "The browser does not let this page copy: select the lines instead.";

#[cfg(feature = "browser")]
fn copy(text: &str, said: RwSignal<&'static str>) {
    // Elsewhere there is no clipboard at all, whatever its type says.
    let window = web_sys::window().filter(web_sys::Window::is_secure_context);
    let Some(window) = window else {
        said.set(NOT_COPIED);
        return;
    };
    let copying = window.navigator().clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        let copied = wasm_bindgen_futures::JsFuture::from(copying).await.is_ok();
        said.try_set(if copied { COPIED } else { NOT_COPIED });
    });
}

#[cfg(not(feature = "browser"))]
fn copy(_: &str, said: RwSignal<&'static str>) {
    let _ = (said, COPIED, NOT_COPIED);
}

/// Has the page's address say what was chosen, for whoever reloads it or sends it on.
#[cfg(feature = "browser")]
pub(super) fn page_address(address: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // Refused only where it is asked for too often, and then the next one says it all.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(address));
    }
}

#[cfg(not(feature = "browser"))]
pub(super) const fn page_address(_: &str) {}
