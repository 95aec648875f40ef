//! What is typed, chosen and pressed in the fields.

use super::{Controller, Model};
use crate::browser::locale::{CountryNames, searchable};
use crate::code_input;
use crate::countries::{self, Country};
use crate::flow::Field;
use crate::number_input::{self, Edit, Erased};
use leptos::ev::Event;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, InputEvent, KeyboardEvent, Node};

impl Controller {
    /// The number's field changed.
    pub(crate) fn on_number_input(self, event: &Event) {
        let Some(field) = field(event) else { return };
        let typed = field.value();
        let input = event.dyn_ref::<InputEvent>();
        // Characters that are being composed are not touched.
        let composing = input.is_some_and(InputEvent::is_composing);
        let erased = input.and_then(|input| match input.input_type().as_str() {
            "deleteContentBackward" => Some(Erased::Before),
            "deleteContentForward" => Some(Erased::After),
            _ => None,
        });
        let caret = field.selection_start().ok().flatten();
        let caret = caret.and_then(|caret| usize::try_from(caret).ok());
        let now = Edit {
            caret: caret.unwrap_or(typed.len()),
            text: typed.clone(),
        };
        let mut shown = None;
        self.act(|inner| {
            let model = &mut inner.model;
            let offered = countries::offered(&model.options.countries);
            if let Some(country) = countries::of_number(&typed, &model.country, &offered) {
                country.region.clone_into(&mut model.country);
            }
            if composing {
                model.number.clone_from(&typed);
            } else {
                let country = countries::find(&model.country, &offered);
                let calling_code = country.map_or("", |country| country.calling_code);
                let grouped = number_input::edit(&model.number, now, erased, calling_code);
                model.number.clone_from(&grouped.text);
                shown = Some(grouped);
            }
            model.flow.edited(Field::Number);
            inner.name_country();
        });
        if let Some(Edit { text, caret }) = shown
            && text != typed
        {
            field.set_value(&text);
            // At the end it is already, and setting it would draw the focus to a field that was filled in from outside.
            if caret < text.len()
                && let Ok(caret) = u32::try_from(caret)
            {
                // A field of type `tel` has a caret.
                let _ = field.set_selection_range(caret, caret);
            }
        }
    }

    /// A key in the number's field.
    pub(crate) fn on_number_key(self, event: &Event) {
        if is_enter(event) {
            self.get_pin();
        }
    }

    /// The code's field changed.
    pub(crate) fn on_code_input(self, event: &Event) {
        let Some(field) = field(event) else { return };
        if event
            .dyn_ref::<InputEvent>()
            .is_some_and(InputEvent::is_composing)
        {
            // Characters that are being composed are not touched.
            return;
        }
        let typed = field.value();
        let length = self.peek(Model::code_length);
        let digits = code_input::digits(&typed, length);
        if digits != typed {
            field.set_value(&digits);
        }
        let complete = digits.len() == length;
        self.act(|inner| {
            inner.model.code = digits;
            inner.model.flow.edited(Field::Code);
            if complete && inner.model.options.auto {
                inner.check_once();
            }
        });
    }

    /// A key in the code's field.
    pub(crate) fn on_code_key(self, event: &Event) {
        if is_enter(event) {
            self.check();
        }
    }

    /// The country was pressed.
    pub(crate) fn on_country_press(self) {
        if self.peek(|model| model.list.open) {
            self.close_countries(true);
        } else {
            self.open_countries("");
        }
    }

    /// A key at the country.
    pub(crate) fn on_country_key(self, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let key = event.key();
        let typed = key.chars().nth(1).is_none()
            && key != " "
            && !event.ctrl_key()
            && !event.meta_key()
            && !event.alt_key();
        if typed || key == "ArrowDown" || key == "ArrowUp" {
            event.prevent_default();
            self.open_countries(if typed { &key } else { "" });
        }
    }

    /// The focus left something in the country's field; leaving the field closes its list.
    pub(crate) fn on_country_left(self, event: &Event) {
        let left = event
            .current_target()
            .and_then(|field| field.dyn_into::<Node>().ok());
        let next = event
            .dyn_ref::<web_sys::FocusEvent>()
            .and_then(web_sys::FocusEvent::related_target)
            .and_then(|next| next.dyn_into::<Node>().ok());
        if !left
            .zip(next)
            .is_some_and(|(field, next)| field.contains(Some(&next)))
        {
            self.close_countries(false);
        }
    }

