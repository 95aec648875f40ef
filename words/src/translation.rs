//! All languages, and which of them a reader wants.

use crate::{TRANSLATIONS, WIDGETS, Words};
use std::borrow::Cow;

/// One language.
#[derive(Debug)]
pub struct Translation {
    /// BCP 47.
    pub tag: &'static str,
    /// Its tag, its direction, then its texts: one a line.
    pub(crate) text: &'static str,
}

impl Translation {
    /// All its texts.
    #[must_use]
    pub const fn words(&self) -> Words {
        Words(Cow::Borrowed(self.text))
    }

    /// The file that the widget loads: all its texts but those of the server's own pages.
    #[must_use]
    pub fn file(&self) -> String {
        let lines: Vec<&str> = self.text.lines().take(WIDGETS).collect();
        lines.join("\n")
    }
}

/// The language nearest to `locale` (RFC 4647, 3.4), if there is one. `widget/loader/words.js` finds the same.
#[must_use]
pub fn nearest(locale: &str) -> Option<&'static Translation> {
    let locale = locale.to_ascii_lowercase().replace('_', "-");
    let mut parts = locale.split('-');
    let first = parts.next().unwrap_or_default();
    let tag = match first {
        // Norwegian without a written form, Nynorsk, and a code that ISO 639 has withdrawn.
        "no" | "nn" => "nb",
        "in" => "id",
        "zh" if parts.clone().any(|part| part == "hans") => "zh",
        "zh" if parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) => "zh-Hant",
        other => other,
    };
    TRANSLATIONS.iter().find(|translation| translation.tag == tag)
}

/// The language that a reader with this `Accept-Language` likes best among those there are (RFC 9110, 12.5.4); English where
/// there is none.
#[must_use]
pub fn negotiated(accepted: &str) -> &'static Translation {
    let mut best: (f32, Option<&Translation>) = (0.0, None);
    for offer in accepted.split(',') {
        let mut parts = offer.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        if weight > best.0
            && let Some(translation) = nearest(range)
        {
            best = (weight, Some(translation));
        }
    }
    best.1.or_else(|| nearest("en")).unwrap_or(&TRANSLATIONS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_variant_finds_its_language() {
        for (locale, tag) in [
            ("de-AT-1996", Some("de")),
            ("PT_br", Some("pt")),
            ("pt-PT", Some("pt")),
            ("es-419", Some("es")),
            ("zh", Some("zh")),
            ("zh-CN", Some("zh")),
            ("zh-TW", Some("zh-Hant")),
            ("zh-hk", Some("zh-Hant")),
            ("zh-Hant-MO", Some("zh-Hant")),
            ("zh-Hans-HK", Some("zh")),
            ("no", Some("nb")),
            ("nn-NO", Some("nb")),
            ("in", Some("id")),
            ("ar-EG", Some("ar")),
            ("xx", None),
            ("", None),
            ("*", None),
            ("----", None),
        ] {
            assert_eq!(nearest(locale).map(|found| found.tag), tag, "{locale}");
        }
    }

    #[test]
    fn the_reader_gets_the_language_that_is_liked_best_and_english_if_there_is_none() {
        for (accepted, tag) in [
            ("de-DE,de;q=0.9,en;q=0.8", "de"),
            ("xx, en;q=0.5, fr;q=0.7", "fr"),
            ("en-GB, de;q=0.9", "en"),
            ("zh-TW,zh;q=0.9", "zh-Hant"),
            ("fr;q=0, de;q=0.1", "de"),
            ("fr;q=x", "en"),
            ("", "en"),
            ("*", "en"),
        ] {
            assert_eq!(negotiated(accepted).tag, tag, "{accepted}");
        }
    }
}
