//! `docs/configuration.md` says what the code does: every setting, with its default, and none that is not there.

use phone_verify::config::Config;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../docs/configuration.md");

fn blocks() -> Vec<String> {
    PAGE.split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// What production asks for and the page cannot give.
fn credentials() -> BTreeMap<String, String> {
    [
        ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
        ("TWILIO_AUTH_TOKEN", "an auth token"),
        ("TWILIO_FROM_NUMBER", "+12025550123"),
        ("PHONE_VERIFY__SITES__0__SECRET", "a secret"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn parse(text: &str) -> Config {
    Config::parse(Some(text), &credentials()).unwrap_or_else(|error| panic!("{error}"))
}

/// The names that a section of the page mentions, set or behind a `#`.
fn mentioned(section: &str) -> BTreeSet<String> {
    let block = &blocks()[0];
    let mut inside = section.is_empty();
    let mut names = BTreeSet::new();
    for line in block.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_start_matches('[').split(']').next().unwrap();
            inside = header == section;
        } else if inside && let Some((name, _)) = line.split_once(" = ") {
            names.insert(name.split('.').next().unwrap().to_owned());
        }
    }
    names
}

/// The names that the code knows there: it lists them when it meets one that it does not know.
fn known(section: &str) -> BTreeSet<String> {
    let text = match section {
        "" => "unheard_of = 1".to_owned(),
        "sites" | "test_numbers" => format!("[[{section}]]\nunheard_of = 1"),
        _ => format!("[{section}]\nunheard_of = 1"),
    };
    let error = Config::parse(Some(&text), &BTreeMap::new())
        .unwrap_err()
        .to_string();
    let (_, expected) = error
        .split_once("expected ")
        .unwrap_or_else(|| panic!("{section}: {error}"));
    expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

const SECTIONS: &[&str] = &[
    "http",
    "database",
    "keys",
    "log",
    "code",
    "limits",
    "limits.checks",
    "limits.sends",
    "limits.number",
    "limits.address",
    "limits.subject",
    "limits.prefix",
    "limits.country",
    "limits.site",
    "limits.deployment",
    "limits.failed_checks",
    "limits.conversion",
    "budget",
    "retention",
    "challenge",
    "admin",
    "senders",
    "twilio",
    "http_sender",
    "calls",
    "outbox",
    "test_numbers",
    "sites",
];

#[test]
fn every_setting_of_every_section_is_named_and_no_other() {
    for section in SECTIONS.iter().filter(|section| **section != "limits") {
        assert_eq!(mentioned(section), known(section), "[{section}]");
    }
    let sections = |prefix: &str| -> BTreeSet<String> {
        SECTIONS
            .iter()
            .filter_map(|section| section.strip_prefix(prefix))
            .map(|section| section.split('.').next().unwrap().to_owned())
            .collect()
    };
    let mut top: BTreeSet<String> = mentioned("");
    top.extend(sections(""));
    assert_eq!(top, known(""), "the file itself");
    let mut limits = mentioned("limits");
    limits.extend(sections("limits."));
    assert_eq!(limits, known("limits"), "[limits]");
}

#[test]
fn the_defaults_on_the_page_are_those_of_the_code() {
    let page = parse(&blocks()[0]);
    let code = parse("[[sites]]\nkey = \"shop\"");
    assert_eq!(
        format!(
            "{:#?}",
            Config {
                warnings: vec![],
                ..page
            }
        ),
        format!(
            "{:#?}",
            Config {
                warnings: vec![],
                ..code
            }
        )
    );
}

#[test]
fn the_production_file_of_the_page_starts_without_a_warning() {
    let config = parse(&blocks()[1]);
    assert_eq!(config.warnings, Vec::<String>::new());
}
