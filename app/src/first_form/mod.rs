//! The form that stands in a page before the wasm does: this component's own first step, drawn at build time, for the loader to
//! put in place.

mod tree;

use crate::countries;
use crate::gateway::Gateway;
use crate::options::Options;
use crate::phone_verify::PhoneVerify;
use leptos::prelude::*;

/// What begins the ids of the drawn elements, until the loader knows better.
const ID: &str = "@";

/// The JavaScript module that the loader is bundled with. `FORM` is the form: an element is its name, its attributes and what is
/// in it, `@` begins each id, and everything that attributes of the page may add is there. `COUNTRIES` are all regions, behind
/// how far their calling code is from the one before; a space is one.
#[must_use]
pub fn module() -> String {
    [
        "export const FORM = ",
        &tree::json(&html()),
        ";\nexport const COUNTRIES = \"",
        &regions(),
        "\";\n",
    ]
    .concat()
}

fn html() -> String {
    let options = Options {
        terms: Some(String::new()),
        ..Options::default()
    };
    Owner::new().with(|| {
        view! { <PhoneVerify gateway=Gateway::Actions options=options site_key="" id=ID /> }.to_html()
    })
}

fn regions() -> String {
    let (mut text, mut before, mut written) = (String::new(), 0, "");
    for country in countries::all() {
        if country.calling_code != written {
            written = country.calling_code;
            let code: u32 = written.parse().unwrap_or_default();
            match code - before {
                1 => text.push(' '),
                step => text.push_str(&step.to_string()),
            }
            before = code;
        }
        text.push_str(country.region);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_is_the_components_own_and_takes_typing() {
        let form: serde_json::Value = serde_json::from_str(&tree::json(&html())).unwrap();
        let text = form.to_string();
        assert_eq!(form[0], "div");
        assert_eq!(form[1]["class"], "pv-root");
        for part in ["@-status", "@-country", "@-number", "@-send", "@-terms"] {
            assert!(
                text.contains(&["\"id\":\"", part, "\""].concat()),
                "{part}: {text}"
            );
        }
        for hindrance in ["disabled", "readonly"] {
            assert!(!text.contains(hindrance), "{hindrance}: {text}");
        }
    }

    #[test]
    fn the_regions_can_be_read_back() {
        let (mut read, mut code) = (Vec::new(), 0);
        let text = regions();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let letters = rest
                .find(|character: char| character.is_ascii_uppercase())
                .unwrap();
            code += rest[..letters].parse().unwrap_or(1);
            rest = &rest[letters..];
            let end = rest
                .find(|character: char| !character.is_ascii_uppercase())
                .unwrap_or(rest.len());
            let (regions, after) = rest.split_at(end);
            rest = after;
            for position in (0..regions.len()).step_by(2) {
                read.push((regions[position..position + 2].to_owned(), code.to_string()));
            }
        }
        let all: Vec<_> = countries::all()
            .into_iter()
            .map(|country| (country.region.to_owned(), country.calling_code.to_owned()))
            .collect();
        assert_eq!(read, all);
    }
}
