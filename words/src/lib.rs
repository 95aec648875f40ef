//! What the widget and the server's own pages say, in every language that they speak. The texts are in `languages`, one file a
//! language; `build.rs` makes [`Word`] of them.

mod plural;
#[cfg(feature = "translations")]
mod translation;

pub use plural::category;
#[cfg(feature = "translations")]
pub use translation::{Translation, nearest, negotiated};

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// All texts of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Cow<'static, str>);

impl Words {
    /// The language that there is always.
    pub const ENGLISH: Self = Self(Cow::Borrowed(ENGLISH));

    /// The texts of a language as its file holds them.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// All of it, as [`Words::new`] takes it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// BCP 47: what a `lang` attribute must tell assistive technology.
    #[must_use]
    pub fn language(&self) -> &str {
        self.line(0)
    }

    /// The value of a `dir` attribute, for a language that is written from right to left.
    #[must_use]
    pub fn direction(&self) -> Option<&str> {
        Some(self.line(1)).filter(|direction| !direction.is_empty())
    }

    /// A text.
    #[must_use]
    pub fn say(&self, word: Word) -> &str {
        self.line(word as usize + 2)
    }

    /// A text in the form for this plural category of CLDR (`one`, `few`, …); one without forms as it is.
    #[must_use]
    pub fn counted(&self, word: Word, category: &str) -> &str {
        let line = self.say(word);
        let form = |category| {
            line.split('\t')
                .find_map(|form| form.strip_prefix(category)?.strip_prefix(':'))
        };
        form(category).or_else(|| form("other")).unwrap_or(line)
    }

    fn line(&self, number: usize) -> &str {
        self.0.split('\n').nth(number).unwrap_or_default()
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::ENGLISH
    }
}

/// Puts values in the place of `{name}`s.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_place_of_their_names() {
        assert_eq!(fill("a {x} b {y}{x}", &[("x", "1"), ("y", "2")]), "a 1 b 21");
        assert_eq!(fill("a {unknown} b", &[]), "a  b");
        assert_eq!(fill("a {open", &[("open", "1")]), "a 1");
    }

    #[test]
    fn a_form_is_found_by_its_category_and_other_stands_for_what_is_not_there() {
        let words = Words::ENGLISH;
        assert_eq!(words.counted(Word::TriesLeft, "one"), "You can try once more.");
        assert_eq!(
            words.counted(Word::TriesLeft, "few"),
            "You can try {n} more times."
        );
        assert_eq!(words.counted(Word::Pin, "one"), "PIN");
    }

    #[test]
    fn a_text_that_is_cut_short_says_nothing_and_no_more() {
        let words = Words::new("xx\nrtl\nOne".to_owned());
        assert_eq!((words.language(), words.direction()), ("xx", Some("rtl")));
        assert_eq!(
            (words.say(Word::Country), words.say(Word::Misconfigured)),
            ("One", "")
        );
    }
}
