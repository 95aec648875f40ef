//! What an incoming message wants.

use super::report::value;
use super::signature::Form;
use crate::store::OptOut;

/// The words that Twilio's own list takes for STOP (its default opt-out keywords, those of April 2025 included).
const STOP: [&str; 8] = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "OPTOUT",
    "REVOKE",
];

/// The words that it takes for START.
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

/// What a message to the sending number wants: as Twilio has read it, where it says so (a messaging service with words of
/// its own, in any language), else by the words of Twilio's default list, each alone in its message. `None` for all else.
#[must_use]
pub fn opt_out(form: &Form) -> Option<OptOut> {
    let is = |word: &str, words: &[&str]| words.iter().any(|other| other.eq_ignore_ascii_case(word));
    if let Some(read) = value(form, "OptOutType") {
        return match read {
            _ if is(read, &STOP[..1]) => Some(OptOut::Stop),
            _ if is(read, &START[..1]) => Some(OptOut::Start),
            _ => None,
        };
    }
    match value(form, "Body")?.trim() {
        word if is(word, &STOP) => Some(OptOut::Stop),
        word if is(word, &START) => Some(OptOut::Start),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(pairs: &[(&str, &str)]) -> Option<OptOut> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        opt_out(&pairs.iter().map(owned).collect())
    }

    #[test]
    fn a_keyword_alone_is_a_wish_in_any_case() {
        for word in STOP {
            for body in [word, &word.to_lowercase(), &format!(" {word}\n")] {
                assert_eq!(wish(&[("Body", body)]), Some(OptOut::Stop), "{body:?}");
            }
        }
        for word in ["start", "Yes", "UNSTOP "] {
            assert_eq!(wish(&[("Body", word)]), Some(OptOut::Start), "{word:?}");
        }
        for other in ["", "stop it", "please STOP", "HELP", "no", "STOPPED", "ＳＴＯＰ"] {
            assert_eq!(wish(&[("Body", other)]), None, "{other:?}");
        }
        assert_eq!(wish(&[]), None);
    }

    #[test]
    fn what_twilio_has_read_goes_before_the_words() {
        let read = |kind, body| wish(&[("OptOutType", kind), ("Body", body)]);
        assert_eq!(read("STOP", "ARRET"), Some(OptOut::Stop));
        assert_eq!(read("START", "ENCORE"), Some(OptOut::Start));
        assert_eq!(read("HELP", "STOP"), None);
        assert_eq!(read("", "STOP"), Some(OptOut::Stop));
    }
}
