use super::setting::{CALLBACK, Kind, SITE_KEY, SKIN, Setting, TERMS, TERMS_TEXT, settings};
use super::skin::Skin;

/// Characters of a value that are kept; the server takes no more either.
const LONGEST: usize = 255;

/// What somebody has chosen: a value for each setting, empty where it is left to the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice(Vec<(&'static str, String)>);

impl Choice {
    /// Reads a page's query; what is not there is as it was at first, what does not exist is left out.
    #[must_use]
    pub fn from_query(query: &str, site_key: Option<&str>) -> Self {
        let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let values = settings().map(|setting| {
            let value = asked.iter().rfind(|(name, _)| name == setting.name);
            let value = match (value, setting.kind) {
                (Some((_, value)), _) => accept(setting, value),
                // A box without a tick is not sent.
                (None, Kind::Flag) => String::new(),
                (None, _) if setting.name == SITE_KEY => site_key.unwrap_or_default().to_owned(),
                (None, _) => setting.first.to_owned(),
            };
            (setting.name, value)
        });
        Self(values.collect())
    }

    /// The query that says the same.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for setting in settings() {
            let value = self.get(setting.name);
            if setting.name == SITE_KEY || value != setting.first {
                query.append_pair(setting.name, value);
            }
        }
        query.finish()
    }

    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Takes over what was put into a field.
    pub(super) fn set(&mut self, setting: &Setting, value: &str) {
        if let Some((_, known)) = self.0.iter_mut().find(|(name, _)| *name == setting.name) {
            *known = accept(setting, value);
        }
    }

    /// The skin chosen.
    #[must_use]
    pub fn skin(&self) -> Option<Skin> {
        Skin::parse(self.get(SKIN))
    }

    /// The callback, where it is an ordinary name.
    pub(super) fn function(&self) -> Option<&str> {
        let name = self.get(CALLBACK);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
        let begins = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
        (begins && name.bytes().all(plain)).then_some(name)
    }

    /// The element's attributes; one without a value is there, and that is all.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&'static str, Option<&str>)> {
        let attributes = settings().filter_map(|setting| {
            let value = self.get(setting.name);
            match (setting.name, setting.kind) {
                (SKIN | TERMS_TEXT, _) => None,
                (SITE_KEY, _) => Some((setting.name, Some(value))),
                _ if value.is_empty() => None,
                (TERMS, _) => Some((
                    setting.name,
                    Some(self.get(TERMS_TEXT)).filter(|text| !text.is_empty()),
                )),
                (_, Kind::Flag) => Some((setting.name, None)),
                _ => Some((setting.name, Some(value))),
            }
        });
        // The site comes first, as everybody writes it.
        let (mut site, others): (Vec<_>, Vec<_>) = attributes.partition(|(name, _)| *name == SITE_KEY);
        site.extend(others);
        site
    }
}

/// What of a value is kept: one of those there are, or a text without control characters.
fn accept(setting: &Setting, value: &str) -> String {
    let value = value.trim();
    match setting.kind {
        Kind::Flag if value.is_empty() => String::new(),
        Kind::Flag => "on".to_owned(),
        Kind::OneOf(values) => {
            let known = values.iter().find(|(known, _)| *known == value);
            known.map_or("", |(known, _)| known).to_owned()
        }
        Kind::Text => value
            .chars()
            .filter(|character| !character.is_control())
            .take(LONGEST)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_its_own_query() {
        let query = "appearance=card&theme=dark&skin=bloom&site-key=demo&countries=CH+DE&terms=on&terms-text=J%27accepte+%26+%C3%A7a&callback=shop.done&purpose=";
        let choice = Choice::from_query(query, Some("other"));
        assert_eq!(choice.skin(), Some(Skin::Bloom));
        assert_eq!(choice.get("terms-text"), "J'accepte & ça");
        assert_eq!(Choice::from_query(&choice.to_query(), None), choice);
    }

    #[test]
    fn what_does_not_exist_and_what_is_no_text_is_left_out() {
        let choice = Choice::from_query(
            "appearance=huge&colour=red&auto=&purpose=a%00b%0Ac&skin=../x",
            Some("demo"),
        );
        assert_eq!(
            choice.attributes(),
            [
                ("site-key", Some("demo")),
                ("callback", Some("onPhoneVerified")),
                ("purpose", Some("abc")),
            ]
        );
        assert_eq!(choice.skin(), None);
        assert_eq!(choice.to_query(), "site-key=demo&purpose=abc");
    }

    #[test]
    fn a_consent_line_has_the_widgets_words_or_ones_own() {
        let terms = |query: &str| {
            let choice = Choice::from_query(query, None);
            let found = choice.attributes().into_iter().find(|(name, _)| *name == "terms");
            found.map(|(_, value)| value.map(str::to_owned))
        };
        assert_eq!(terms("terms=on"), Some(None));
        assert_eq!(terms("terms=on&terms-text=Mine"), Some(Some("Mine".to_owned())));
        assert_eq!(terms("terms-text=Mine"), None);
    }
}
