//! `bench soak`: mixed traffic with faults for some minutes; memory and descriptors stay flat, and no promise is broken.

use crate::load::Work;
use crate::product::Product;
use crate::server::Server;
use crate::{Measured, Result, process};
use serde_json::json;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// How long, and how much.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    measured: Measured,
    /// Minutes in all.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// How often the server is killed and started again.
    #[arg(long, default_value_t = 2)]
    kills: u64,
}

/// How much more memory a server may have at the end than after its first quarter, in per cent, and descriptors.
const GROWTH: (u64, usize) = (15, 16);

/// One wave of traffic: starts, of which most are checked.
const WAVE: usize = 64;

/// What was asked and answered.
#[derive(Default)]
struct Counts {
    started: u64,
    approved: u64,
    refused: u64,
    broken_off: u64,
}

/// Loads a server until the time is over, kills it in between, and looks at it in the end.
///
/// # Errors
/// Memory or descriptors grew, an approval was lost, or an answer was none that may be given.
pub async fn run(options: Options) -> Result {
    let lives = options.kills + 1;
    let each = Duration::from_secs(options.minutes * 60) / u32::try_from(lives)?;
    let mut folder = TempDir::new()?;
    let mut counts = Counts::default();
    for life in 1..=lives {
        let server = Server::start(&options.measured.server, None, folder).await?;
        std::fs::File::create(server.folder.path().join("outbox.jsonl"))?;
        live(&server, each, &mut counts).await?;
        folder = if life == lives {
            server.stop()?
        } else {
            server.kill()?
        };
        println!(
            "life {life} of {lives}: {} started, {} approved, {} refused, {} broken off so far",
            counts.started, counts.approved, counts.refused, counts.broken_off
        );
    }
    invariants(folder, &counts).await
}

async fn live(server: &Server, each: Duration, counts: &mut Counts) -> Result {
    let product = Arc::new(Product::new(server));
    let (begun, mut after_a_quarter) = (Instant::now(), None);
    while begun.elapsed() < each {
        wave(&product, counts).await?;
        break_off(server, counts).await;
        if begun.elapsed() > each / 4 && after_a_quarter.is_none() {
            product.client.close();
            after_a_quarter = Some((process::pss(server.id())?, process::descriptors(server.id())?));
        }
    }
    product.client.close();
    // What was broken off is closed within the time that a head may take.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (memory, descriptors) = (process::pss(server.id())?, process::descriptors(server.id())?);
    let (memory_before, descriptors_before) = after_a_quarter.unwrap_or((memory, descriptors));
    println!(
        "memory {memory_before} KiB after a quarter, {memory} KiB now; descriptors {descriptors_before}, {descriptors} now"
    );
    if memory * 100 > memory_before * (100 + GROWTH.0) || descriptors > descriptors_before + GROWTH.1 {
        return Err("memory or descriptors grow".into());
    }
    Ok(())
}

/// Starts at once, wrong codes for all, right codes for half of them, and the same again, which approves nothing twice.
async fn wave(product: &Arc<Product>, counts: &mut Counts) -> Result {
    let starts = (0..WAVE).map(|_| {
        let product = product.clone();
        tokio::spawn(async move { product.start().await })
    });
    let mut started = VecDeque::new();
    for start in starts.collect::<Vec<_>>() {
        started.push_back(start.await??);
    }
    counts.started += started.len() as u64;
    product.prepare(&mut started).await?;
    let nothing = json!({"site_key": "demo", "phone_number": "nobody's"});
    let (status, _) = product
        .client
        .ask("POST", "/v1/verifications", None, Some(&nothing))
        .await?;
    if status != 422 {
        return Err(format!("no number is answered with {status}").into());
    }
    counts.refused += 1;
    let checks = started.drain(..WAVE / 2).map(|verification| {
        let product = product.clone();
        tokio::spawn(async move { product.check(verification).await })
    });
    for check in checks.collect::<Vec<_>>() {
        check.await??;
        counts.approved += 1;
    }
    Ok(())
}

/// Clients that go away in the middle of a head, of a body, and before the answer.
async fn break_off(server: &Server, counts: &mut Counts) {
    for part in [
        "POST /v1/verifications HT",
        "POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
        "GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        if let Ok(mut stream) = TcpStream::connect(server.address).await {
            let _ = stream.write_all(part.as_bytes()).await;
            counts.broken_off += 1;
        }
    }
}

/// What was answered is in the database, and nothing else: as many approvals and tokens, no code of one that has ended, the file
/// whole.
async fn invariants(folder: TempDir, counts: &Counts) -> Result {
    use sqlx::ConnectOptions as _;
    let file = folder.path().join("data/phone-verify.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await?;
    let expected = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    for (what, statement, wanted) in [
        (
            "verifications",
            "SELECT count(*) FROM verifications",
            expected(counts.started),
        ),
        (
            "approvals",
            "SELECT count(*) FROM verifications WHERE status = 'approved'",
            expected(counts.approved),
        ),
        ("tokens", "SELECT count(*) FROM tokens", expected(counts.approved)),
        (
            "sealed codes of ended verifications",
            "SELECT count(*) FROM verifications WHERE status <> 'pending' AND sealed IS NOT NULL",
            0,
        ),
        (
            "deliveries that nobody settled",
            "SELECT count(*) FROM deliveries WHERE state = 'sending'",
            0,
        ),
    ] {
        let found: i64 = sqlx::query_scalar(statement).fetch_one(&mut connection).await?;
        println!("{what}: {found}");
        if found != wanted {
            return Err(format!("{what}: {found} in place of {wanted}").into());
        }
    }
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await?;
    if whole == "ok" {
        println!("every invariant holds");
        Ok(())
    } else {
        Err(format!("the file is broken: {whole}").into())
    }
}
