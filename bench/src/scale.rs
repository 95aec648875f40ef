//! `bench scale`: one, two and three servers on one PostgreSQL, what a verification takes of the disk, and what it costs that all starts
//! share the rows of some limits.

use crate::bare::{Postgres, Rows};
use crate::load::{self, Phase, Shape, Work};
use crate::postgres::Cluster;
use crate::product::{self, Product};
use crate::server::Server;
use crate::{Measured, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// What is measured.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    measured: Measured,
    #[command(flatten)]
    shape: Shape,
    /// How many servers at most.
    #[arg(long, default_value_t = 3)]
    servers: usize,
    /// With the conversion breaker, whose country's row all starts share as well; nothing opens it.
    #[arg(long)]
    breaker: bool,
}

/// The breaker works, and never has enough to judge by.
const BREAKER: [(&str, &str); 3] = [
    ("PHONE_VERIFY__LIMITS__CONVERSION__ENABLED", "true"),
    ("PHONE_VERIFY__LIMITS__CONVERSION__PREFIX_SENDS", "1000000"),
    ("PHONE_VERIFY__LIMITS__CONVERSION__COUNTRY_SENDS", "1000000"),
];

/// Measures and prints.
///
/// # Errors
/// A program does not start, or a request failed.
pub async fn run(options: Options) -> Result {
    let mut cluster = Cluster::start()?;
    println!(
        "| | starts a second | p99 | CPU a start | checks a second | p99 | CPU a check | disk a verification |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for servers in 1..=options.servers {
        let url = cluster.database().await?;
        let several = Arc::new(Several::start(&options, &url, servers).await?);
        let before = size(&url).await?;
        let (start, check) = load::closed(several, options.shape).await?;
        let grown = u32::try_from(size(&url).await?.saturating_sub(before))?;
        let verifications = u32::try_from(start.requests.max(1))?;
        let each = f64::from(grown) / 1e3 / f64::from(verifications);
        line(
            &format!("servers: {servers}"),
            &start,
            &check,
            &format!("{each:.1} kB"),
        )?;
    }
    for (what, rows) in [
        ("bare, rows shared as by the server", Rows::Shared),
        ("bare, every start has rows of its own", Rows::Apart),
    ] {
        let url = cluster.database().await?;
        let made = Server::start(&options.measured.server, Some(&url), TempDir::new()?).await?;
        made.stop()?;
        let bare = Arc::new(Postgres::open(&url, rows).await?);
        let (start, check) = load::closed(bare, options.shape).await?;
        line(what, &start, &check, "")?;
    }
    Ok(())
}

fn line(what: &str, start: &Phase, check: &Phase, disk: &str) -> Result {
    println!("| {what} | {} | {} | {disk} |", cells(start), cells(check));
    match start.failed + check.failed {
        0 => Ok(()),
        failed => Err(format!("{failed} requests failed").into()),
    }
}

fn cells(phase: &Phase) -> String {
    format!(
        "{:.0} | {:.0} ms | {:.0} µs",
        phase.per_second, phase.p99_ms, phase.cpu_us
    )
}

/// The database's bytes.
async fn size(url: &str) -> Result<u64> {
    let mut connection = PgConnection::connect(url).await?;
    let query = AssertSqlSafe("SELECT pg_database_size(current_database())");
    let bytes: i64 = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(u64::try_from(bytes)?)
}

/// Servers that are asked in turns.
struct Several {
    servers: Vec<(Server, Product)>,
    next: AtomicUsize,
    _keys: TempDir,
}

impl Several {
    async fn start(options: &Options, url: &str, count: usize) -> Result<Self> {
        let keys = TempDir::new()?;
        // Limits' rows are named by a key: servers of one deployment have the same.
        let mut settings = vec![(
            "PHONE_VERIFY__KEYS_DIR".to_owned(),
            keys.path().join("keys").display().to_string(),
        )];
        if options.breaker {
            settings.extend(BREAKER.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let mut servers = Vec::new();
        for _ in 0..count {
            let program = &options.measured.server;
            let server = Server::start_with(program, Some(url), TempDir::new()?, &settings).await?;
            let product = Product::new(&server);
            servers.push((server, product));
        }
        Ok(Self {
            servers,
            next: AtomicUsize::new(0),
            _keys: keys,
        })
    }
}

impl Work for Several {
    type Started = (usize, product::Started);

    async fn start(&self) -> Result<Self::Started> {
        let place = self.next.fetch_add(1, Ordering::Relaxed) % self.servers.len();
        Ok((place, self.servers[place].1.start().await?))
    }

    async fn prepare(&self, started: &mut VecDeque<Self::Started>) -> Result {
        let mut ready = VecDeque::new();
        for (place, (_, product)) in self.servers.iter().enumerate() {
            let (own, others) = started.drain(..).partition(|(of, _)| *of == place);
            let own: VecDeque<Self::Started> = own;
            *started = others;
            let mut own = own.into_iter().map(|(_, started)| started).collect();
            product.prepare(&mut own).await?;
            ready.extend(own.into_iter().map(|started| (place, started)));
        }
        *started = ready;
        Ok(())
    }

    async fn check(&self, (place, started): Self::Started) -> Result {
        self.servers[place].1.check(started).await
    }

    fn cpu(&self) -> Result<Duration> {
        self.servers.iter().map(|(_, product)| product.cpu()).sum()
    }

    async fn commits(&self) -> Result<Option<(u64, u64)>> {
        Ok(None)
    }
}
