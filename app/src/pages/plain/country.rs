use super::PlainForm;
use crate::countries::{self, Country};
use crate::words::{Language, Word};
use leptos::prelude::*;

/// The choice of a country, by English names: a browser without scripts names none.
pub(super) fn country_field(form: &PlainForm, language: &Language) -> impl IntoView + use<> {
    let offered = countries::offered(&form.countries);
    let chosen = countries::preselected(&offered, &form.country, &[]);
    let mut named: Vec<(Country, &'static str)> = offered
        .into_iter()
        .map(|country| (country, name(country.region)))
        .collect();
    named.sort_by_key(|(_, name)| *name);
    let options = named
        .into_iter()
        .map(|(country, name)| {
            let text = format!("{name} (+{})", country.calling_code);
            view! { <option value=country.region selected=chosen == Some(country)>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="pv-field">
            <label class="pv-label" for="country">{language.say(Word::Country).to_owned()}</label>
            <select class="pv-input" id="country" name="country" autocomplete="country">{options}</select>
        </div>
    }
}

/// The short English name of a region, or its code for those that ISO 3166 does not list (Ascension, Kosovo, Tristan da
/// Cunha).
fn name(region: &'static str) -> &'static str {
    rust_iso3166::from_alpha2(region).map_or(region, |country| country.name)
}
