//! The choice of a country: a combobox whose popup has a search field and a list.

use super::when;
use crate::controller::{Controller, Model};
use crate::parts::Part;
use crate::words::Word;

/// The combobox and, while it is open, its popup.
pub(super) fn country_field(controller: Controller) -> Part {
    let label = controller
        .part("label", "pv-label")
        .id("country-label")
        .refers("for", "country")
        .with(controller.word(Word::Country));
    let combobox = controller
        .part("button", "pv-input pv-choice")
        .id("country")
        .is("type", "button")
        .is("role", "combobox")
        .is("aria-haspopup", "listbox")
        .refers("aria-labelledby", "country-label")
        .live("aria-expanded", |model| Some(model.list.open.to_string()))
        .live("aria-controls", |model| {
            model.list.open.then(|| model.id("countries"))
        })
        .live("aria-disabled", |model| when(model.is_held()))
        .on("click", |controller, _| controller.on_country_press())
        .on("keydown", Controller::on_country_key)
        .with(
            controller
                .part("span", "pv-name")
                .with(controller.text(Model::country)),
        )
        .with(calling_code(controller).with(controller.text(Model::calling_code)));
    let open = controller.key(|model| model.list.open.into());
    controller
        .part("div", "pv-field")
        .on("focusout", Controller::on_country_left)
        .with(label)
        .with(combobox)
        .with(controller.switch(open, |controller, open| (open != 0).then(|| popup(controller))))
}

fn popup(controller: Controller) -> Part {
    let search = controller
        .part("input", "pv-input pv-search")
        .id("search")
        .is("type", "search")
        .is("autocomplete", "off")
        .is("spellcheck", "false")
        .live("aria-label", |model| Some(search_countries(model)))
        .live("placeholder", |model| Some(search_countries(model)))
        .refers("aria-controls", "countries")
        .live("aria-activedescendant", |model| {
            let position = model.list.active;
            (position < model.list.found.len()).then(|| option_id(model, position))
        })
        .value(|model| model.list.query.clone())
        .on("input", Controller::on_search_input)
        .on("keydown", Controller::on_search_key);
    let searches = controller.key(|model| model.list.searches);
    controller
        .part("div", "pv-popup")
        .with(search)
        .with(controller.switch(searches, |controller, _| Some(list(controller))))
}

fn search_countries(model: &Model) -> String {
    model.say(Word::SearchCountries).to_owned()
}

fn list(controller: Controller) -> Part {
    let (found, active, chosen) = controller.peek(|model| {
        let chosen = model
            .list
            .found
            .iter()
            .position(|(country, _)| country.region == model.country);
        (model.list.found.clone(), model.list.active, chosen)
    });
    if found.is_empty() {
        return controller
            .part("p", "pv-none")
            .with(controller.word(Word::NoCountry));
    }
    let list = controller
        .part("ul", "pv-list")
        .id("countries")
        .is("role", "listbox")
        .refers("aria-labelledby", "country-label")
        // The focus stays in the search field.
        .on("mousedown", Controller::hold_focus)
        .on("click", Controller::on_option_press);
    found
        .into_iter()
        .enumerate()
        .fold(list, |list, (position, (country, name))| {
            let class = if position == active {
                "pv-option pv-active"
            } else {
                "pv-option"
            };
            let option = controller
                .part("li", class)
                .is("role", "option")
                .is("id", &controller.peek(|model| option_id(model, position)))
                .is(
                    "aria-selected",
                    if chosen == Some(position) { "true" } else { "false" },
                )
                .with(controller.part("span", "pv-name").says(name))
                .with(calling_code(controller).says(["+", country.calling_code].concat()));
            list.with(option)
        })
}

fn calling_code(controller: Controller) -> Part {
    controller.part("span", "pv-calling").is("dir", "ltr")
}

fn option_id(model: &Model, position: usize) -> String {
    model.id(&["country-", &position.to_string()].concat())
}
