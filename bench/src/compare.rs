//! `bench compare`: server and bare program in turns, and what a server weighs.

use crate::load::{self, Phases, Shape};
use crate::product::Product;
use crate::report::{Pair, Run};
use crate::server::Server;
use crate::{Measured, Result, median, old_rows, postgres, process};
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
    /// Measures what they change and nothing else, prints all of it, and keeps nothing.
    #[arg(long)]
    only_old_rows: bool,
    /// Leaves PostgreSQL out.
    #[arg(long)]
    no_postgres: bool,
    /// Where the run is kept, and the last one is found.
    #[arg(long, default_value = "target/bench/last.json")]
    keep: PathBuf,
}

/// How often servers with and without old rows are started, for each round of the other measurements.
const STARTS_A_ROUND: usize = 4;

/// Measures, prints and keeps.
///
/// # Errors
/// A program does not start, or a request failed.
pub async fn run(options: Options) -> Result {
    let compare_old_rows = || {
        println!("{} old rows", options.old_rows);
        let starts = STARTS_A_ROUND * options.rounds;
        old_rows::compare(
            &options.measured.server,
            options.old_rows,
            (options.shape, starts),
        )
    };
    if options.only_old_rows {
        let run = Run {
            old_rows: Some(compare_old_rows().await?),
            ..Run::default()
        };
        println!("{}", serde_json::to_string_pretty(&run.old_rows)?);
        return none_failed(&run);
    }
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
        run.old_rows = Some(compare_old_rows().await?);
    }
    let before = std::fs::read(&options.keep).ok();
    let before: Option<Run> = before.and_then(|text| serde_json::from_slice(&text).ok());
    print!("{}", run.table(before.as_ref()));
    if let Some(folder) = options.keep.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&options.keep, serde_json::to_vec_pretty(&run)?)?;
    println!("kept in {}", options.keep.display());
    none_failed(&run)
}

fn none_failed(run: &Run) -> Result {
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
        product: median::of_phases(&product),
        bare: median::of_phases(&bare),
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
        product: median::of_phases(&product),
        bare: median::of_phases(&bare),
    })
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
