//! `cargo xtask bench` and `cargo xtask soak`: the server, as it is released, beside a bare program that runs the same SQL statements
//! on the same engine with the same durability and grouping, without HTTP and without the product. `cargo xtask simulate`: what attacks
//! cost, with the server's library in this program.
//!
//! Everything is on this machine's loopback, and only programs that this one started are measured and stopped.

mod bare;
mod client;
mod compare;
mod load;
mod median;
mod old_rows;
mod postgres;
mod process;
mod product;
mod report;
mod scale;
mod server;
mod simulation;
mod soak;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T = ()> = std::result::Result<T, Error>;

#[derive(Parser)]
#[command(name = "bench")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures server and bare program in turns, prints the ratios and keeps them.
    Compare(compare::Options),
    /// One, two and three servers on one PostgreSQL, and what the rows cost that all starts share.
    Scale(scale::Options),
    /// Mixed traffic with faults for some minutes.
    Soak(soak::Options),
    /// Attacks and ordinary days on the real server under a clock of the scripts' own: money lost, refusals, time to stop.
    Simulate(simulation::Options),
    /// The bare program; `compare` starts it.
    #[command(hide = true)]
    Bare {
        /// The database.
        url: String,
        #[command(flatten)]
        shape: load::Shape,
    },
}

/// The server's program to measure.
#[derive(clap::Args, Clone)]
struct Measured {
    /// The program; `target/release/phone-verify` otherwise.
    #[arg(long, default_value = "target/release/phone-verify")]
    server: PathBuf,
}

fn main() -> std::process::ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match task {
        Task::Compare(options) => runtime.block_on(compare::run(options)),
        Task::Scale(options) => runtime.block_on(scale::run(options)),
        Task::Soak(options) => runtime.block_on(soak::run(options)),
        Task::Simulate(options) => simulation::run(&options),
        Task::Bare { url, shape } => {
            let phases = runtime.block_on(bare::run(&url, shape))?;
            println!("{}", serde_json::to_string(&phases)?);
            Ok(())
        }
    }
}
