//! `bench soak`: mixed traffic with faults for some minutes; memory and descriptors stay flat, and no promise is broken.

mod database;
mod faults;
mod promises;
mod traffic;

use crate::product::Product;
use crate::server::Server;
use crate::{Measured, Result, process};
use database::Database;
use promises::Promises;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// How long, and how much.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    measured: Measured,
    /// Minutes in all. Memory is judged where each life of the server has six of them: before, its connections' buffers still
    /// come to their size.
    #[arg(long, default_value_t = 14)]
    minutes: u64,
    /// How often the server is killed in the middle of its work, and started again.
    #[arg(long, default_value_t = 1)]
    kills: u64,
    /// On PostgreSQL, which dies once in each life of the server, in place of SQLite.
    #[arg(long)]
    postgres: bool,
}

/// How much more memory a server may have at the end than after its first quarter, in per cent, and descriptors.
const GROWTH: (u64, usize) = (15, 16);

/// A life that tells whether memory grows: it levels out within a minute and a half.
const LONG_LIFE: Duration = Duration::from_mins(6);

/// Loads a server until the time is over, kills it in between, and looks at its database in the end.
///
/// # Errors
/// Memory or descriptors grew, a promise was broken, or an answer was none that may be given.
pub async fn run(options: Options) -> Result {
    let lives = options.kills + 1;
    let each = Duration::from_secs(options.minutes * 60) / u32::try_from(lives)?;
    let mut database = Database::make(options.postgres).await?;
    let promises = Arc::new(Promises::default());
    let mut folder = TempDir::new()?;
    for life in 1..=lives {
        let server = Server::start(&options.measured.server, database.url(), folder).await?;
        std::fs::File::create(server.folder.path().join("outbox.jsonl"))?;
        let product = Arc::new(Product::new(&server));
        live(&server, &product, &mut database, each, &promises).await?;
        folder = if life == lives {
            server.stop()?
        } else {
            faults::kill_at_work(server, &product, &promises).await?
        };
        println!("life {life} of {lives}: {}", promises.told());
    }
    promises.hold(&mut database.open(folder.path()).await?).await
}

/// Waves of traffic for so long; in the middle of it the database fails.
async fn live(
    server: &Server,
    product: &Arc<Product>,
    database: &mut Database,
    each: Duration,
    promises: &Arc<Promises>,
) -> Result {
    let (begun, mut quarters, mut has_failed) = (Instant::now(), Vec::new(), false);
    while begun.elapsed() < each {
        traffic::wave(product, promises).await?;
        faults::break_off(server, promises).await;
        if begun.elapsed() > each / 4 * (u32::try_from(quarters.len())? + 1) {
            product.client.close();
            quarters.push(Weight::of(server)?);
        }
        if begun.elapsed() > each / 2 && !has_failed {
            has_failed = true;
            database.fail(server, product, promises).await?;
        }
    }
    product.client.close();
    // What was broken off is closed within the time that a head may take.
    sleep(Duration::from_secs(6)).await;
    quarters.push(Weight::of(server)?);
    println!("after each quarter, and in the end:");
    for weight in &quarters {
        println!("  {} KiB, {} descriptors", weight.memory, weight.descriptors);
    }
    let (Some(early), Some(late)) = (quarters.first(), quarters.last()) else {
        return Ok(());
    };
    if late.descriptors > early.descriptors + GROWTH.1 {
        return Err("descriptors grow".into());
    }
    if each < LONG_LIFE {
        println!(
            "memory is not judged: a life of less than {} minutes",
            LONG_LIFE.as_secs() / 60
        );
        return Ok(());
    }
    if late.memory > early.memory * (100 + GROWTH.0) / 100 {
        return Err("memory grows".into());
    }
    Ok(())
}

/// What a server takes of its machine.
struct Weight {
    /// KiB.
    memory: u64,
    descriptors: usize,
}

impl Weight {
    fn of(server: &Server) -> Result<Self> {
        Ok(Self {
            memory: process::pss(server.id())?,
            descriptors: process::descriptors(server.id())?,
        })
    }
}
