//! SQLite: one writer that commits in the server's groups, each operation in its savepoint, on one core with SQLite's thread; and four
//! readers.

#[path = "../../../server/src/store/sqlite/grouping.rs"]
mod grouping;
#[path = "../../../server/src/store/sqlite/one_core.rs"]
mod one_core;
#[expect(
    clippy::duplicate_mod,
    reason = "one text, compiled against each database's types"
)]
#[path = "operations.rs"]
mod operations;

use super::{Rows, Verification, statements};
use crate::load::Work;
use crate::{Result, process};
use grouping::{BATCH, Grouping};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, SqlitePool, Transaction};
use std::collections::VecDeque;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

type Connection = sqlx::SqliteConnection;

/// As the server does: the writer commits many together.
async fn begin_early(connection: &mut Connection) -> sqlx::Result<Transaction<'_, Sqlite>> {
    connection.begin().await
}

#[derive(Clone, Copy)]
enum Kind {
    Start,
    Settle,
    Check,
}

type Operation = (Kind, Verification, oneshot::Sender<bool>);

/// The database, and what writes to it.
pub struct Bare {
    queue: mpsc::Sender<Operation>,
    readers: SqlitePool,
    commits: Arc<AtomicU64>,
    operations: Arc<AtomicU64>,
}

impl Bare {
    /// Opens it as the server does.
    ///
    /// # Errors
    /// There is no such file.
    pub async fn open(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .disable_statement_logging();
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("query_only", "ON"));
        let (queue, waiting) = mpsc::channel(1_024);
        let bare = Self {
            queue,
            readers,
            commits: Arc::default(),
            operations: Arc::default(),
        };
        let counters = (bare.commits.clone(), bare.operations.clone());
        one_core::run("writer", async move || {
            let writer = options.pragma("temp_store", "MEMORY").connect().await;
            writer.map(|writer| write(writer, waiting, counters))
        })
        .await?;
        Ok(bare)
    }

    async fn run(&self, kind: Kind, verification: Verification) -> Result {
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.send((kind, verification, reply)).await;
        sent.map_err(|_| "the writer has ended")?;
        if answer.await? {
            Ok(())
        } else {
            Err("an operation was refused".into())
        }
    }
}

async fn write(
    mut connection: Connection,
    mut waiting: mpsc::Receiver<Operation>,
    (commits, operations): (Arc<AtomicU64>, Arc<AtomicU64>),
) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut grouping = Grouping::new();
    while grouping.next(&mut waiting, &mut batch).await {
        let count = batch.len() as u64;
        if let Err(error) = commit(&mut connection, &mut batch).await {
            eprintln!("the bare writer: {error}");
            return;
        }
        commits.fetch_add(1, Ordering::Relaxed);
        operations.fetch_add(count, Ordering::Relaxed);
    }
}

async fn commit(
    connection: &mut Connection,
    batch: &mut Vec<Operation>,
) -> std::result::Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut done = Vec::with_capacity(batch.len());
    for (kind, verification, reply) in batch.drain(..) {
        let written = match kind {
            Kind::Start => operations::start(&mut transaction, &verification).await,
            Kind::Settle => operations::settle(&mut transaction, &verification).await,
            Kind::Check => operations::check(&mut transaction, &verification).await,
        };
        done.push((reply, written.is_ok()));
    }
    transaction.commit().await?;
    for (reply, written) in done {
        // The client may have gone.
        let _ = reply.send(written);
    }
    Ok(())
}

impl Work for Bare {
    type Started = Verification;

    async fn start(&self) -> Result<Verification> {
        let verification = Verification::new(Rows::Shared);
        operations::look(&mut *self.readers.acquire().await?, &verification).await?;
        self.run(Kind::Start, verification).await?;
        self.run(Kind::Settle, verification).await?;
        Ok(verification)
    }

    async fn prepare(&self, _: &mut VecDeque<Verification>) -> Result {
        Ok(())
    }

    async fn check(&self, started: Verification) -> Result {
        operations::record(&mut *self.readers.acquire().await?, &started).await?;
        self.run(Kind::Check, started).await
    }

    fn cpu(&self) -> Result<Duration> {
        process::cpu(std::process::id())
    }

    async fn commits(&self) -> Result<Option<(u64, u64)>> {
        let operations = self.operations.load(Ordering::Relaxed);
        Ok(Some((operations, self.commits.load(Ordering::Relaxed))))
    }
}
