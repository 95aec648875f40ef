//! `cargo xtask bench` and `cargo xtask soak`: the program that measures, on the server as it is released; `cargo xtask simulate`: the
//! same program, on its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use crate::assets;
use crate::error::Result;
use crate::paths::Paths;
use crate::process::{self, step};
use crate::server::{self, Profile};

const BENCH: &str = "bench";

/// What is measured, and how.
#[derive(Args)]
pub struct Options {
    /// The server that is there already, in place of a new build.
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// What the measuring program itself is told: `cargo xtask bench -- --help` lists it.
    #[arg(last = true)]
    rest: Vec<OsString>,
}

/// Builds both programs and runs the measuring one.
///
/// # Errors
/// A build fails, or what is measured does not hold.
pub fn run(paths: &Paths, task: &str, options: &Options) -> Result<()> {
    step("the measuring program and the server, optimised (the first time takes some minutes)");
    let server = if let Some(server) = &options.server {
        server::build_programs(paths, Profile::Release, &[BENCH])?;
        server.clone()
    } else {
        assets::build(paths)?;
        server::build_programs(paths, Profile::Release, &[server::SERVER, BENCH])?;
        server::program(paths, Profile::Release, server::SERVER)
    };
    step(&format!("{task}: nothing else should be at work on this machine"));
    process::run(
        Command::new(server::program(paths, Profile::Release, BENCH))
            .current_dir(&paths.root)
            .arg(task)
            .arg("--server")
            .arg(server)
            .args(&options.rest),
    )
}

/// How the simulation is run.
#[derive(Args)]
pub struct Simulation {
    /// With the debug build: what runs is the same, some minutes longer.
    #[arg(long)]
    debug: bool,
    /// What the simulation itself is told, as `-- --cap 0.25`.
    #[arg(last = true)]
    rest: Vec<OsString>,
}

/// Builds the program and simulates attacks: nothing of it is timed, so others may be at work.
///
/// # Errors
/// A build fails, or a figure is over its bound.
pub fn simulate(paths: &Paths, options: &Simulation) -> Result<()> {
    let profile = if options.debug {
        Profile::Debug
    } else {
        Profile::Release
    };
    step("the simulation (the first time takes some minutes)");
    assets::build(paths)?;
    server::build_programs(paths, profile, &[BENCH])?;
    process::run(
        Command::new(server::program(paths, profile, BENCH))
            .current_dir(&paths.root)
            .arg("simulate")
            .args(&options.rest),
    )
}
