//! The variables of the widget's looks: style sheet, page and skins know the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Without comments.
fn sheet(path: &str) -> String {
    let text = read(path);
    let mut rest = text.as_str();
    let mut sheet = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        sheet.push_str(before);
        rest = after.split_once("*/").unwrap().1;
    }
    sheet + rest
}

/// The widget's, both of them.
fn widgets() -> String {
    sheet("style/first-form.css") + &sheet("style/steps.css")
}

/// Every name that begins as the widget's variables do, and what comes right after it.
fn variables(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices("--pv-").map(|(start, _)| {
        let name = &text[start..];
        let end = name
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '-')
            .unwrap_or(name.len());
        name.split_at(end)
    })
}

/// Those that a sheet gives a value.
fn set(sheet: &str) -> BTreeSet<&str> {
    variables(sheet)
        .filter(|(_, after)| after.starts_with(':'))
        .map(|(name, _)| name)
        .collect()
}

/// Those that the widget's sheet reads and leaves to the page.
fn read_by(sheet: &str) -> BTreeSet<&str> {
    let own = set(sheet);
    variables(sheet)
        .map(|(name, _)| name)
        .filter(|name| !own.contains(name))
        .collect()
}

#[test]
fn the_variables_of_the_style_sheet_and_those_of_the_page_are_the_same() {
    let (sheet, page) = (widgets(), read("docs/embedding.md"));
    let rows: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `--pv-")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let used: BTreeSet<&str> = read_by(&sheet)
        .into_iter()
        .map(|name| name.trim_start_matches("--pv-"))
        .collect();
    assert!(used.len() > 30, "{used:?}");
    assert_eq!(rows, used);
}

#[test]
fn a_skin_sets_variables_that_exist_and_nothing_else() {
    let widget = widgets();
    let known = read_by(&widget);
    let mut skins = 0;
    for entry in std::fs::read_dir(root().join("examples/skins")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|ending| ending != "css") || name == "page.css" {
            continue;
        }
        skins += 1;
        let skin = sheet(&format!("examples/skins/{name}"));
        let set = set(&skin);
        assert!(set.len() > 10, "{name}: {set:?}");
        assert!(
            set.is_subset(&known),
            "{name}: {:?}",
            set.difference(&known).collect::<Vec<_>>()
        );
        for line in skin.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let is_set = line.starts_with("--pv-") && line.ends_with(';');
            let is_frame = [
                "phone-verify {",
                "@supports (color: light-dark(#000, #fff)) {",
                "}",
            ]
            .contains(&line);
            assert!(is_set || is_frame, "{name}: {line}");
        }
        assert!(
            Path::new(&path).with_extension("html").exists(),
            "{name} has a page"
        );
    }
    assert_eq!(skins, 3);
}
