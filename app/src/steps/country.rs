//! The choice of a country: a combobox whose popup has a search field and a list.

use crate::controller::Controller;
use crate::countries::{self, Country};
use crate::words::Word;
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Choice {
    controller: Controller,
    open: RwSignal<bool>,
    query: RwSignal<String>,
    /// The position that Enter chooses.
    active: RwSignal<usize>,
    shown: Memo<Vec<Named>>,
    button: NodeRef<html::Button>,
    search: NodeRef<html::Input>,
}

#[derive(Clone, PartialEq)]
struct Named {
    country: Country,
    name: String,
    searchable: String,
}

impl Choice {
    fn new(controller: Controller) -> Self {
        let open = RwSignal::new(false);
        let query = RwSignal::new(String::new());
        let all = Memo::new(move |_| if open.get() { named(controller) } else { Vec::new() });
        Self {
            controller,
            open,
            query,
            active: RwSignal::new(0),
            shown: Memo::new(move |_| {
                let query = query.with(|query| searchable(query.trim()));
                all.with(|all| {
                    all.iter()
                        .filter(|named| named.matches(&query))
                        .cloned()
                        .collect()
                })
            }),
            button: NodeRef::new(),
            search: NodeRef::new(),
        }
    }

    fn show(self, query: &str) {
        if self.controller.is_held() {
            return;
        }
        self.query.set(query.to_owned());
        self.open.set(true);
        let chosen = self.controller.country.get_untracked();
        let position = self
            .shown
            .with_untracked(|shown| shown.iter().position(|named| named.country.region == chosen));
        self.active.set(position.unwrap_or(0));
    }

    fn hide(self) {
        self.open.set(false);
        if let Some(button) = self.button.get_untracked() {
            let _ = button.focus();
        }
    }

    fn choose(self, position: usize) {
        let region = self
            .shown
            .with_untracked(|shown| shown.get(position).map(|named| named.country.region));
        if let Some(region) = region {
            self.controller.country_chosen(region);
            self.hide();
        }
    }

    fn option(self, position: usize) -> String {
        self.controller
            .element(&["country-", &position.to_string()].concat())
    }

    fn on_button_key(self, event: &KeyboardEvent) {
        let key = event.key();
        let typed = key.chars().count() == 1
            && key != " "
            && !event.ctrl_key()
            && !event.meta_key()
            && !event.alt_key();
        if typed {
            event.prevent_default();
            self.show(&key);
        } else if key == "ArrowDown" || key == "ArrowUp" {
            event.prevent_default();
            self.show("");
        }
    }

