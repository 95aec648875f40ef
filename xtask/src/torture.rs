//! `cargo xtask torture`: the proofs of `cargo xtask test` with their full counts, and a dated report of what they showed.

use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::server::with_assets;
use crate::tools;

/// How much of everything. The report says what was run.
#[derive(Args)]
pub struct Options {
    /// Rounds of each race of 64 clients.
    #[arg(long, default_value_t = 200)]
    races: u32,
    /// Kills during sends, and as many during checks.
    #[arg(long, default_value_t = 500)]
    kills: u32,
    /// Random histories of the simulation.
    #[arg(long, default_value_t = 10_000)]
    histories: u32,
    /// Steps of each history.
    #[arg(long, default_value_t = 120)]
    steps: u32,
    /// Waves of 2,000 half-open connections.
    #[arg(long, default_value_t = 10)]
    waves: u32,
    /// Seconds for all fuzz targets together.
    #[arg(long, default_value_t = 60)]
    fuzz_seconds: u32,
    /// What is drawn at random follows from it.
    #[arg(long)]
    seed: Option<u64>,
    /// Only test programs whose name contains this; the report is printed and not kept.
    #[arg(long)]
    only: Option<String>,
}

/// One test program, and the variables with its counts.
struct Part {
    program: &'static str,
    what: &'static str,
    counts: Vec<(&'static str, u32)>,
}

impl Options {
    fn parts(&self) -> Vec<Part> {
        let part = |program, what, counts| Part {
            program,
            what,
            counts,
        };
        vec![
            part(
                "races",
                "races over HTTP, on SQLite, PostgreSQL and three servers on one PostgreSQL",
                vec![("PHONE_VERIFY_TEST_RACES", self.races)],
            ),
            part(
                "kills",
                "kills during sends and during checks",
                vec![("PHONE_VERIFY_TEST_KILLS", self.kills)],
            ),
            part(
                "simulation",
                "random histories",
                vec![
                    ("PHONE_VERIFY_TEST_HISTORIES", self.histories),
                    ("PHONE_VERIFY_TEST_STEPS", self.steps),
                ],
            ),
            part(
                "front_door",
                "connections, heads and bodies",
                vec![("PHONE_VERIFY_TEST_WAVES", self.waves)],
            ),
            part(
                "fuzz",
                "fuzz targets",
                vec![("PHONE_VERIFY_TEST_FUZZ_SECONDS", self.fuzz_seconds)],
            ),
        ]
    }
}

/// Runs them one after the other, goes on after a failure, and writes `docs/torture.md`.
///
/// # Errors
/// Something did not hold.
pub fn run(paths: &Paths, options: &Options) -> Result<()> {
    tools::postgres()?;
    let mut parts = options.parts();
    if let Some(only) = &options.only {
        parts.retain(|part| part.program.contains(only.as_str()));
    }
    let mut sections = Vec::new();
    let (mut passed, mut failed) = (0, Vec::new());
    for part in &parts {
        step(part.what);
        let outcome = test(paths, options, part)?;
        passed += outcome.passed;
        sections.push(outcome.section(part));
        failed.extend(outcome.failed);
        // After each part, so that a run that is cut off leaves what it has shown.
        let report = format!("{}{}", head(paths, failed.is_empty())?, sections.concat());
        if options.only.is_none() {
            let file = paths.root.join("docs/torture.md");
            std::fs::write(&file, report).at(&file)?;
        } else {
            println!("\n{report}");
        }
    }
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() && passed > 0 {
        Ok(())
    } else {
        Err(Error::Other(format!("did not hold: {}", failed.join(", "))))
    }
}

/// How one test program ended.
struct Outcome {
    /// The rows that its tests wrote.
    rows: String,
    passed: usize,
    failed: Vec<String>,
}

impl Outcome {
    fn section(&self, part: &Part) -> String {
        let failed: Vec<String> = self
            .failed
            .iter()
            .map(|test| format!("| `{test}` | | **did not hold** | |\n"))
            .collect();
        format!(
            "\n## {} (`server/tests/{}`)\n\n| test | counts | shown | time |\n| --- | --- | --- | --- |\n{}{failed}",
            capitalised(part.what),
            part.program,
            self.rows,
            failed = failed.concat()
        )
    }
}

fn test(paths: &Paths, options: &Options, part: &Part) -> Result<Outcome> {
    let rows: PathBuf = paths.work().join("torture-rows.md");
    std::fs::create_dir_all(paths.work()).at(&paths.work())?;
    std::fs::write(&rows, "").at(&rows)?;
    let mut command = cargo(
        &paths.root,
        ["test", "--package", "phone-verify", "--test", part.program],
    );
    command.env("PHONE_VERIFY_TEST_REPORT", &rows);
    command.envs(part.counts.iter().map(|(name, count)| (name, count.to_string())));
    command.envs(
        options
            .seed
            .map(|seed| ("PHONE_VERIFY_TEST_SEED", seed.to_string())),
    );
    let (mut passed, mut failed) = (0, Vec::new());
    let ended = process::watch(with_assets(paths, &mut command), |line| match result_of(line) {
        Some((_, true)) => passed += 1,
        Some((test, false)) => failed.push(test.to_owned()),
        None => {}
    });
    if ended.is_err() && failed.is_empty() {
        failed.push(part.program.to_owned());
    }
    let mut rows: Vec<String> = std::fs::read_to_string(&rows)
        .at(&rows)?
        .lines()
        .map(|row| format!("{row}\n"))
        .collect();
    rows.sort();
    Ok(Outcome {
        rows: rows.concat(),
        passed,
        failed,
    })
}

/// The test and whether it passed, where a line of `cargo test` says so.
fn result_of(line: &str) -> Option<(&str, bool)> {
    let (test, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match result {
        "ok" => Some((test, true)),
        "FAILED" => Some((test, false)),
        _ => None,
    }
}

fn head(paths: &Paths, held: bool) -> Result<String> {
    let date = process::read(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))?;
    let mut git = Command::new("git");
    git.current_dir(&paths.root)
        .args(["rev-parse", "--short", "HEAD"]);
    let commit = process::read(&mut git).unwrap_or_else(|_| "unknown".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let verdict = if held {
        "Everything held."
    } else {
        "**Not everything held.**"
    };
    Ok(format!(
        "# Torture\n\nWhat `cargo xtask torture` showed on {} at commit {}, unoptimised build, {cores} cores. {verdict} The \
         options of the command set the counts; the full ones are its defaults. `cargo xtask test` runs the same tests with \
         smaller counts.\n",
        date.trim(),
        commit.trim()
    ))
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
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
}
