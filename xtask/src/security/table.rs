//! The tables in words, and what is wrong with what they name.

use std::fmt::Write as _;

use super::named::{Named, Test};
use super::row::{Row, Rows};
use crate::results::Outcome;

/// What each test came to.
pub type Outcomes<'a> = &'a dyn Fn(&Test) -> Outcome;

/// Both tables.
pub struct Tables {
    pub threats: String,
    pub faults: String,
    /// How many tests they name.
    pub named: usize,
    /// One line for each test that did not run or is red.
    pub problems: Vec<String>,
}

impl Tables {
    pub fn of(rows: &Rows, named: &Named, of: Outcomes<'_>) -> Self {
        let mut tables = Self {
            threats: String::new(),
            faults: String::new(),
            named: 0,
            problems: Vec::new(),
        };
        tables.threats = tables.table(["threat", "what stands against it"], &rows.threats, named, of);
        tables.faults = tables.table(["fault", "behaviour"], &rows.faults, named, of);
        tables
    }

    fn table(&mut self, heads: [&str; 2], rows: &[Row], named: &Named, of: Outcomes<'_>) -> String {
        let [what, against] = heads;
        let mut text =
            format!("| | {what} | {against} | shown by | in the run |\n| --- | --- | --- | --- | --- |\n");
        for row in rows {
            let tests: Vec<String> = row.shown_by.iter().map(|name| format!("`{name}`")).collect();
            let shown = match &row.note {
                Some(note) if tests.is_empty() => note.clone(),
                Some(note) => format!("{}; {note}", tests.join(", ")),
                None => tests.join(", "),
            };
            let outcome = self.outcome(row, named, of);
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {shown} | {outcome} |",
                row.id, row.what, row.against
            );
        }
        text
    }

    /// What the tests of a row came to, all together.
    fn outcome(&mut self, row: &Row, named: &Named, of: Outcomes<'_>) -> &'static str {
        let mut worst = None;
        for test in row.shown_by.iter().flat_map(|name| named.tests(name)) {
            self.named += 1;
            let outcome = of(test);
            let word = match outcome {
                Outcome::Green => "",
                Outcome::Red => "is red",
                Outcome::DidNotRun => "did not run",
            };
            if !word.is_empty() {
                let (Test::Function(name) | Test::Spec(name)) = test;
                self.problems.push(format!("{}: {name} {word}", row.id));
            }
            worst = worst.max(Some(outcome));
        }
        match worst {
            None => "–",
            Some(Outcome::Green) => "held",
            Some(Outcome::DidNotRun) => "**not run**",
            Some(Outcome::Red) => "**red**",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, shown_by: &[&str]) -> Row {
        Row {
            id: id.to_owned(),
            what: "guess".to_owned(),
            against: "checks".to_owned(),
            shown_by: shown_by.iter().map(|name| (*name).to_owned()).collect(),
            note: shown_by.is_empty().then(|| "out of reach".to_owned()),
        }
    }

    #[test]
    fn a_row_holds_when_all_its_tests_ran_and_none_is_red() {
        let rows = Rows {
            threats: vec![row("T1", &["one"]), row("T2", &["one", "two"]), row("T3", &[])],
            faults: vec![row("F1", &["three"])],
        };
        let named = Named::of(&rows, std::path::Path::new(".")).unwrap();
        let mut results = crate::results::Results::default();
        for line in [
            "test sqlite::one ... ok",
            "test postgres::one ... ok",
            "test two ... FAILED",
        ] {
            results.add_cargo_line(line);
        }
        let tables = Tables::of(&rows, &named, &|test| results.of(test));
        assert!(
            tables
                .threats
                .contains("| T1 | guess | checks | `one` | held |\n")
        );
        assert!(
            tables
                .threats
                .contains("| T2 | guess | checks | `one`, `two` | **red** |\n")
        );
        assert!(
            tables
                .threats
                .contains("| T3 | guess | checks | out of reach | – |\n")
        );
        assert!(
            tables
                .faults
                .contains("| F1 | guess | checks | `three` | **not run** |\n")
        );
        assert_eq!(tables.problems, ["T2: two is red", "F1: three did not run"]);
    }
}
