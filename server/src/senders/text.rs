//! The words around a code in a text message: one template a language, one message segment at most.

use super::Message;
use super::languages::{LANGUAGES, Language, normal};
use phone_verify_domain::Code;
use std::collections::BTreeMap;

/// Septets that one segment holds in the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1).
const GSM_SEGMENT: usize = 160;

/// UTF-16 units that one segment holds otherwise (3GPP TS 23.038, 6.2.3).
const UCS2_SEGMENT: usize = 70;

/// The operator's templates by language; where none fits, our own words.
#[derive(Clone, Debug)]
pub struct Texts(BTreeMap<String, Template>);

impl Texts {
    /// Templates by BCP 47 language.
    ///
    /// # Errors
    /// The language, and what is wrong with its template.
    pub fn new(templates: &BTreeMap<String, String>) -> Result<Self, (String, TemplateError)> {
        let mut texts = BTreeMap::new();
        for (locale, template) in templates {
            let template = Template::parse(template).map_err(|error| (locale.clone(), error))?;
            texts.insert(normal(locale), template);
        }
        Ok(Self(texts))
    }

    /// The text message for `code`, in the nearest language to `locale` (RFC 4647, 3.4). With a `host`, its last line binds
    /// the code to that host's pages (the format of origin-bound one-time codes). Where one segment could not hold it all,
    /// the advice goes first, then the end of the site's name, then that line.
    #[must_use]
    pub fn sms(&self, locale: Option<&str>, site: &str, code: &Code, host: Option<&str>) -> String {
        self.template(locale).render(site, code.expose(), host)
    }

    /// The text of a message that is to be sent with `code`.
    #[must_use]
    pub fn of(&self, message: &Message<'_>, code: &Code) -> String {
        self.sms(message.locale, message.site_name, code, message.bound_to)
    }

    /// The languages whose messages do not hold the whole of a site's name, with a code of `length` digits and the line for
    /// `host`.
    #[must_use]
    pub fn cutting(&self, site: &str, length: u8, host: Option<&str>) -> Vec<&str> {
        let code = "0".repeat(usize::from(length));
        let own = LANGUAGES
            .iter()
            .filter(|language| !self.0.contains_key(language.tag))
            .map(|language| (language.tag, Template::own(language)));
        let given = self
            .0
            .iter()
            .map(|(tag, template)| (tag.as_str(), template.clone()));
        own.chain(given)
            .filter(|(_, template)| !fits(&(template.fill(site, &code) + &bound_line(host, &code))))
            .map(|(tag, _)| tag)
            .collect()
    }

    fn template(&self, locale: Option<&str>) -> Template {
        let own = Language::nearest(locale);
        let wanted = locale.map(normal).unwrap_or_default();
        let mut range = wanted.as_str();
        loop {
            if let Some(template) = self.0.get(range) {
                return template.clone();
            }
            match range.rsplit_once('-') {
                Some((wider, _)) => range = wider,
                None => break,
            }
        }
        let given = self.0.get(own.tag);
        given.cloned().unwrap_or_else(|| Template::own(own))
    }
}

/// The last line by which browsers offer a code to the pages of `host` alone (WICG, origin-bound one-time codes).
fn bound_line(host: Option<&str>, code: &str) -> String {
    host.map(|host| format!("\n@{host} #{code}")).unwrap_or_default()
}

/// Why a text cannot be a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{code}` is not in it.
    #[error("`{{code}}` is not in it")]
    NoCode,
    /// Something else than `{code}` and `{site}` stands in braces.
    #[error("only `{{code}}` and `{{site}}` may stand in braces")]
    UnknownPlaceholder,
    /// It is longer than one message segment, even without a site's name.
    #[error("it is longer than one message segment")]
    TooLong,
    /// It contains control characters other than a line's end.
    #[error("it contains control characters")]
    Control,
}

/// A text with places for the code and the site's name.
#[derive(Clone, Debug)]
struct Template {
    text: String,
    /// What is said besides, where there is room.
    advice: &'static str,
}

impl Template {
    fn parse(text: &str) -> Result<Self, TemplateError> {
        if !text.contains("{code}") {
            return Err(TemplateError::NoCode);
        }
        if text
            .replace("{code}", "")
            .replace("{site}", "")
            .contains(['{', '}'])
        {
            return Err(TemplateError::UnknownPlaceholder);
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(TemplateError::Control);
        }
        let template = Self {
            text: text.to_owned(),
            advice: "",
        };
        let longest_code = "0".repeat(usize::from(*Code::LENGTHS.end()));
        if fits(&template.fill("", &longest_code)) {
            Ok(template)
        } else {
            Err(TemplateError::TooLong)
        }
    }

    fn own(language: &Language) -> Self {
        Self {
            text: language.sms.to_owned(),
            advice: language.advice,
        }
    }

    fn render(&self, site: &str, code: &str, host: Option<&str>) -> String {
        let line = bound_line(host, code);
        let whole = self.fill(site, code) + self.advice + &line;
        if fits(&whole) {
            return whole;
        }
        let mut name = site;
        loop {
            let text = self.fill(name, code) + &line;
            if fits(&text) {
                return text;
            }
            if name.is_empty() {
                // The line has no room. Without one, the text itself always has.
                return if line.is_empty() {
                    text
                } else {
                    self.render(site, code, None)
                };
            }
            let end = name.char_indices().next_back().map_or(0, |(index, _)| index);
            name = name[..end].trim_end();
        }
    }

