//! What becomes of the field's content and its caret when somebody has typed or deleted something.

use super::format;
use crate::code_input::digit;

/// What a field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Its content.
    pub text: String,
    /// Where its caret is, in UTF-16 units as browsers count.
    pub caret: usize,
}

/// Which key deleted something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Backspace: what stood before the caret.
    Before,
    /// Delete: what stood behind it.
    After,
}

/// Groups what is in the field now; the caret stays behind the digit that it is behind. Where only a separator was deleted,
/// which grouping would bring back, the digit beyond it goes.
#[must_use]
pub fn edit(before: &str, now: Edit, erased: Option<Erased>, calling_code: &str) -> Edit {
    let mut behind = significant(&now.text, now.caret);
    let mut text = now.text;
    if let Some(erased) = erased
        && text.len() < before.len()
        && kept(&text).eq(kept(before))
    {
        let gone = match erased {
            Erased::Before => behind.checked_sub(1),
            Erased::After => Some(behind),
        };
        if let Some(gone) = gone {
            text = kept(&text)
                .enumerate()
                .filter(|(position, _)| *position != gone)
                .map(|(_, character)| character)
                .collect();
            behind = behind.min(gone);
        }
    }
    let text = format(&text, calling_code);
    let caret = place(&text, behind);
    Edit { text, caret }
}

/// The digits and the plus.
fn kept(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| is_kept(*character))
}

fn is_kept(character: char) -> bool {
    matches!(character, '+' | '\u{ff0b}') || digit(character).is_some()
}

/// How many digits and pluses stand before the caret.
fn significant(text: &str, caret: usize) -> usize {
    let mut position = 0;
    let before = text.chars().take_while(|character| {
        position += character.len_utf16();
        position <= caret
    });
    before.filter(|character| is_kept(*character)).count()
}

/// Where the caret is that has so many digits and pluses before it.
fn place(text: &str, behind: usize) -> usize {
    let (mut position, mut passed) = (0, 0);
    for character in text.chars() {
        if passed == behind {
            return position;
        }
        position += character.len_utf16();
        passed += usize::from(is_kept(character));
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field with its caret written as `|`.
    fn field(text: &str) -> Edit {
        Edit {
            caret: text.find('|').unwrap(),
            text: text.replace('|', ""),
        }
    }

    fn shown(edit: &Edit) -> String {
        let (before, after) = edit.text.split_at(edit.caret);
        [before, "|", after].concat()
    }

    fn typed(before: &str, now: &str, erased: Option<Erased>) -> String {
        shown(&edit(before, field(now), erased, "44"))
    }

    #[test]
    fn the_caret_stays_behind_its_digit() {
        assert_eq!(typed("07400 12", "07400 123|", None), "07400 123|");
        assert_eq!(typed("07400", "074001|", None), "07400 1|");
        assert_eq!(typed("0740 123456", "0749|0 123456", None), "0749|0 123456");
        assert_eq!(typed("0740 12345", "0740 9|12345", None), "07409| 12345");
        assert_eq!(typed("", "|07400123456", None), "|07400 123456");
        assert_eq!(typed("", "+447400|123456", None), "+44 7400| 123456");
    }

    #[test]
    fn deleting_a_separator_deletes_the_digit_beyond_it() {
        let backspace = Some(Erased::Before);
        assert_eq!(typed("07400 123456", "07400|123456", backspace), "0740|1 23456");
        assert_eq!(
            typed("07400 123456", "07400|123456", Some(Erased::After)),
            "07400| 23456"
        );
        assert_eq!(typed("07400 123456", "0740| 123456", backspace), "0740|1 23456");
        // Whatever else shortens the text is no deletion of a separator.
        assert_eq!(typed("07400 123456", "07400123456|", None), "07400 123456|");
    }

    #[test]
    fn typed_one_by_one_or_pasted_a_number_looks_the_same() {
        for number in ["07400123456", "+4915123456789", "0033612345678"] {
            let mut now = Edit {
                text: String::new(),
                caret: 0,
            };
            for character in number.chars() {
                let before = now.text.clone();
                now.text.insert(now.caret, character);
                now.caret += 1;
                now = edit(&before, now, None, "44");
                assert_eq!(now.caret, now.text.len());
            }
            assert_eq!(now.text, format(number, "44"));
        }
    }
}