    fn on_search_key(self, event: &KeyboardEvent) {
        let last = self.shown.with_untracked(Vec::len).saturating_sub(1);
        let active = self.active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.active.set(if active >= last { 0 } else { active + 1 }),
            "ArrowUp" => self.active.set(if active == 0 { last } else { active - 1 }),
            "PageDown" => self.active.set((active + 8).min(last)),
            "PageUp" => self.active.set(active.saturating_sub(8)),
            "Enter" if event.is_composing() => {}
            "Enter" => self.choose(active),
            "Escape" => self.hide(),
            "Tab" => {
                self.open.set(false);
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

impl Named {
    /// Whether a search finds it: by a word of its name, by its code, or by its calling code.
    fn matches(&self, query: &str) -> bool {
        query.is_empty()
            || self.searchable.starts_with(query)
            || self
                .searchable
                .split([' ', '-', '('])
                .any(|word| word.starts_with(query))
            || self.country.region.eq_ignore_ascii_case(query)
            || self
                .country
                .calling_code
                .starts_with(query.trim_start_matches(['+', '0']))
                && query.bytes().any(|byte| byte.is_ascii_digit())
    }
}

/// The combobox and, while it is open, its popup.
pub(super) fn country_field(controller: Controller) -> AnyView {
    let choice = Choice::new(controller);
    let (label, button, list) = (
        controller.element("country-label"),
        controller.element("country"),
        controller.element("countries"),
    );
    let calling_code = move || {
        controller
            .country
            .with(|region| countries::find(region))
            .map(|country| ["+", country.calling_code].concat())
    };
    let controls = list.clone();
    let popup = move || choice.open.get().then(|| popup(choice, list.clone()));
    view! {
        <div class="pv-field pv-country" on:focusout=move |event| on_focus_out(choice, &event)>
            <label class="pv-label" id=label.clone() for=button.clone()>{controller.text(Word::Country)}</label>
            <button
                type="button"
                role="combobox"
                class="pv-input pv-choice"
                id=button
                node_ref=choice.button
                aria-labelledby=label
                aria-haspopup="listbox"
                aria-expanded=move || if choice.open.get() { "true" } else { "false" }
                aria-controls=move || choice.open.get().then(|| controls.clone())
                aria-disabled=move || controller.is_held().then_some("true")
                on:click=move |_| {
                    if choice.open.get_untracked() {
                        choice.hide();
                    } else {
                        choice.show("");
                    }
                }
                on:keydown=move |event| choice.on_button_key(&event)
            >
                <span class="pv-name">{move || name_of(controller)}</span>
                <span class="pv-calling" dir="ltr">{calling_code}</span>
            </button>
            {popup}
        </div>
    }
    .into_any()
}

fn popup(choice: Choice, list: String) -> AnyView {
    let controller = choice.controller;
    let options = NodeRef::<html::Ul>::new();
    Effect::new(move |_| {
        if let Some(search) = choice.search.get() {
            let _ = search.focus();
        }
    });
    Effect::new(move |_| {
        let active = choice.active.get();
        choice.shown.track();
        scroll_to(options, active);
    });
    let draw = move || {
        let chosen = controller.country.get_untracked();
        choice.shown.with(|shown| {
            shown
                .iter()
                .enumerate()
                .map(|(position, named)| option(choice, position, named, named.country.region == chosen))
                .collect_view()
        })
    };
    let none = move || {
        choice
            .shown
            .with(Vec::is_empty)
            .then(|| view! { <p class="pv-none">{controller.text(Word::NoCountry)}</p> })
    };
    view! {
        <div class="pv-popup">
            <input
                class="pv-input pv-search"
                type="search"
                autocomplete="off"
                spellcheck="false"
                node_ref=choice.search
                aria-label=controller.text(Word::SearchCountries)
                aria-controls=list.clone()
                aria-activedescendant=move || {
                    let active = choice.active.get();
                    choice.shown.with(|shown| active < shown.len()).then(|| choice.option(active))
                }
                prop:value=move || choice.query.get()
                on:input=move |event| {
                    choice.query.set(event_target_value(&event));
                    choice.active.set(0);
                }
                on:keydown=move |event| choice.on_search_key(&event)
            />
            <ul
                class="pv-list"
                role="listbox"
                id=list
                node_ref=options
                aria-label=controller.text(Word::Country)
                // The focus stays in the search field.
                on:mousedown=move |event: MouseEvent| event.prevent_default()
            >
                {draw}
            </ul>
            {none}
        </div>
    }
    .into_any()
}

fn option(choice: Choice, position: usize, named: &Named, chosen: bool) -> AnyView {
    let code = ["+", named.country.calling_code].concat();
    view! {
        <li
            class="pv-option"
            class:pv-active=move || choice.active.get() == position
            role="option"
            id=choice.option(position)
            aria-selected=if chosen { "true" } else { "false" }
            on:click=move |_| choice.choose(position)
        >
            <span class="pv-name">{named.name.clone()}</span>
            " "
            <span class="pv-calling" dir="ltr">{code}</span>
        </li>
    }
    .into_any()
}

#[cfg(feature = "browser")]
mod here {
    use super::{Controller, Named, NodeRef, html};
    use crate::browser::locale::{CountryNames, searchable as plain};
    use crate::countries;
    use leptos::prelude::*;

    pub(super) fn named(controller: Controller) -> Vec<Named> {
        let offered = controller
            .options
            .with(|options| countries::offered(&options.countries));
        let names = controller.locale.with(|locale| CountryNames::new(locale));
        names
            .sorted(&offered)
            .into_iter()
            .map(|(country, name)| Named {
                country,
                searchable: plain(&name),
                name,
            })
            .collect()
    }

    pub(super) fn name_of(controller: Controller) -> String {
        let names = controller.locale.with(|locale| CountryNames::new(locale));
        controller.country.with(|region| names.of(region))
    }

    pub(super) fn searchable(text: &str) -> String {
        plain(text)
    }

    pub(super) fn scroll_to(list: NodeRef<html::Ul>, position: usize) {
        let option = list.get().and_then(|list| {
            u32::try_from(position)
                .ok()
                .and_then(|position| list.children().item(position))
        });
        if let (Some(list), Some(option)) = (list.get_untracked(), option) {
            // `scrollIntoView` would move the host's page as well.
            let (top, height) = (
                option.client_height() * i32::try_from(position).unwrap_or(0),
                option.client_height(),
            );
            if top < list.scroll_top() {
                list.set_scroll_top(top);
            } else if top + height > list.scroll_top() + list.client_height() {
                list.set_scroll_top(top + height - list.client_height());
            }
        }
    }
}

#[cfg(not(feature = "browser"))]
mod here {
    use super::{Controller, Named, NodeRef, html};
    use leptos::prelude::*;

    /// The popup is never open on the server.
    pub(super) fn named(_controller: Controller) -> Vec<Named> {
        Vec::new()
    }

    /// Names are the browser's; until it names the country its code stands there.
    pub(super) fn name_of(controller: Controller) -> String {
        controller.country.get()
    }

    pub(super) fn searchable(text: &str) -> String {
        text.to_lowercase()
    }

    pub(super) fn scroll_to(_list: NodeRef<html::Ul>, _position: usize) {}
}

use here::{name_of, named, scroll_to, searchable};

/// Leaving the combobox closes it.
fn on_focus_out(choice: Choice, event: &FocusEvent) {
    #[cfg(feature = "browser")]
    {
        use wasm_bindgen::JsCast;

        let within = event
            .current_target()
            .and_then(|field| field.dyn_into::<web_sys::Node>().ok())
            .zip(
                event
                    .related_target()
                    .and_then(|next| next.dyn_into::<web_sys::Node>().ok()),
            )
            .is_some_and(|(field, next)| field.contains(Some(&next)));
        if !within {
            choice.open.try_set(false);
        }
    }
    #[cfg(not(feature = "browser"))]
    let _ = (choice, event);
}
