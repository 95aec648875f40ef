//! The user's languages, and the names of countries in them.

use crate::countries::{self, Country};
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locales: &JsValue, options: &Object) -> Result<DisplayNames, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, code: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type Collator;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locales: &JsValue) -> Result<Collator, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn compare(this: &Collator) -> Function;

    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locales: &str) -> Result<PluralRules, JsValue>;

    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, number: u32) -> String;

    #[wasm_bindgen(js_name = Number)]
    type Figure;

    #[wasm_bindgen(method, js_name = toLocaleString, catch)]
    fn to_locale_string(this: &Figure, locales: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = Array)]
    type Sortable;

    #[wasm_bindgen(method, js_name = sort)]
    fn sort_by(this: &Sortable, compare: &Function);

    #[wasm_bindgen(js_name = String)]
    type Text;

    #[wasm_bindgen(method)]
    fn normalize(this: &Text, form: &str) -> Text;

    #[wasm_bindgen(method, js_name = toLowerCase)]
    fn to_lower_case(this: &Text) -> String;
}

/// `first`, then what the browser says that its user reads, the best first.
#[must_use]
pub fn languages(first: &str) -> Vec<String> {
    let mut languages = vec![first.to_owned()];
    if let Some(window) = web_sys::window() {
        let list = window.navigator().languages();
        languages.extend(list.iter().filter_map(|language| language.as_string()));
    }
    languages
}

/// The plural category of `number` in the language of `locale`.
#[must_use]
pub fn category(number: u32, locale: &str) -> String {
    PluralRules::new(locale)
        .map(|rules| rules.select(number))
        .unwrap_or_default()
}

/// A number in the digits of `locale`.
#[must_use]
pub fn digits(number: u32, locale: &str) -> String {
    JsValue::from(number)
        .unchecked_ref::<Figure>()
        .to_locale_string(locale)
        .unwrap_or_else(|_| number.to_string())
}

/// Names countries in one language, the browser's own where it does not know that one.
pub struct CountryNames(Option<DisplayNames>);

impl CountryNames {
    /// The names in `locale`.
    #[must_use]
    pub fn new(locale: &str) -> Self {
        let options = Object::new();
        super::json::set_string(&options, "type", "region");
        let names = DisplayNames::new(&Array::of1(&JsValue::from_str(locale)), &options)
            .or_else(|_| DisplayNames::new(&JsValue::UNDEFINED, &options));
        Self(names.ok())
    }

    /// The name of a region; its code where it has none.
    #[must_use]
    pub fn of(&self, region: &str) -> String {
        self.0
            .as_ref()
            .and_then(|names| names.of(region).ok().flatten())
            .unwrap_or_else(|| region.to_owned())
    }

    /// Countries with their names, in the order of the browser's language.
    #[must_use]
    pub fn sorted(&self, countries: &[Country]) -> Vec<(Country, String)> {
        // Sorted by the browser, which knows how: each name with its region behind it.
        let entries = Array::new();
        for country in countries {
            let mut entry = self.of(country.region);
            entry.push(SEPARATOR);
            entry.push_str(country.region);
            entries.push(&JsValue::from_str(&entry));
        }
        if let Ok(collator) = Collator::new(&JsValue::UNDEFINED) {
            entries.unchecked_ref::<Sortable>().sort_by(&collator.compare());
        }
        let mut sorted = Vec::new();
        for entry in entries.iter() {
            let entry = entry.as_string().unwrap_or_default();
            if let Some((name, region)) = entry.split_once(SEPARATOR)
                && let Some(country) = countries::find(region, countries)
            {
                sorted.push((country, name.to_owned()));
            }
        }
        sorted
    }
}

/// Between a name and its region; it sorts before everything that names are made of.
const SEPARATOR: char = '\t';

/// A name as it is searched: lower case, without accents.
#[must_use]
pub fn searchable(name: &str) -> String {
    let name = JsValue::from_str(name);
    let plain = name.unchecked_ref::<Text>().normalize("NFD").to_lower_case();
    plain
        .chars()
        .filter(|character| !('\u{300}'..'\u{370}').contains(character))
        .collect()
}
