//! The fields of the form and their rules.

use serde::Deserialize;

/// The form as it was posted. A field that is missing is an empty one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// Who orders.
    pub name: String,
    /// What.
    pub item: String,
    /// Where to.
    pub address: String,
    /// The hidden field that the widget fills: a claim to be checked, like everything that a browser sends.
    #[serde(rename = "phone-token")]
    pub phone_token: String,
    /// The session's own secret: see [`crate::sessions::Session::form_token`].
    #[serde(rename = "form-token")]
    pub form_token: String,
}

/// What is wrong with each field, in words for the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the name.
    pub name: Option<&'static str>,
    /// With the item.
    pub item: Option<&'static str>,
    /// With the address.
    pub address: Option<&'static str>,
    /// With the phone number.
    pub phone: Option<&'static str>,
}

impl Problems {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An order that has been taken.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Who ordered.
    pub name: String,
    /// What.
    pub item: String,
    /// Where to.
    pub address: String,
    /// The number, where the site has `token_number = true`.
    pub phone_number: Option<String>,
    /// The number's country, ISO 3166 alpha-2.
    pub country: String,
}

impl OrderForm {
    /// What is wrong with the fields that the user types; of the phone number nothing is said here.
    pub fn problems(&self) -> Problems {
        Problems {
            name: problem(&self.name, 1..=100, false, "Enter your name."),
            item: problem(&self.item, 1..=100, false, "Enter what you would like to order."),
            address: problem(&self.address, 5..=300, true, "Enter the address to deliver to."),
            phone: None,
        }
    }
}

fn problem(
    text: &str,
    characters: std::ops::RangeInclusive<usize>,
    lines: bool,
    missing: &'static str,
) -> Option<&'static str> {
    let text = text.trim();
    let length = text.chars().count();
    let allowed = |character: char| !character.is_control() || (lines && matches!(character, '\r' | '\n'));
    if length < *characters.start() {
        Some(missing)
    } else if length > *characters.end() {
        Some("This is too long.")
    } else if !text.chars().all(allowed) {
        Some("This has characters that cannot be printed.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, item: &str, address: &str) -> OrderForm {
        OrderForm {
            name: name.into(),
            item: item.into(),
            address: address.into(),
            ..OrderForm::default()
        }
    }

    #[test]
    fn each_field_has_its_own_rule() {
        let good = form("Ada Ämter", "1 kg coffee", "1 Main Street\r\nSpringfield");
        assert!(good.problems().is_empty());
        let long = "x".repeat(301);
        for (form, wrong) in [
            (form("", "tea", "1 Main Street"), (true, false, false)),
            (form(" ", " \t", "    "), (true, true, true)),
            (form("Ada", "tea", "1 M"), (false, false, true)),
            (form(&long, &long, &long), (true, true, true)),
            (
                form("Ada\nLovelace", "te\0a", "1 Main Street\u{7}"),
                (true, true, true),
            ),
        ] {
            let problems = form.problems();
            let found = (
                problems.name.is_some(),
                problems.item.is_some(),
                problems.address.is_some(),
            );
            assert_eq!(found, wrong, "{form:?}");
        }
    }
}
