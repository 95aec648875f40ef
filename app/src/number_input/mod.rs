//! What people type, paste and have filled in for a number, grouped as numbers of its country are written.
//!
//! Only the looks of it: the same digits in the same order, and what they mean is the server's to say.

mod edit;
mod plan;

pub use edit::{Edit, Erased, edit};

use crate::code_input::digit;
use plan::Plan;

/// The digits of `typed` in ASCII and in groups, a country's national spelling where it does not say one; as it is where
/// something else than digits and punctuation stands in it.
#[must_use]
pub fn format(typed: &str, calling_code: &str) -> String {
    let Some((plus, digits)) = digits(typed) else {
        return typed.to_owned();
    };
    let (lead, rest) = if plus {
        ("+", digits.as_str())
    } else if let Some(rest) = digits.strip_prefix("00") {
        ("00", rest)
    } else {
        return Plan::of(calling_code).map_or_else(|| digits.clone(), |plan| plan.national(&digits));
    };
    let Some(plan) = Plan::of_international(rest) else {
        return [lead, rest].concat();
    };
    let national = plan.international(rest.get(plan.calling_code.len()..).unwrap_or_default());
    let space = if national.is_empty() { "" } else { " " };
    [lead, plan.calling_code, space, &national].concat()
}

/// Whether it begins with a plus, and its digits.
fn digits(typed: &str) -> Option<(bool, String)> {
    let (mut plus, mut digits) = (false, String::new());
    for character in typed.chars() {
        match character {
            '+' | '\u{ff0b}' if digits.is_empty() => plus = true,
            // Also the marks that address books put around a number to keep it from left to right.
            ' '
            | '-'
            | '.'
            | '/'
            | '('
            | ')'
            | '\u{a0}'
            | '\u{2010}'..='\u{2015}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {}
            other => digits.push(char::from(digit(other)?)),
        }
    }
    Some((plus, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_country_writes_them_while_they_are_typed() {
        for (calling_code, typed, shown) in [
            ("1", "2015550123", "201-555-0123"),
            ("1", "201555", "201-555"),
            ("1", "12015550123", "1 201-555-0123"),
            ("44", "07400123456", "07400 123456"),
            ("44", "7400123456", "7400 123456"),
            ("44", "02079460000", "020 7946 0000"),
            ("33", "0612345678", "06 12 34 56 78"),
            ("39", "3123456789", "312 345 6789"),
            ("49", "01512", "01512"),
            ("7", "89123456789", "8 912 345-67-89"),
        ] {
            assert_eq!(format(typed, calling_code), shown, "{typed}");
        }
    }

    #[test]
    fn an_international_number_is_grouped_by_its_own_country() {
        for (typed, shown) in [
            ("+", "+"),
            ("+4", "+4"),
            ("+44", "+44"),
            ("+447", "+44 7"),
            ("+447400123456", "+44 7400 123456"),
            ("+44 (0) 7400 123456", "+44 07400 123456"),
            ("00447400123456", "0044 7400 123456"),
            ("+12015550123", "+1 201-555-0123"),
            ("+390612345678", "+39 06 1234 5678"),
            ("+999123", "+999123"),
        ] {
            assert_eq!(format(typed, "1"), shown, "{typed}");
        }
    }

    #[test]
    fn any_spelling_and_any_script_shows_the_same() {
        for typed in [
            "(201) 555-0123",
            "201.555.0123",
            "201 555 0123",
            " 2015550123 ",
            "\u{202a}201\u{2011}555\u{2011}0123\u{202c}",
            "٢٠١٥٥٥٠١٢٣",
            "２０１-５５５-０１２３",
        ] {
            assert_eq!(format(typed, "1"), "201-555-0123", "{typed}");
        }
    }

    #[test]
    fn what_is_no_plain_number_is_left_to_the_server() {
        for typed in [
            "201 555 0123 ext. 4",
            "tel:+12015550123",
            "1-800-FLOWERS",
            "201+555",
            "555#1",
        ] {
            assert_eq!(format(typed, "1"), typed);
        }
    }
}
