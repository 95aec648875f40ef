//! A database that has been in use for long.

use crate::load::{self, Phase, Shape};
use crate::product::Product;
use crate::report::{Closed, OldRows};
use crate::server::Server;
use crate::{Result, median};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// Verifications of the last 30 days that were approved, each with its delivery, named as the server names them; and the numbers of the
/// newest of these days: the sweeper takes those whose day is over.
const FILL: [&str; 3] = [
    "INSERT INTO verifications (id, site, number, mask, country, status, code_length, attempts_used, attempts_max, sends_used,
            sends_max, next_check_at, created_at, expires_at, ended_at)
     WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ROWS)
     SELECT unhex(printf('%04x', (created / 60000) % 65536) || hex(randomblob(14))), 'demo', randomblob(32), '+1 ••• ••• ••34', 'US', 'approved', 6, 1, 5, 1, 5, 0,
            created, created + 600000, created + 100000
       FROM (SELECT unixepoch() * 1000 - 86400000 - n * 2500000000 / ROWS AS created FROM counted)",
    "INSERT INTO deliveries (verification_id, sequence, id, channel, sender, state, owner, lease_until, created_at, settled_at)
     SELECT id, 1, lower(hex(randomblob(16))), 'sms', 'outbox', 'accepted', 'old', created_at, created_at, created_at
       FROM verifications",
    "INSERT INTO numbers (site, number, check_day, checks_used, consecutive_failures)
     SELECT site, number, unixepoch() / 86400, 1, 0 FROM verifications WHERE created_at > (unixepoch() - 2 * 86400) * 1000",
];

/// Turns that two servers take before they are started anew.
const TURNS: usize = 3;

/// A server on an empty database beside one on a full one, in turns of a second: what else the machine does meets both. They are started
/// anew so many times, as a server's writer stays on the core that it begins on, and cores differ.
///
/// # Errors
/// The program does not start, or does not answer.
pub async fn compare(program: &Path, rows: u32, (shape, starts): (Shape, usize)) -> Result<OldRows> {
    let shape = Shape { seconds: 1, ..shape };
    let mut empty = Server::start(program, None, TempDir::new()?).await?.stop()?;
    let mut full = Server::start(program, None, TempDir::new()?).await?.stop()?;
    fill(full.path(), rows).await?;
    let (mut none, mut many) = (Rounds::default(), Rounds::default());
    for _ in 0..starts {
        let servers = [start(program, empty).await?, start(program, full).await?];
        let [without, with] = servers.each_ref().map(|server| Arc::new(Product::new(server)));
        for work in [&without, &with] {
            load::closed(work.clone(), shape).await?;
        }
        for turn in 0..TURNS {
            let mut both = [(&without, &mut none), (&with, &mut many)];
            // Whoever is second may find the disk as the first has left it.
            if turn % 2 == 1 {
                both.reverse();
            }
            for (work, rounds) in both {
                Command::new("sync").status()?;
                let (start, check) = load::closed(work.clone(), shape).await?;
                rounds.starts.push(start);
                rounds.checks.push(check);
            }
        }
        let [first, second] = servers;
        (empty, full) = (first.stop()?, second.stop()?);
    }
    Ok(OldRows {
        rows,
        starts_slower_by: slower_by(&none.starts, &many.starts),
        checks_slower_by: slower_by(&none.checks, &many.checks),
        none: none.median(),
        many: many.median(),
    })
}

async fn start(program: &Path, folder: TempDir) -> Result<Server> {
    let server = Server::start(program, None, folder).await?;
    // What was sent before is in the outbox's file, and of no use any more.
    std::fs::File::create(server.folder.path().join("outbox.jsonl"))?;
    Ok(server)
}

/// What one server did in its turns.
#[derive(Default)]
struct Rounds {
    starts: Vec<Phase>,
    checks: Vec<Phase>,
}

impl Rounds {
    fn median(&self) -> Closed {
        Closed {
            start: median::of_phase(self.starts.iter()),
            check: median::of_phase(self.checks.iter()),
        }
    }
}

/// The median of what the turns say.
fn slower_by(none: &[Phase], many: &[Phase]) -> f64 {
    let by = |(none, many): (&Phase, &Phase)| none.per_second / many.per_second;
    median::middle(none.iter().zip(many).map(by).collect())
}

/// Puts so many into the database in the server's folder, which no server has open.
///
/// # Errors
/// The tables are others than these statements know.
async fn fill(folder: &Path, rows: u32) -> Result {
    let file = folder.join("data/phone-verify.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    for statement in FILL {
        let statement = statement.replace("ROWS", &rows.to_string());
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await?;
    Ok(())
}