    fn fill(&self, site: &str, code: &str) -> String {
        // The template is taken apart once, so that braces in a site's name stay what they are.
        let mut text = String::with_capacity(self.text.len() + site.len() + code.len());
        for (index, part) in self.text.split("{code}").enumerate() {
            if index > 0 {
                text.push_str(code);
            }
            for (index, part) in part.split("{site}").enumerate() {
                if index > 0 {
                    text.push_str(site);
                }
                text.push_str(part);
            }
        }
        text
    }
}

fn fits(text: &str) -> bool {
    match septets(text) {
        Some(septets) => septets <= GSM_SEGMENT,
        None => text.encode_utf16().count() <= UCS2_SEGMENT,
    }
}

/// How many septets a text takes in the GSM alphabet; `None` where a character is not in it.
fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

fn septets_of(character: char) -> Option<usize> {
    match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '\n' | '\r' | ' ' => Some(1),
        _ if "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà".contains(character) => {
            Some(1)
        }
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(templates: &[(&str, &str)]) -> Texts {
        let templates = templates
            .iter()
            .map(|(locale, text)| ((*locale).to_owned(), (*text).to_owned()))
            .collect();
        Texts::new(&templates).unwrap()
    }

    fn code() -> Code {
        Code::parse("012345", 6).unwrap()
    }

    #[test]
    fn a_template_goes_before_our_own_words_in_its_language() {
        let texts = texts(&[
            ("de", "Ihr Code: {code}"),
            ("pt_BR", "Seu código: {code}"),
            ("nb", "{code}!"),
        ]);
        let sms = |locale| texts.sms(Some(locale), "Shop", &code(), None);
        assert_eq!(sms("de-AT-1996"), "Ihr Code: 012345");
        assert_eq!(sms("pt-br"), "Seu código: 012345");
        assert_eq!(sms("no"), "012345!");
        assert_eq!(
            sms("fr-CA"),
            "012345 est votre code Shop. Ne le partagez avec personne."
        );
        assert_eq!(sms("pt"), "012345 é o seu código de Shop. Não compartilhe.");
        for locale in [None, Some(""), Some("----"), Some("xx")] {
            assert_eq!(
                texts.sms(locale, "Shop", &code(), None),
                "012345 is your Shop code. Do not share it with anybody."
            );
        }
    }

    #[test]
    fn every_language_is_one_segment_with_the_longest_code_and_whatever_name_and_host() {
        let texts = texts(&[]);
        let longest = Code::parse("0123456789", 10).unwrap();
        for language in LANGUAGES {
            for name in ["", "Shop", &"x".repeat(500), &"ж".repeat(500), &"𝕏".repeat(500)] {
                for host in [None, Some("shop.example"), Some(&*"long.".repeat(50))] {
                    let text = texts.sms(Some(language.tag), name, &longest, host);
                    assert!(fits(&text), "{}: {text}", language.tag);
                    assert!(text.contains("0123456789"), "{text}");
                }
            }
            // A name of ten letters has room in all of them, beside the longest code.
            let text = texts.sms(Some(language.tag), "Shop-Store", &longest, None);
            assert!(text.contains("Shop-Store"), "{text}");
            // An ordinary message has room for the advice.
            let text = texts.sms(Some(language.tag), "Shop", &code(), None);
            assert!(text.ends_with(language.advice), "{text}");
        }
    }

    #[test]
    fn the_advice_goes_first_and_then_the_name() {
        let texts = texts(&[]);
        let sms = |name: &str| texts.sms(None, name, &code(), Some("shop.example"));
        let line = "\n@shop.example #012345";
        assert_eq!(
            sms("Shop"),
            format!("012345 is your Shop code. Do not share it with anybody.{line}")
        );
        let long = "y".repeat(90);
        assert_eq!(sms(&long), format!("012345 is your {long} code.{line}"));
        let too_long = sms(&"y".repeat(500));
        assert_eq!(too_long.len(), 160);
        assert!(too_long.ends_with(&format!("y code.{line}")), "{too_long}");
    }

    #[test]
    fn the_languages_that_cut_a_name_are_told() {
        let texts = texts(&[("ru", "{code}")]);
        assert_eq!(texts.cutting("Shop", 6, Some("shop.example")), [""; 0]);
        let cutting = texts.cutting(&"y".repeat(60), 6, None);
        assert!(cutting.contains(&"uk") && !cutting.contains(&"en") && !cutting.contains(&"ru"));
    }

    #[test]
    fn a_name_is_not_read_as_a_template() {
        let text = texts(&[]).sms(None, "{code}", &code(), None);
        assert!(text.contains("your {code} code"));
    }

    #[test]
    fn a_template_without_the_code_or_with_other_braces_is_refused() {
        for (text, error) in [
            ("Hello", TemplateError::NoCode),
            ("{code} {name}", TemplateError::UnknownPlaceholder),
            ("{code} {", TemplateError::UnknownPlaceholder),
            ("{code}\u{7}", TemplateError::Control),
            (&format!("{{code}}{}", "x".repeat(151)), TemplateError::TooLong),
            (&format!("{{code}}{}", "ж".repeat(61)), TemplateError::TooLong),
        ] {
            assert_eq!(Template::parse(text).unwrap_err(), error, "{text}");
        }
        assert!(Template::parse(&format!("{{code}}{}", "x".repeat(150))).is_ok());
        assert!(Template::parse(&format!("{{code}}{}", "ж".repeat(60))).is_ok());
    }
}
