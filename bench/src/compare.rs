//! `bench compare`: server and bare program in turns, and what a server weighs.

use crate::load::{self, Phase, Phases, Shape};
use crate::product::Product;
use crate::report::{OldRows, Pair, Run};
use crate::server::Server;
use crate::{Measured, Result, old_rows, postgres, process};
use serde_json::json;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::sleep;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    measured: Measured,
    #[command(flatten)]
    shape: Shape,
    /// How often both programs are measured, in turns; the table has the medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Old rows for the server with a past; 0 leaves it out.
    #[arg(long, default_value_t = 1_000_000)]
    old_rows: u32,
    /// Leaves PostgreSQL out.
    #[arg(long)]
    no_postgres: bool,
    /// Where the run is kept, and the last one is found.
    #[arg(long, default_value = "target/bench/last.json")]
    keep: PathBuf,
}

/// Measures, prints and keeps.
///
/// # Errors
/// A program does not start, or a request failed.
pub async fn run(options: Options) -> Result {
    let mut run = Run {
        at: now()?,
        load: process::load(),
        ..weigh(&options).await?
    };
    run.sqlite = on_sqlite(&options).await?;
    if !options.no_postgres {
        run.postgres = Some(on_postgres(&options).await?);
    }
    if options.old_rows > 0 {
        run.old_rows = Some(with_a_past(&options).await?);
    }
    let before = std::fs::read(&options.keep).ok();
    let before: Option<Run> = before.and_then(|text| serde_json::from_slice(&text).ok());
    print!("{}", run.table(before.as_ref()));
    if let Some(folder) = options.keep.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&options.keep, serde_json::to_vec_pretty(&run)?)?;
    println!("kept in {}", options.keep.display());
    match run.failed() {
        0 => Ok(()),
        failed => Err(format!("{failed} requests failed").into()),
    }
}

fn now() -> Result<String> {
    let date = Command::new("date")
        .args(["-u", "+%Y-%m-%d %H:%M UTC"])
        .output()?;
    Ok(String::from_utf8(date.stdout)?.trim().to_owned())
}

/// Size, cold start, and memory before and under a load with numbers typed in every country.
async fn weigh(options: &Options) -> Result<Run> {
    println!("size, cold start, memory");
    let program = &options.measured.server;
    // The first start makes keys and tables.
    let folder = Server::start(program, None, TempDir::new()?).await?.stop()?;
    let server = Server::start(program, None, folder).await?;
    let cold_start_ms = server.cold_start.as_secs_f64() * 1e3;
    sleep(Duration::from_secs(2)).await;
    let idle = process::pss(server.id())?;
    let product = Arc::new(Product::new(&server));
    see_every_region(&product).await?;
    let loaded = tokio::spawn(load::run(product, options.shape));
    let mut most = 0;
    while !loaded.is_finished() {
        most = process::pss(server.id())?.max(most);
        sleep(Duration::from_millis(100)).await;
    }
    loaded.await??;
    server.stop()?;
    let bytes = u32::try_from(std::fs::metadata(program)?.len())?;
    Ok(Run {
        cold_start_ms,
        idle_mib: mib(idle),
        loaded_mib: mib(most),
        binary_mb: f64::from(bytes) / 1e6,
        ..Run::default()
    })
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}

/// Types numbers in every country: the server reads them by that country's metadata, whatever they come to.
async fn see_every_region(product: &Product) -> Result {
    let mut sent = 0;
    for one in b'A'..=b'Z' {
        for other in b'A'..=b'Z' {
            let country = String::from_utf8(vec![one, other])?;
            for number in ["2012345678", "612345678", "0791234567"] {
                let body = json!({"site_key": "demo", "phone_number": number, "country": country});
                let asked = product.client.ask("POST", "/v1/verifications", None, Some(&body));
                sent += u32::from(asked.await?.0 == 201);
            }
        }
    }
    println!("  {sent} of the numbers that were typed in every country are valid there");
    Ok(())
}

async fn on_sqlite(options: &Options) -> Result<Pair> {
    let (mut product, mut bare) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        println!("SQLite, round {round} of {}", options.rounds);
        let server = Server::start(&options.measured.server, None, TempDir::new()?).await?;
        product.push(load::run(Arc::new(Product::new(&server)), options.shape).await?);
        server.stop()?;
        // The bare program works on tables that a server has made.
        let made = Server::start(&options.measured.server, None, TempDir::new()?).await?;
        let folder = made.stop()?;
        let file = folder.path().join("data/phone-verify.db");
        bare.push(run_bare(&format!("sqlite://{}", file.display()), options.shape)?);
    }
    Ok(Pair {
        product: median(&product),
        bare: median(&bare),
    })
}

