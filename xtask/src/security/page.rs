//! The parts of `docs/security.md` that are made.

use std::collections::BTreeMap;

use super::table::Tables;
use crate::error::{Error, Result};

/// The line that says of which run the tables are.
const RUN: &str = "run";

/// The page with these tables, and the line of their run.
///
/// # Errors
/// The page has no such part.
pub fn with_tables(page: &str, tables: &Tables, run: &str) -> Result<String> {
    let page = with(page, "threats", &tables.threats)?;
    let page = with(&page, "faults", &tables.faults)?;
    with(&page, RUN, &format!("{run}\n"))
}

/// Whether the page has these tables, of whichever run.
///
/// # Errors
/// As [`with_tables`].
pub fn agrees(page: &str, tables: &Tables) -> Result<bool> {
    let of_no_run = with(page, RUN, "")?;
    Ok(with_tables(page, tables, "")?.trim() == with(&of_no_run, RUN, "\n")?.trim())
}

/// The page with these rows in the table of this name, each in the place of the one that begins with the same cell; the table
/// is kept in alphabetical order.
///
/// # Errors
/// The page has no such table.
pub fn with_rows(page: &str, part: &str, rows: &[String]) -> Result<String> {
    let (_, table, _) = split(page, part)?;
    let mut lines = table.lines().filter(|line| line.starts_with('|'));
    let heads: Vec<&str> = lines.by_ref().take(2).collect();
    let first_cell = |row: &str| row.split('|').nth(1).unwrap_or_default().to_owned();
    let kept: BTreeMap<String, &str> = lines
        .chain(rows.iter().map(String::as_str))
        .map(|row| (first_cell(row), row))
        .collect();
    let table: Vec<&str> = heads.into_iter().chain(kept.into_values()).collect();
    with(page, part, &format!("{}\n", table.join("\n")))
}

/// The page with the part of this name replaced.
///
/// # Errors
/// It has none.
pub fn with(page: &str, part: &str, text: &str) -> Result<String> {
    let (before, _, after) = split(page, part)?;
    Ok(format!("{before}\n{text}\n{after}"))
}

/// What stands before the part, the part, and what follows; its marks belong to the two others.
fn split<'a>(page: &'a str, part: &str) -> Result<(&'a str, &'a str, &'a str)> {
    let begin = format!("<!-- {part}: made by cargo xtask -->\n");
    let end = format!("<!-- end of {part} -->");
    let missing = || Error::Other(format!("docs/security.md: no part {part}"));
    let from = page.find(&begin).ok_or_else(missing)? + begin.len();
    let to = from + page[from..].find(&end).ok_or_else(missing)?;
    Ok((&page[..from], &page[from..to], &page[to..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Security\n<!-- run: made by cargo xtask -->\n<!-- end of run -->\n\
        <!-- threats: made by cargo xtask -->\nold\n<!-- end of threats -->\nbetween\n\
        <!-- faults: made by cargo xtask -->\n<!-- end of faults -->\n";

    fn tables(threats: &str) -> Tables {
        Tables {
            threats: threats.to_owned(),
            faults: "| F1 |\n".to_owned(),
            named: 1,
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_row_takes_the_place_of_the_one_of_its_name() {
        let page = "<!-- mutants: made by cargo xtask -->\n\n| name | now |\n| --- | --- |\n| `b` | red, Monday |\n\n<!-- end of mutants -->\nafter\n";
        let rows = ["| `c` | red |".to_owned(), "| `a` | red |".to_owned()];
        let page = with_rows(page, "mutants", &rows).unwrap();
        assert!(
            page.contains("| --- | --- |\n| `a` | red |\n| `b` | red, Monday |\n| `c` | red |\n\n<!-- end")
        );
        let page = with_rows(&page, "mutants", &["| `b` | survived |".to_owned()]).unwrap();
        assert!(page.contains("| `a` | red |\n| `b` | survived |\n") && !page.contains("Monday"));
        assert!(page.ends_with("after\n"));
    }

    #[test]
    fn the_parts_are_replaced_and_a_page_of_another_run_agrees() {
        let page = with_tables(PAGE, &tables("| T1 |\n"), "on Monday").unwrap();
        assert!(page.contains("\n| T1 |\n") && page.contains("between") && !page.contains("old"));
        assert_eq!(
            with_tables(&page, &tables("| T1 |\n"), "on Monday").unwrap(),
            page
        );
        assert!(agrees(&page, &tables("| T1 |\n")).unwrap());
        assert!(!agrees(&page, &tables("| T2 |\n")).unwrap());
        assert!(!agrees(PAGE, &tables("| T1 |\n")).unwrap());
        assert!(with_tables("# Security", &tables("| T1 |\n"), "").is_err());
    }
}
