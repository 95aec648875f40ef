//! `docs/torture.md`: a section for each part, replaced when the part is run again.

use std::fmt::Write as _;
use std::path::Path;

use clap::ValueEnum as _;

use super::Part;
use super::outcome::Outcome;
use crate::error::{AtPath, Result};

const HEAD: &str = "# Torture

What `cargo xtask torture` showed. Each part is dated by itself: `cargo xtask torture races` runs one part and replaces its section.
The command's options set the counts; its defaults are the full ones. `cargo xtask test` runs the same tests with smaller counts.
";

/// The report's sections, by the test program that each is of.
#[derive(Default)]
pub struct Report(Vec<(Part, String)>);

impl Report {
    /// The sections of a report, if there is one.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read(file: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).at(file),
        };
        Ok(Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let sections = text.split("\n## ").skip(1).filter_map(|section| {
            let heading = section.lines().next()?;
            let mut parts = Part::value_variants().iter();
            let part = parts.find(|part| heading.ends_with(&place(**part)))?;
            Some((*part, format!("## {}\n", section.trim_end())))
        });
        Self(sections.collect())
    }

    /// Puts what a part has shown where its section was, or where it belongs.
    pub fn put(&mut self, part: Part, run: &str, outcome: &Outcome) {
        self.0.retain(|(other, _)| *other != part);
        self.0.push((part, section(part, run, outcome)));
        self.0.sort_by_key(|(part, _)| *part as u8);
    }

    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        std::fs::write(file, self.text()).at(file)
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (_, section) in &self.0 {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{section}");
        }
        text
    }
}

/// How a section's heading ends.
fn place(part: Part) -> String {
    format!("(`server/tests/{}`)", part.program())
}

fn section(part: Part, run: &str, outcome: &Outcome) -> String {
    let verdict = match outcome.failures.len() {
        0 => format!("All {} tests held.", outcome.passed),
        failed => format!("**{failed} of {} tests did not hold.**", failed + outcome.passed),
    };
    let mut text = format!(
        "## {} {}\n\n{run}. {verdict}\n\n| test | counts | shown | time |\n| --- | --- | --- | --- |\n",
        part.what(),
        place(part)
    );
    for row in &outcome.rows {
        let _ = writeln!(text, "{row}");
    }
    for failure in &outcome.failures {
        let _ = writeln!(text, "| `{}` | | **did not hold** | |", failure.test);
    }
    for failure in &outcome.failures {
        let words = failure.words.join("\n    ");
        let _ = writeln!(text, "\n`{}` said:\n\n    {words}", failure.test);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::torture::outcome::Failure;

    fn outcome(row: &str, failure: Option<&str>) -> Outcome {
        let failure = failure.map(|words| Failure {
            test: "sends".to_owned(),
            words: vec![words.to_owned()],
        });
        Outcome {
            passed: 1,
            rows: vec![row.to_owned()],
            failures: failure.into_iter().collect(),
        }
    }

    #[test]
    fn a_part_that_is_run_again_replaces_its_own_section_only() {
        let mut report = Report::default();
        report.put(Part::Fuzz, "on Monday", &outcome("| fuzz |", None));
        report.put(Part::Races, "on Monday", &outcome("| races |", Some("503")));
        let mut again = Report::parse(&report.text());
        assert_eq!(again.text(), report.text(), "what is read is what was written");
        let text = again.text();
        assert!(text.find("races").unwrap() < text.find("fuzz |").unwrap());
        assert!(text.contains("**1 of 2 tests did not hold.**") && text.contains("    503"));

        again.put(Part::Races, "on Tuesday", &outcome("| races |", None));
        let text = again.text();
        assert!(text.contains("on Tuesday") && text.contains("on Monday"));
        assert!(!text.contains("did not hold") && !text.contains("503"));
    }
}
