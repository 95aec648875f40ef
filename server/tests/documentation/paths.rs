//! Every file that a page names exists.

use std::path::{Path, PathBuf};

/// The folders that a name in backticks begins with when it is a path of this repository.
const FOLDERS: &[&str] = &[
    ".ci",
    "app",
    "bench",
    "book",
    "docs",
    "domain",
    "end2end",
    "examples",
    "fake-twilio",
    "public",
    "server",
    "style",
    "token",
    "widget",
    "xtask",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    let folders = [
        "docs",
        "examples",
        "examples/django",
        "examples/express",
        "examples/html-form",
        "examples/order",
        "examples/plain-html",
        "examples/skins",
        "widget/npm",
    ];
    for folder in folders.map(|folder| root().join(folder)) {
        let files = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        pages.extend(files.filter(|file| file.extension().is_some_and(|ending| ending == "md")));
    }
    assert!(pages.len() > 5, "{pages:?}");
    pages
}

/// What stands in backticks outside of code blocks and looks like a path of this repository.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("\n```").step_by(2);
    prose
        .flat_map(|prose| prose.split('`').skip(1).step_by(2))
        .filter(|name| {
            let first = name.split('/').next().unwrap();
            name.contains('/') && FOLDERS.contains(&first) && !name.contains([' ', '*', '{', '<', '…'])
        })
}

/// The targets of Markdown links to files.
fn linked(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
}

#[test]
fn every_path_that_a_page_names_exists() {
    let mut missing = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for name in named(&text) {
            if !root().join(name).exists() {
                missing.push(format!("{}: `{name}`", page.display()));
            }
        }
        for target in linked(&text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = page.parent().unwrap().join(file);
            if !file.exists() {
                missing.push(format!("{}: ({target})", page.display()));
            } else if !anchor.is_empty() && !has_heading(&file, anchor) {
                missing.push(format!("{}: ({target}): no such heading", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "not there:\n{}", missing.join("\n"));
}

/// Whether a page has a heading of this anchor, as Markdown's readers make anchors.
fn has_heading(page: &Path, anchor: &str) -> bool {
    let text = std::fs::read_to_string(page).unwrap();
    text.lines().filter(|line| line.starts_with('#')).any(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let heading: String = heading
            .chars()
            .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-'))
            .map(|character| if character == ' ' { '-' } else { character })
            .collect();
        heading == anchor
    })
}

/// What stands in backticks and looks like a test's name: several words in one.
fn tests_named(text: &str) -> impl Iterator<Item = &str> {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(move |name| name.bytes().all(word) && name.matches('_').count() >= 4)
}

/// All Rust of the repository's own.
fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !matches!(name, "target" | "node_modules") && !name.starts_with('.') {
            sources(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_test_that_a_page_names_exists() {
    let mut rust = String::new();
    sources(&root(), &mut rust);
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let known: std::collections::HashSet<&str> = rust.split(|character| !word(character)).collect();
    let mut missing = Vec::new();
    let mut found = 0;
    for page in ["security.md", "features.md"] {
        let text = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
        for name in tests_named(&text) {
            found += 1;
            if !known.contains(name) {
                missing.push(format!("{page}: {name}"));
            }
        }
    }
    assert!(found > 50, "the pages name tests: {found}");
    assert!(missing.is_empty(), "not there:\n{}", missing.join("\n"));
}

/// The number of each row of the tables of threats and faults, and what its last column says.
fn rows(text: &str, letter: char) -> Vec<(u32, &str)> {
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split(" |").collect();
        let number = cells[0].strip_prefix(letter)?.parse().ok()?;
        Some((number, line))
    });
    rows.collect()
}

#[test]
fn every_threat_and_fault_has_a_row_with_its_test_or_the_reason_why_not() {
    let text = std::fs::read_to_string(root().join("docs/security.md")).unwrap();
    for (letter, count) in [('T', 38), ('F', 28)] {
        let rows = rows(&text, letter);
        let numbers: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (1..=count).collect::<Vec<u32>>());
        for (number, row) in rows {
            let names_a_test = tests_named(row).next().is_some() || named(row).next().is_some();
            let says_why = row.contains("*later*") || row.contains("out of reach");
            assert!(
                names_a_test || says_why,
                "{letter}{number}: neither a test nor a reason"
            );
        }
    }
}
