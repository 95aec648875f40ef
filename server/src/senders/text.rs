//! The words around a code in a text message: one template a language, one message segment at most.

use phone_verify_domain::Code;
use std::collections::BTreeMap;

/// Used where no template fits the language.
const ENGLISH: &str = "{code} is your {site} code. Do not share it with anybody.";

/// Septets that one segment holds in the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1).
const GSM_SEGMENT: usize = 160;

/// UTF-16 units that one segment holds otherwise (3GPP TS 23.038, 6.2.3).
const UCS2_SEGMENT: usize = 70;

/// The templates by language.
#[derive(Clone, Debug)]
pub struct Texts(BTreeMap<String, Template>);

impl Texts {
    /// Templates by BCP 47 language; English is always there.
    ///
    /// # Errors
    /// The language, and what is wrong with its template.
    pub fn new(templates: &BTreeMap<String, String>) -> Result<Self, (String, TemplateError)> {
        let mut texts = BTreeMap::from([("en".to_owned(), Template(ENGLISH.to_owned()))]);
        for (locale, template) in templates {
            let template = Template::parse(template).map_err(|error| (locale.clone(), error))?;
            texts.insert(normal(locale), template);
        }
        Ok(Self(texts))
    }

    /// The text message for `code`, in the nearest language to `locale` (RFC 4647, 3.4). A site's name is cut where one
    /// segment could not hold it.
    #[must_use]
    pub fn sms(&self, locale: Option<&str>, site: &str, code: &Code) -> String {
        self.template(locale).render(site, code.expose())
    }

    /// Whether every language's message holds the whole of a site's name, with a code of `length` digits.
    #[must_use]
    pub fn hold(&self, site: &str, length: u8) -> bool {
        let code = "0".repeat(usize::from(length));
        self.0.values().all(|template| fits(&template.fill(site, &code)))
    }

    fn template(&self, locale: Option<&str>) -> &Template {
        let wanted = locale.map(normal).unwrap_or_default();
        let mut range = wanted.as_str();
        loop {
            if let Some(template) = self.0.get(range) {
                return template;
            }
            match range.rsplit_once('-') {
                Some((wider, _)) => range = wider,
                None => return &self.0["en"],
            }
        }
    }
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
struct Template(String);

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
        let template = Self(text.to_owned());
        let longest_code = "0".repeat(usize::from(*Code::LENGTHS.end()));
        if fits(&template.fill("", &longest_code)) {
            Ok(template)
        } else {
            Err(TemplateError::TooLong)
        }
    }

    fn render(&self, site: &str, code: &str) -> String {
        let mut site = site;
        loop {
            let text = self.fill(site, code);
            if site.is_empty() || fits(&text) {
                return text;
            }
            let end = site.char_indices().next_back().map_or(0, |(index, _)| index);
            site = site[..end].trim_end();
        }
    }

    fn fill(&self, site: &str, code: &str) -> String {
        // The template is taken apart once, so that braces in a site's name stay what they are.
        let mut text = String::with_capacity(self.0.len() + site.len() + code.len());
        for (index, part) in self.0.split("{code}").enumerate() {
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

fn normal(locale: &str) -> String {
    locale.to_ascii_lowercase().replace('_', "-")
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
    fn the_nearest_language_is_taken_and_english_where_there_is_none() {
        let texts = texts(&[("de", "Ihr Code: {code}"), ("pt_BR", "Seu código: {code}")]);
        assert_eq!(texts.sms(Some("de-AT-1996"), "Shop", &code()), "Ihr Code: 012345");
        assert_eq!(texts.sms(Some("pt-br"), "Shop", &code()), "Seu código: 012345");
        for locale in [None, Some("pt"), Some("fr"), Some(""), Some("----"), Some("é")] {
            assert_eq!(
                texts.sms(locale, "Shop", &code()),
                "012345 is your Shop code. Do not share it with anybody."
            );
        }
    }

    #[test]
    fn a_site_name_is_cut_where_one_segment_could_not_hold_it() {
        for name in [
            "x".repeat(500),
            "é".repeat(500),
            "ж".repeat(500),
            "{code}{site}".repeat(40),
        ] {
            let text = texts(&[]).sms(None, &name, &code());
            assert!(fits(&text), "{text}");
            assert!(
                text.starts_with("012345 is your ") && text.ends_with("anybody."),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_is_not_read_as_a_template() {
        assert!(
            texts(&[])
                .sms(None, "{code}", &code())
                .contains("your {code} code")
        );
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
