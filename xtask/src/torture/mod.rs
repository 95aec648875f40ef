//! `cargo xtask torture`: the proofs of `cargo xtask test` with their full counts, and a dated report of what they showed.

mod outcome;
mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::server::with_assets;
use crate::tools;
use outcome::Outcome;
use report::Report;

/// What is run, and how much of it. The report says so.
#[derive(Args)]
pub struct Options {
    /// Only these parts; what the report says of the others stays.
    parts: Vec<Part>,
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
    #[arg(long, default_value_t = 30)]
    steps: u32,
    /// Waves of 2,000 half-open connections.
    #[arg(long, default_value_t = 10)]
    waves: u32,
    /// Seconds for each fuzz target.
    #[arg(long, default_value_t = 60)]
    fuzz_seconds: u32,
    /// Requests that Schemathesis makes of each call of the API.
    #[arg(long, default_value_t = 200)]
    examples: u32,
    /// What is drawn at random follows from it; of the histories, this one alone is run.
    #[arg(long)]
    seed: Option<u64>,
    /// The file that keeps the report.
    #[arg(long, default_value = "docs/torture.md")]
    report: PathBuf,
}

/// A test program, which runs by itself and has a section of its own in the report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Part {
    Races,
    Kills,
    Simulation,
    FrontDoor,
    Fuzz,
    Described,
}

impl Part {
    /// The name of the test program.
    fn program(self) -> &'static str {
        match self {
            Self::Races => "races",
            Self::Kills => "kills",
            Self::Simulation => "simulation",
            Self::FrontDoor => "front_door",
            Self::Fuzz => "fuzz",
            Self::Described => "described",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Races => "Races over HTTP, on SQLite, PostgreSQL and three servers on one PostgreSQL",
            Self::Kills => "Kills during sends and during checks",
            Self::Simulation => "Random histories",
            Self::FrontDoor => "Connections, heads and bodies",
            Self::Fuzz => "Fuzz targets",
            Self::Described => "The API against its description, by Schemathesis",
        }
    }

    /// The variables that its counts are set by.
    fn counts(self, options: &Options) -> Vec<(&'static str, u32)> {
        match self {
            Self::Races => vec![("PHONE_VERIFY_TEST_RACES", options.races)],
            Self::Kills => vec![("PHONE_VERIFY_TEST_KILLS", options.kills)],
            Self::Simulation => vec![
                ("PHONE_VERIFY_TEST_HISTORIES", options.histories),
                ("PHONE_VERIFY_TEST_STEPS", options.steps),
            ],
            Self::FrontDoor => vec![("PHONE_VERIFY_TEST_WAVES", options.waves)],
            Self::Fuzz => vec![("PHONE_VERIFY_TEST_FUZZ_SECONDS", options.fuzz_seconds)],
            Self::Described => vec![("PHONE_VERIFY_TEST_EXAMPLES", options.examples)],
        }
    }
}

/// Runs the parts one after the other, goes on after a failure, and writes each into the report as soon as it is over: a run
/// that is cut off leaves what it has shown.
///
/// # Errors
/// Something did not hold.
pub fn run(paths: &Paths, options: &Options) -> Result<()> {
    tools::postgres()?;
    tools::python()?;
    let file = paths.root.join(&options.report);
    let mut report = Report::read(&file)?;
    let parts = match options.parts.as_slice() {
        [] => Part::value_variants(),
        some => some,
    };
    let (mut passed, mut failed) = (0, Vec::new());
    for part in parts {
        step(part.what());
        let run = Run::begin(paths)?;
        let outcome = test(paths, options, *part)?;
        passed += outcome.passed;
        report.put(*part, &run.over(), &outcome);
        report.write(&file)?;
        failed.extend(outcome.failures.into_iter().map(|failure| failure.test));
    }
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() && passed > 0 {
        Ok(())
    } else {
        Err(Error::Other(format!("did not hold: {}", failed.join(", "))))
    }
}

/// When and on what a part was run.
struct Run {
    date_and_commit: String,
    began: std::time::Instant,
}

impl Run {
    #[expect(clippy::disallowed_methods, reason = "no test waits for the time of a run")]
    fn begin(paths: &Paths) -> Result<Self> {
        Ok(Self {
            date_and_commit: process::now_and_here(paths)?,
            began: std::time::Instant::now(),
        })
    }

    /// One line of the report: when, on what, how long, and how busy the machine was at the end.
    fn over(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let minutes = self.began.elapsed().as_secs_f64() / 60.0;
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        // The third of the averages is over fifteen minutes.
        let load = load.split(' ').nth(2).map_or_else(String::new, |load| {
            format!(", {load} processes busy in its last fifteen minutes")
        });
        format!(
            "{}, unoptimised build, {cores} cores, {minutes:.1} minutes{load}",
            self.date_and_commit
        )
    }
}

fn test(paths: &Paths, options: &Options, part: Part) -> Result<Outcome> {
    let rows = paths.work().join(format!("torture-{}.md", part.program()));
    std::fs::create_dir_all(paths.work()).at(&paths.work())?;
    std::fs::write(&rows, "").at(&rows)?;
    let mut command = cargo(
        &paths.root,
        ["test", "--package", "phone-verify", "--test", part.program()],
    );
    command.env("PHONE_VERIFY_TEST_REPORT", &rows);
    let counts = part.counts(options);
    command.envs(counts.iter().map(|(name, count)| (name, count.to_string())));
    let seed = options.seed.map(|seed| seed.to_string());
    command.envs(seed.map(|seed| ("PHONE_VERIFY_TEST_SEED", seed)));
    let mut lines = Vec::new();
    let ended = process::watch(with_assets(paths, &mut command), |line| {
        lines.push(line.to_owned());
    });
    let rows = std::fs::read_to_string(&rows).at(&rows)?;
    Ok(Outcome::of(part.program(), &lines, &rows, ended.is_ok()))
}
