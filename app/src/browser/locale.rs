//! The user's languages, and the names of countries in them.

use crate::countries::Country;
use js_sys::{Array, Object};
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

    #[wasm_bindgen(js_name = String)]
    type Text;

    #[wasm_bindgen(method, js_name = localeCompare)]
    fn locale_compare(this: &Text, other: &JsValue) -> f64;

    #[wasm_bindgen(method)]
    fn normalize(this: &Text, form: &str) -> String;
}

/// What the browser says that its user reads, the best first.
#[must_use]
pub fn languages() -> Vec<String> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let mut languages: Vec<String> = window
        .navigator()
        .languages()
        .iter()
        .filter_map(|language| language.as_string())
        .collect();
    languages.extend(window.navigator().language());
    languages
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
        let mut named: Vec<_> = countries
            .iter()
            .map(|country| (*country, JsValue::from_str(&self.of(country.region))))
            .collect();
        named.sort_by(|(_, one), (_, other)| {
            one.unchecked_ref::<Text>().locale_compare(other).total_cmp(&0.0)
        });
        named
            .into_iter()
            .map(|(country, name)| (country, name.as_string().unwrap_or_default()))
            .collect()
    }
}

/// A name as it is searched: lower case, without accents.
#[must_use]
pub fn searchable(name: &str) -> String {
    let value = JsValue::from_str(name);
    value
        .unchecked_ref::<Text>()
        .normalize("NFD")
        .chars()
        .filter(|character| !('\u{300}'..'\u{370}').contains(character))
        .flat_map(char::to_lowercase)
        .collect()
}