    /// The search changed.
    pub(crate) fn on_search_input(self, event: &Event) {
        if let Some(field) = field(event) {
            self.search_countries(&field.value());
        }
    }

    /// A key in the search.
    pub(crate) fn on_search_key(self, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let (active, last) = self.peek(|model| (model.list.active, model.list.found.len().saturating_sub(1)));
        match event.key().as_str() {
            "ArrowDown" => self.activate(if active >= last { 0 } else { active + 1 }),
            "ArrowUp" => self.activate(if active == 0 { last } else { active - 1 }),
            "PageDown" => self.activate((active + 8).min(last)),
            "PageUp" => self.activate(active.saturating_sub(8)),
            "Enter" if event.is_composing() => {}
            "Enter" => self.choose_country(active),
            "Escape" => self.close_countries(true),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// A country in the list was pressed.
    pub(crate) fn on_option_press(self, event: &Event) {
        let position = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("[role=option]").ok().flatten())
            .and_then(|option| option.id().rsplit('-').next()?.parse().ok());
        if let Some(position) = position {
            self.choose_country(position);
        }
    }

    /// The focus stays where it is.
    #[expect(clippy::unused_self, reason = "called as the other listeners are")]
    pub(crate) fn hold_focus(self, event: &Event) {
        event.prevent_default();
    }

    fn open_countries(self, query: &str) {
        if self.peek(Model::is_held) {
            return;
        }
        self.act(|inner| inner.model.list.open = true);
        self.search_countries(query);
    }

    fn close_countries(self, back: bool) {
        self.act(|inner| inner.model.list.open = false);
        if back && let Some(combobox) = self.find("country") {
            let _ = combobox.focus();
        }
    }

    fn search_countries(self, query: &str) {
        self.act(|inner| {
            let model = &mut inner.model;
            model.list.found = find_countries(model, query);
            model.list.active = 0;
            if query.is_empty() {
                let chosen = model
                    .list
                    .found
                    .iter()
                    .position(|(country, _)| country.region == model.country);
                model.list.active = chosen.unwrap_or_default();
            }
            query.clone_into(&mut model.list.query);
            model.list.searches += 1;
        });
    }

    fn choose_country(self, position: usize) {
        self.act(|inner| {
            let model = &mut inner.model;
            if let Some((country, name)) = model.list.found.get(position) {
                country.region.clone_into(&mut model.country);
                model.country_name.clone_from(name);
                model.number = number_input::format(&model.number, country.calling_code);
                model.flow.edited(Field::Number);
            }
        });
        self.close_countries(true);
    }

    fn activate(self, position: usize) {
        self.act(|inner| inner.model.list.active = position);
        self.show_active();
    }

    /// Marks the option that Enter chooses and brings it into sight.
    pub(super) fn show_active(self) {
        let Some(list) = self.find("countries") else {
            return;
        };
        if let Ok(Some(before)) = list.query_selector(".pv-active") {
            before.set_class_name("pv-option");
        }
        let active = self.peek(|model| model.list.active);
        let option = u32::try_from(active)
            .ok()
            .and_then(|position| list.children().item(position));
        let Some(option) = option.and_then(|option| option.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        option.set_class_name("pv-option pv-active");
        // `scrollIntoView` would move the host's page as well.
        let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
        if top < list.scroll_top() {
            list.set_scroll_top(top);
        } else if bottom > list.scroll_top() + list.client_height() {
            list.set_scroll_top(bottom - list.client_height());
        }
    }
}

/// The offered countries that a search finds: by a word of the name, by the region's code or by the calling code.
fn find_countries(model: &Model, query: &str) -> Vec<(Country, String)> {
    let query = searchable(query.trim());
    let digits = query.trim_start_matches(['+', '0']);
    CountryNames::new(&model.language.locale)
        .sorted(&countries::offered(&model.options.countries))
        .into_iter()
        .filter(|(country, name)| {
            let name = searchable(name);
            name.split([' ', '-', '(']).any(|word| word.starts_with(&query))
                || name.starts_with(&query)
                || country.region.eq_ignore_ascii_case(&query)
                || !digits.is_empty() && country.calling_code.starts_with(digits)
        })
        .collect()
}

fn field(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Enter does the widget's step; it never submits the form that the widget is in. While characters are being composed it
/// chooses among them.
fn is_enter(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
        let enter = event.key() == "Enter";
        if enter {
            event.prevent_default();
        }
        enter && !event.is_composing() && !event.repeat()
    })
}
