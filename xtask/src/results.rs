//! What each test came to, from the lines of `cargo test` and the report of Playwright.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process;
use crate::security::Test;

/// What a name came to in a run; the later the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Green,
    DidNotRun,
    Red,
}

/// What a run came to, kept for whoever asks later.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results {
    /// When it was and of what.
    pub run: String,
    /// Whether each Rust test of a name passed; functions of the same name are told apart by nobody.
    functions: BTreeMap<String, bool>,
    /// Whether all tests of a file passed; nothing where no browser was run.
    specs: Option<BTreeMap<String, bool>>,
}

impl Results {
    /// The ones of the last whole run.
    ///
    /// # Errors
    /// There was none.
    pub fn load(paths: &Paths) -> Result<Self> {
        let file = file(paths);
        let text = std::fs::read(&file)
            .map_err(|_| Error::Other("no whole run of `cargo xtask test` yet: run it first".to_owned()))?;
        serde_json::from_slice(&text).map_err(|error| Error::Other(format!("{}: {error}", file.display())))
    }

    /// # Errors
    /// They cannot be written.
    pub fn keep(&mut self, paths: &Paths) -> Result<()> {
        self.run = process::now_and_here(paths)?;
        let text = serde_json::to_vec(self).map_err(|error| Error::Other(error.to_string()))?;
        std::fs::create_dir_all(paths.work()).at(&paths.work())?;
        std::fs::write(file(paths), text).at(&file(paths))
    }

    /// Adds the line of a test, if this is one.
    pub fn add_cargo_line(&mut self, line: &str) {
        let Some((test, passed)) = result_of(line) else {
            return;
        };
        let function = test.rsplit("::").next().unwrap_or(test);
        let all = self.functions.entry(function.to_owned()).or_insert(true);
        *all &= passed;
    }

    /// Adds Playwright's report: the specs of each file, whichever groups they are in.
    pub fn add_playwright(&mut self, report: &serde_json::Value) {
        let specs = self.specs.get_or_insert_default();
        let mut suites: Vec<&serde_json::Value> = report["suites"].as_array().into_iter().flatten().collect();
        while let Some(suite) = suites.pop() {
            suites.extend(suite["suites"].as_array().into_iter().flatten());
            for spec in suite["specs"].as_array().into_iter().flatten() {
                let file = spec["file"].as_str().unwrap_or_default();
                let file = file.rsplit('/').next().unwrap_or(file);
                let all = specs.entry(format!("end2end/specs/{file}")).or_insert(true);
                *all &= spec["ok"].as_bool().unwrap_or(false);
            }
        }
    }

    /// Whether the tests in the browser were part of the run.
    pub fn has_browser(&self) -> bool {
        self.specs.is_some()
    }

    /// What a test came to.
    pub fn of(&self, test: &Test) -> Outcome {
        let passed = match test {
            Test::Function(name) => self.functions.get(name),
            Test::Spec(file) => self.specs.as_ref().and_then(|specs| specs.get(file)),
        };
        match passed {
            Some(true) => Outcome::Green,
            Some(false) => Outcome::Red,
            None => Outcome::DidNotRun,
        }
    }
}

fn file(paths: &Paths) -> PathBuf {
    paths.work().join("results.json")
}

/// The test and whether it passed, where a line of `cargo test` says so.
pub fn result_of(line: &str) -> Option<(&str, bool)> {
    let (test, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match result {
        "ok" => Some((test, true)),
        "FAILED" => Some((test, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_from_the_lines_of_cargo_test() {
        assert_eq!(
            result_of("test sends::killed ... ok"),
            Some(("sends::killed", true))
        );
        assert_eq!(
            result_of("test sends::killed ... FAILED"),
            Some(("sends::killed", false))
        );
        for other in [
            "test result: ok. 1 passed; 0 failed",
            "test sends::killed has been running for over 60 seconds",
            "running 2 tests",
        ] {
            assert_eq!(result_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_of_specs_is_green_when_all_of_it_is() {
        let mut results = Results::default();
        let order = Test::Spec("end2end/specs/order.spec.ts".to_owned());
        assert_eq!(results.of(&order), Outcome::DidNotRun);
        let spec = |ok: bool| serde_json::json!({"file": "order.spec.ts", "ok": ok});
        results.add_playwright(&serde_json::json!({"suites": [{"specs": [spec(true)]}]}));
        assert_eq!(results.of(&order), Outcome::Green);
        results.add_playwright(&serde_json::json!({"suites": [{"suites": [{"specs": [spec(false)]}]}]}));
        assert_eq!(results.of(&order), Outcome::Red);
        let other = Test::Spec("end2end/specs/forms.spec.ts".to_owned());
        assert_eq!(results.of(&other), Outcome::DidNotRun);
    }
}
