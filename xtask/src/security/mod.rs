//! `cargo xtask security`: the tables of `docs/security.md`, made from `xtask/security.toml` and from what the tests of the
//! last whole run came to. Each run of all tests compares the page with itself.

mod named;
mod page;
mod row;
mod table;

use std::path::PathBuf;

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::results::{Outcome, Results};
use named::Named;
pub use named::Test;
use row::Rows;
use table::{Outcomes, Tables};

/// Writes the tables from the last whole run of `cargo xtask test`.
///
/// # Errors
/// There was no such run, or a test that the tables name did not run in it or is red: the page then says so.
pub fn write(paths: &Paths) -> Result<()> {
    let results = Results::load(paths)?;
    let tables = tables(paths, &|test| results.of(test))?;
    let file = page_of(paths);
    let text = std::fs::read_to_string(&file).at(&file)?;
    let run = format!(
        "{} of the tests named here, all in the run of {}.",
        tables.named, results.run
    );
    std::fs::write(&file, page::with_tables(&text, &tables, &run)?).at(&file)?;
    refuse(&tables.problems)
}

/// Whether each test that the tables name ran and is green, and the page says what this run came to.
///
/// # Errors
/// It is not so.
pub fn check(paths: &Paths, results: &Results) -> Result<()> {
    // Nothing is said against what a half of the tests without the browser does not run.
    let assumed = |test: &Test| match test {
        Test::Spec(_) if !results.has_browser() => Outcome::Green,
        _ => results.of(test),
    };
    let mut tables = tables(paths, &assumed)?;
    let file = page_of(paths);
    let text = std::fs::read_to_string(&file).at(&file)?;
    if tables.problems.is_empty() && !page::agrees(&text, &tables)? {
        tables.problems.push(
            "docs/security.md does not say what this run came to: `cargo xtask security` writes it"
                .to_owned(),
        );
    }
    refuse(&tables.problems)
}

/// Writes rows of mutants in the place of earlier ones of the same names.
///
/// # Errors
/// The page cannot be read or written.
pub fn write_mutants(paths: &Paths, rows: &[String]) -> Result<()> {
    let file = page_of(paths);
    let text = std::fs::read_to_string(&file).at(&file)?;
    std::fs::write(&file, page::with_rows(&text, "mutants", rows)?).at(&file)
}

fn refuse(problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Other(problems.join("\n")))
    }
}

fn tables(paths: &Paths, of: Outcomes<'_>) -> Result<Tables> {
    let rows = Rows::read(&paths.root.join("xtask/security.toml"))?;
    let named = Named::of(&rows, &paths.root)?;
    Ok(Tables::of(&rows, &named, of))
}

fn page_of(paths: &Paths) -> PathBuf {
    paths.root.join("docs/security.md")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn the_tables_have_every_threat_and_fault_and_each_has_a_test_or_a_reason() {
        let rows = Rows::read(&root().join("xtask/security.toml")).unwrap();
        let expected = |letter, count| (1..=count).map(move |number| format!("{letter}{number}"));
        let ids: Vec<&str> = rows.all().map(|row| row.id.as_str()).collect();
        let all: Vec<String> = expected("T", 38).chain(expected("F", 28)).collect();
        assert_eq!(ids, all);
        for row in rows.all() {
            assert!(!row.shown_by.is_empty() || row.note.is_some(), "{}", row.id);
        }
    }

    #[test]
    fn every_test_that_the_tables_name_is_in_the_sources() {
        let rows = Rows::read(&root().join("xtask/security.toml")).unwrap();
        let named = Named::of(&rows, &root()).unwrap();
        assert_eq!(named.missing(&root()).unwrap(), [""; 0]);
    }
}
