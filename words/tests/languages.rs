//! What holds of every language, beside what `build.rs` asks for: the same keys in each, one line a text.

#![expect(clippy::unwrap_used, reason = "a test")]

use phone_verify_words::{TRANSLATIONS, Word, Words, category};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Whole numbers that a form may have to speak of, and more.
const NUMBERS: u32 = 1_000;

/// The forms of a text: by category, or one that has none.
fn forms(words: &Words, word: Word) -> Vec<(Option<String>, String)> {
    let line = words.say(word);
    if !line.contains('\t') && !line.starts_with("other:") {
        return vec![(None, line.to_owned())];
    }
    let form = |form: &str| {
        let (category, text) = form.split_once(':').unwrap();
        (Some(category.to_owned()), text.to_owned())
    };
    line.split('\t').map(form).collect()
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let named = text.split('{').skip(1);
    named
        .map(|rest| rest.split('}').next().unwrap().to_owned())
        .collect()
}

/// How many of the numbers each category is for.
fn categories(language: &str) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for number in 0..=NUMBERS {
        *counted.entry(category(language, number)).or_default() += 1;
    }
    counted
}

#[test]
fn there_are_25_languages_and_both_ways_of_writing_chinese() {
    let tags: Vec<_> = TRANSLATIONS.iter().map(|translation| translation.tag).collect();
    assert_eq!(tags.len(), 26);
    assert!(tags.contains(&"zh") && tags.contains(&"zh-Hant"));
    for translation in TRANSLATIONS {
        let words = translation.words();
        assert_eq!(words.language(), translation.tag);
        assert_eq!(words.direction(), (translation.tag == "ar").then_some("rtl"));
    }
}

#[test]
fn the_categories_of_every_number_are_those_of_intl() {
    let tags: Vec<_> = TRANSLATIONS.iter().map(|translation| translation.tag).collect();
    let script = format!(
        "for (const tag of {tags:?}) {{ const rules = new Intl.PluralRules(tag); \
         console.log([...Array({NUMBERS} + 1).keys(), 1000000].map((n) => rules.select(n)).join(' ')); }}"
    );
    let output = Command::new("node").args(["-e", &script]).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let intl = String::from_utf8(output.stdout).unwrap();
    assert_eq!(intl.lines().count(), tags.len());
    for (tag, selected) in tags.iter().zip(intl.lines()) {
        let own: Vec<_> = (0..=NUMBERS)
            .chain([1_000_000])
            .map(|number| category(tag, number))
            .collect();
        assert_eq!(own.join(" "), selected, "{tag}");
    }
}

#[test]
fn each_text_that_counts_has_the_forms_of_its_language_and_no_others() {
    for translation in TRANSLATIONS {
        let (tag, words) = (translation.tag, translation.words());
        let mut wanted: BTreeSet<_> = categories(tag).into_keys().collect();
        wanted.insert("other");
        for word in Word::ALL {
            let counts = forms(&Words::ENGLISH, *word)[0].0.is_some();
            let found = forms(&words, *word);
            if counts {
                let found: BTreeSet<_> = found
                    .iter()
                    .map(|(category, _)| category.as_deref().unwrap())
                    .collect();
                assert_eq!(found, wanted, "{tag}: {word:?}");
            } else {
                assert!(found[0].0.is_none(), "{tag}: {word:?}");
            }
        }
    }
}

#[test]
fn each_text_has_the_values_that_the_english_one_has() {
    for translation in TRANSLATIONS {
        let counted = categories(translation.tag);
        for word in Word::ALL {
            let wanted = placeholders(&forms(&Words::ENGLISH, *word).pop().unwrap().1);
            for (category, text) in forms(&translation.words(), *word) {
                let found = placeholders(&text);
                // A form for a single number may say it in words.
                let single = category.is_some_and(|category| counted.get(category.as_str()) == Some(&1));
                assert!(
                    found == wanted || single && found.is_empty(),
                    "{}: {word:?}: {text}",
                    translation.tag
                );
                assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
            }
        }
    }
}

#[test]
fn nothing_is_left_in_english_but_what_is_the_same() {
    for translation in TRANSLATIONS.iter().filter(|translation| translation.tag != "en") {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("languages/{}.toml", translation.tag));
        let table: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
        let same = table
            .get("same")
            .and_then(toml::Value::as_array)
            .cloned()
            .unwrap_or_default();
        let same: BTreeSet<_> = same
            .iter()
            .map(|key| key.as_str().unwrap().replace('_', ""))
            .collect();
        let words = translation.words();
        for word in Word::ALL {
            let key = format!("{word:?}").to_lowercase();
            let left = words.say(*word) == Words::ENGLISH.say(*word);
            assert_eq!(left, same.contains(&key), "{}: {word:?}", translation.tag);
        }
        // Where the script is another one, no English word stands in a text but those that are said everywhere.
        if matches!(
            translation.tag,
            "ar" | "el" | "hi" | "ja" | "ko" | "ru" | "uk" | "zh" | "zh-Hant"
        ) {
            for word in Word::ALL {
                for (_, text) in forms(&words, *word) {
                    let outside: String = text
                        .split('{')
                        .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
                        .collect();
                    let latin = outside
                        .split(|letter: char| !letter.is_ascii_alphabetic())
                        .filter(|run| !run.is_empty());
                    let foreign: Vec<_> = latin
                        .filter(|run| !["PIN", "SMS", "START"].contains(run))
                        .collect();
                    assert!(foreign.is_empty(), "{}: {word:?}: {foreign:?}", translation.tag);
                }
            }
        }
    }
}
