//! The project's own commands: `cargo xtask build | serve | order | accounts | test | torture | security | mutants | lint
//! | audit | book | pictures | measure | release | bench | scale | soak`.
//!
//! Each gets what it needs on a machine that has Rust, Node.js and npm, says what it is doing, and does nothing
//! that is done already.

mod accounts;
mod assets;
mod audit;
mod bench;
mod book;
mod browser;
mod budget;
mod debian;
mod error;
mod leak;
mod lint;
mod mutants;
mod npm;
mod order;
mod paths;
mod process;
mod python;
mod release;
mod results;
mod security;
mod serve;
mod server;
mod stamp;
mod test;
mod tools;
mod torture;
mod wasm;

use clap::{Parser, Subcommand};
use error::Result;
use paths::Paths;
use server::Profile;

/// Builds, serves and tests phone-verify.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Makes the one binary, with the widget and all files inside.
    Build {
        /// Optimised: `target/release/phone-verify` instead of `target/debug/phone-verify`.
        #[arg(long)]
        release: bool,
        /// Only the files that go into the binary (`target/embed`).
        #[arg(long, conflicts_with = "release")]
        assets_only: bool,
    },
    /// Builds, then runs the server in development: SQLite in `./data`, codes at `/dev/outbox`.
    Serve {
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: String,
    },
    /// Runs the example shop, whose own server checks the token, beside a server in development.
    Order {
        /// Where the server listens.
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: String,
        /// Where the shop listens.
        #[arg(long, default_value = "127.0.0.1:4000")]
        shop_listen: String,
    },
    /// Builds `target/release/accounts`, the example of a full-stack Leptos app, and runs it.
    Accounts {
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: String,
        /// Compiled quickly: `target/debug/accounts`.
        #[arg(long)]
        debug: bool,
        /// Only builds it.
        #[arg(long)]
        build_only: bool,
    },
    /// Builds, then runs every test: unit, store, API, the wasm's size and content, end to end in Chromium.
    Test(test::Options),
    /// Races, kills, random histories, hostile connections and fuzz targets with their full counts: `docs/torture.md`.
    Torture(torture::Options),
    /// Writes the tables of `docs/security.md` from what the last whole `cargo xtask test` came to.
    Security,
    /// Takes each decisive guard out of a copy of the sources and shows that its test goes red.
    Mutants {
        /// Only mutants whose names contain one of these.
        filters: Vec<String>,
    },
    /// Makes the documentation's site in `target/book` and follows its links.
    Book,
    /// Draws the documentation's pictures of the widget: `docs/pictures`.
    Pictures,
    /// Measures how soon the widget can be used, with nothing else at work: `docs/performance.md`.
    Measure,
    /// Makes the tarball with sums and a bill of materials, and tries it in an empty folder: `target/dist`.
    Release(release::Options),
    /// Measures the server beside a bare program of the same SQL: `target/bench`.
    Bench(bench::Options),
    /// What may become part of the binary, and what is known against it: cargo-deny and cargo-audit.
    Audit(audit::Options),
    /// Measures one, two and three servers on one PostgreSQL.
    Scale(bench::Options),
    /// Mixed traffic with faults for some minutes: memory and descriptors stay flat, no promise is broken.
    Soak(bench::Options),
    /// Plays attacks and ordinary days on the real server: what they cost, whom they keep out. Writes a table of `docs/security.md` and
    /// `target/simulation/report.html`.
    Simulate(bench::Simulation),
    /// Format, clippy with warnings denied, documentation links.
    Lint,
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

fn run(task: Task) -> Result<()> {
    let paths = Paths::find()?;
    match task {
        Task::Build {
            assets_only: true, ..
        } => assets::build(&paths).map(drop),
        Task::Build { release, .. } => {
            assets::build(&paths)?;
            let profile = if release { Profile::Release } else { Profile::Debug };
            let binary = server::build(&paths, profile)?;
            process::step(&format!("ready: {}", paths.relative(&binary)));
            Ok(())
        }
        Task::Serve { listen } => serve::run(&paths, &listen),
        Task::Order { listen, shop_listen } => order::run(&paths, &listen, &shop_listen),
        Task::Accounts {
            listen,
            debug,
            build_only,
        } => {
            let profile = if debug { Profile::Debug } else { Profile::Release };
            accounts::run(&paths, profile, &listen, build_only)
        }
        Task::Test(options) => test::run(&paths, &options),
        Task::Torture(options) => torture::run(&paths, &options),
        Task::Security => security::write(&paths),
        Task::Mutants { filters } => mutants::run(&paths, &filters),
        Task::Book => book::run(&paths),
        Task::Pictures => browser::pictures(&paths),
        Task::Measure => browser::measure(&paths),
        Task::Release(options) => release::run(&paths, &options),
        Task::Bench(options) => bench::run(&paths, "compare", &options),
        Task::Audit(options) => audit::run(&paths, &options),
        Task::Scale(options) => bench::run(&paths, "scale", &options),
        Task::Soak(options) => bench::run(&paths, "soak", &options),
        Task::Simulate(options) => bench::simulate(&paths, &options),
        Task::Lint => lint::run(&paths),
    }
}
