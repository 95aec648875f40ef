//! `cargo xtask test`: every test, and what it needs.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use crate::browser::Playwright;
use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::results::Results;
use crate::server::with_assets;
use crate::tools;
use crate::{accounts, assets, book, budget, leak, npm, security};

/// Which tests.
#[derive(Args)]
pub struct Options {
    /// Only one half.
    #[arg(long, value_enum)]
    only: Option<Half>,
    /// Only end-to-end tests whose title matches this regular expression, or unit tests whose name contains it.
    #[arg(long)]
    filter: Option<OsString>,
}

/// A half of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Half {
    /// Unit, store and API tests, and the checks of the wasm.
    Unit,
    /// End to end in Chromium.
    E2e,
}

impl Options {
    fn wants(&self, half: Half) -> bool {
        self.only.is_none_or(|only| only == half)
    }

    /// Whether every Rust test is run, so that one that did not run is missing.
    fn is_whole(&self) -> bool {
        self.wants(Half::Unit) && self.filter.is_none()
    }
}

/// What the runners have counted.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
struct Count {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Count {
    /// Adds the closing line of a `cargo test` binary, if this is one.
    fn add_cargo_line(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            match part
                .split_once(' ')
                .map(|(number, what)| (number.parse::<u64>(), what))
            {
                Some((Ok(number), "passed")) => self.passed += number,
                Some((Ok(number), "failed")) => self.failed += number,
                Some((Ok(number), "ignored")) => self.skipped += number,
                _ => {}
            }
        }
    }

    /// Adds Playwright's `stats`.
    fn add_playwright(&mut self, report: &serde_json::Value) {
        let stat = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
        self.passed += stat("expected");
        // A test that passes only when it is tried again has failed.
        self.failed += stat("unexpected") + stat("flaky");
        self.skipped += stat("skipped");
    }
}

/// Runs them all, goes on after a failure, and ends with the sum.
///
/// # Errors
/// Something failed, or nothing ran.
pub fn run(paths: &Paths, options: &Options) -> Result<()> {
    let mut count = Count::default();
    let mut results = Results::default();
    let mut failures = Vec::new();
    let manifest = assets::build(paths)?;
    accounts::files(paths)?;
    npm::install_all(paths)?;
    if options.wants(Half::Unit) {
        for needed in [tools::postgres(), tools::python()] {
            failures.extend(needed.err().map(|error| error.to_string()));
        }
        let checks: [(&str, Result<()>); 4] = [
            ("the widget's size", budget::check(&manifest)),
            ("the wasm's content", leak::check(paths)),
            ("the domain in the browser", domain_for_wasm(paths)),
            ("the documentation's site", book::run(paths)),
        ];
        for (what, result) in checks {
            match result {
                Ok(()) => count.passed += 1,
                Err(error) => {
                    count.failed += 1;
                    failures.push(format!("{what}: {error}"));
                }
            }
        }
        failures.extend(
            cargo_tests(paths, options, &mut count, &mut results)
                .err()
                .map(|error| error.to_string()),
        );
    }
    if options.is_whole() {
        // Before the browser, so that a run that is cut off there leaves what it has.
        results.keep(paths)?;
    }
    if options.wants(Half::E2e) {
        failures.extend(
            end_to_end(paths, options, &mut count, &mut results)
                .err()
                .map(|error| error.to_string()),
        );
    }
    if options.is_whole() {
        step("what docs/security.md says is what this run came to");
        let told = results
            .keep(paths)
            .and_then(|()| security::check(paths, &results));
        match told {
            Ok(()) => count.passed += 1,
            Err(error) => {
                count.failed += 1;
                failures.push(error.to_string());
            }
        }
    }
    for failure in &failures {
        eprintln!("failed: {failure}");
    }
    println!(
        "{} passed, {} failed, {} skipped",
        count.passed, count.failed, count.skipped
    );
    if failures.is_empty() && count.failed == 0 && count.passed > 0 {
        Ok(())
    } else {
        Err(Error::Other("not all tests passed".to_owned()))
    }
}

fn domain_for_wasm(paths: &Paths) -> Result<()> {
    step("the domain builds for the browser");
    let arguments = [
        "check",
        "--package",
        "phone-verify-domain",
        "--target",
        tools::WASM,
    ];
    process::run(&mut cargo(&paths.root, arguments))
}

fn cargo_tests(paths: &Paths, options: &Options, count: &mut Count, results: &mut Results) -> Result<()> {
    let all: [(&str, &[&str]); 2] = [
        ("unit, store and API tests", &["test", "--no-fail-fast"]),
        (
            "the component's tests",
            &[
                "test",
                "--no-fail-fast",
                "--package",
                "phone-verify-app",
                "--features",
                "ssr",
            ],
        ),
    ];
    let mut first = Ok(());
    for (what, arguments) in all {
        step(what);
        let mut command = cargo(&paths.root, arguments);
        command.args(&options.filter);
        let result = process::watch(with_assets(paths, &mut command), |line| {
            count.add_cargo_line(line);
            results.add_cargo_line(line);
        });
        first = first.and(result);
    }
    first
}

fn end_to_end(paths: &Paths, options: &Options, count: &mut Count, results: &mut Results) -> Result<()> {
    let mut playwright = Playwright::prepare(paths)?;
    step("end to end in Chromium");
    let report = paths.work().join("end2end.json");
    if report.exists() {
        std::fs::remove_file(&report).at(&report)?;
    }
    let command = playwright
        .command(&["--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    if let Some(filter) = &options.filter {
        command.arg("--grep").arg(filter);
    }
    let result = process::run(command);
    let text = std::fs::read(&report).unwrap_or_default();
    match serde_json::from_slice(&text) {
        Ok(report) => {
            count.add_playwright(&report);
            results.add_playwright(&report);
        }
        Err(_) => count.failed += 1,
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_cargo_test_are_added_up() {
        let mut count = Count::default();
        count.add_cargo_line(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        count.add_cargo_line("test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        count.add_cargo_line("test the_result: ok. 9 passed");
        assert_eq!(
            count,
            Count {
                passed: 5,
                failed: 4,
                skipped: 1
            }
        );
    }

    #[test]
    fn a_test_that_passed_on_a_second_try_has_failed() {
        let mut count = Count::default();
        let report = serde_json::json!({"stats": {"expected": 7, "unexpected": 1, "flaky": 2, "skipped": 3}});
        count.add_playwright(&report);
        assert_eq!(
            count,
            Count {
                passed: 7,
                failed: 3,
                skipped: 3
            }
        );
    }
}