async fn on_postgres(options: &Options) -> Result<Pair> {
    let mut cluster = postgres::Cluster::start()?;
    let (mut product, mut bare) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        println!("PostgreSQL, round {round} of {}", options.rounds);
        let url = cluster.database().await?;
        let server = Server::start(&options.measured.server, Some(&url), TempDir::new()?).await?;
        product.push(load::run(Arc::new(Product::new(&server)), options.shape).await?);
        server.stop()?;
        let url = cluster.database().await?;
        let made = Server::start(&options.measured.server, Some(&url), TempDir::new()?).await?;
        made.stop()?;
        bare.push(run_bare(&url, options.shape)?);
    }
    Ok(Pair {
        product: median(&product),
        bare: median(&bare),
    })
}

/// A server on an empty database and one on a full one, in turns.
async fn with_a_past(options: &Options) -> Result<OldRows> {
    println!("{} old rows", options.old_rows);
    let program = &options.measured.server;
    let mut empty = Server::start(program, None, TempDir::new()?).await?.stop()?;
    let mut full = Server::start(program, None, TempDir::new()?).await?.stop()?;
    old_rows::fill(full.path(), options.old_rows).await?;
    let (mut none, mut many) = (Vec::new(), Vec::new());
    // A tenth is looked for, and rounds differ by more: those of one round are compared, and there are twice as many.
    for round in 0..2 * options.rounds {
        let mut turns = [(&mut empty, &mut none), (&mut full, &mut many)];
        // Whoever is second may find the disk as the first has left it.
        if round % 2 == 1 {
            turns.reverse();
        }
        for (folder, phases) in turns {
            Command::new("sync").status()?;
            let server = Server::start(program, None, std::mem::replace(folder, TempDir::new()?)).await?;
            // What an earlier round sent is in the outbox's file, and of no use any more.
            std::fs::File::create(server.folder.path().join("outbox.jsonl"))?;
            phases.push(load::run(Arc::new(Product::new(&server)), options.shape).await?);
            *folder = server.stop()?;
        }
    }
    Ok(OldRows {
        rows: options.old_rows,
        none: median(&none),
        many: median(&many),
        starts_slower_by: slower_by(&none, &many, |phases| phases.start.per_second),
        checks_slower_by: slower_by(&none, &many, |phases| phases.check.per_second),
    })
}

/// The median of what the rounds say.
fn slower_by(none: &[Phases], many: &[Phases], value: fn(&Phases) -> f64) -> f64 {
    middle(
        none.iter()
            .zip(many)
            .map(|(none, many)| value(none) / value(many))
            .collect(),
    )
}

/// In a process of its own, whose CPU time is the bare program's alone.
fn run_bare(url: &str, shape: Shape) -> Result<Phases> {
    let output = Command::new(std::env::current_exe()?)
        .args(["bare", url])
        .args(["--clients", &shape.clients.to_string()])
        .args(["--seconds", &shape.seconds.to_string()])
        .args(["--rate", &shape.rate.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the bare program failed".into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn median(rounds: &[Phases]) -> Phases {
    let of = |phase: fn(&Phases) -> &Phase| {
        let all: Vec<&Phase> = rounds.iter().map(phase).collect();
        let value = |value: fn(&Phase) -> f64| middle(all.iter().map(|phase| value(phase)).collect());
        Phase {
            requests: all.iter().map(|phase| phase.requests).sum(),
            failed: all.iter().map(|phase| phase.failed).sum(),
            per_second: value(|phase| phase.per_second),
            p50_ms: value(|phase| phase.p50_ms),
            p99_ms: value(|phase| phase.p99_ms),
            cpu_us: value(|phase| phase.cpu_us),
            per_commit: all[0]
                .per_commit
                .map(|_| value(|phase| phase.per_commit.unwrap_or_default())),
        }
    };
    Phases {
        start: of(|phases| &phases.start),
        check: of(|phases| &phases.check),
        open_start: of(|phases| &phases.open_start),
        open_check: of(|phases| &phases.open_check),
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let (lower, upper) = (values.get(last / 2), values.get(last.div_ceil(2)));
    lower
        .zip(upper)
        .map(|(lower, upper)| lower.midpoint(*upper))
        .unwrap_or_default()
}
