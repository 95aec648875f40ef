//! How a test program ended, from what it printed.

use crate::results::result_of;

/// Lines of a failed test's words that are kept.
const WORDS: usize = 24;

/// What a part has shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    pub passed: usize,
    /// The rows that its tests wrote, in alphabetical order.
    pub rows: Vec<String>,
    pub failures: Vec<Failure>,
}

/// A test that did not hold, and what it said.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub test: String,
    pub words: Vec<String>,
}

impl Outcome {
    /// Of a program's lines and of the rows that its tests wrote. One that ends badly and names no test has failed itself: it
    /// was not compiled, or was killed.
    pub fn of(program: &str, lines: &[String], rows: &str, ended_well: bool) -> Self {
        let results: Vec<(&str, bool)> = lines.iter().filter_map(|line| result_of(line)).collect();
        let failed = results.iter().filter(|(_, passed)| !passed);
        let mut failures: Vec<Failure> = failed
            .map(|(test, _)| Failure {
                test: (*test).to_owned(),
                words: words_of(test, lines),
            })
            .collect();
        if !ended_well && failures.is_empty() {
            failures.push(Failure {
                test: program.to_owned(),
                words: lines.iter().rev().take(WORDS).rev().cloned().collect(),
            });
        }
        let mut rows: Vec<String> = rows.lines().map(str::to_owned).collect();
        rows.sort();
        Self {
            passed: results.iter().filter(|(_, passed)| *passed).count(),
            rows,
            failures,
        }
    }
}

/// What libtest prints of a failed test after all have ended.
fn words_of(test: &str, lines: &[String]) -> Vec<String> {
    let begin = format!("---- {test} stdout ----");
    let after = lines.iter().skip_while(|line| **line != begin).skip(1);
    after
        .take_while(|line| !line.starts_with("---- ") && !line.starts_with("failures:"))
        .filter(|line| !line.is_empty())
        .take(WORDS)
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_failed_test_is_kept_with_its_words() {
        let printed = lines(
            "running 2 tests\ntest sends ... FAILED\ntest checks ... ok\n\nfailures:\n\n---- sends stdout ----\nround 3: \
             answers: {\"503\": 1}\nin the database: 2\n\n\nfailures:\n    sends\n\ntest result: FAILED. 1 passed; 1 failed",
        );
        let outcome = Outcome::of("races", &printed, "| b |\n| a |\n", false);
        assert_eq!(outcome.passed, 1);
        assert_eq!(outcome.rows, ["| a |", "| b |"]);
        let words = lines("round 3: answers: {\"503\": 1}\nin the database: 2");
        assert_eq!(
            outcome.failures,
            [Failure {
                test: "sends".to_owned(),
                words
            }]
        );
    }

    #[test]
    fn a_program_that_ends_without_naming_a_test_has_failed_itself() {
        let outcome = Outcome::of("kills", &lines("running 2 tests"), "", false);
        assert_eq!(outcome.failures[0].test, "kills");
        assert_eq!(outcome.failures[0].words, ["running 2 tests"]);
    }
}
