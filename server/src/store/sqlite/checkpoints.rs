//! The log is copied into the file beside the writer, which would let all who write wait for it.

use super::{Connection, open};
use crate::store::{Patience, StoreError};
use sqlx::Row as _;
use sqlx::sqlite::SqliteConnectOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// Commits after which the log is copied: some 1,000 pages of 4 KiB.
const COMMITS: u32 = 64;

/// Pages in the log from which on it is to begin anew, which all who write wait for.
const LONG_LOG: i64 = 12_000;

/// What the writer tells and hears of the copying.
pub(super) struct Checkpoints {
    due: mpsc::Sender<()>,
    is_log_long: Arc<AtomicBool>,
    commits: u32,
}

impl Checkpoints {
    /// Starts the task that copies, on a connection of its own. It ends when this is dropped.
    pub(super) fn spawn(options: SqliteConnectOptions, patience: Patience) -> Self {
        let (due, is_due) = mpsc::channel(1);
        let is_log_long = Arc::new(AtomicBool::new(false));
        tokio::spawn(copy_when_due(is_due, is_log_long.clone(), (options, patience)));
        Self {
            due,
            is_log_long,
            commits: 0,
        }
    }

    /// The writer has committed on this connection, and answered.
    ///
    /// # Errors
    /// The connection is not to be used again.
    pub(super) async fn after_commit(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        self.commits += 1;
        if self.commits >= COMMITS {
            self.commits = 0;
            // Where it is full, the copying is due already.
            let _ = self.due.try_send(());
        }
        // Only who writes can bring the log to its end: while others copy, it grows. There is little left to copy, and the next commit
        // begins the log anew.
        if self.is_log_long.swap(false, Ordering::Relaxed) {
            copy(connection).await?;
        }
        Ok(())
    }
}

async fn copy_when_due(
    mut is_due: mpsc::Receiver<()>,
    is_log_long: Arc<AtomicBool>,
    (options, patience): (SqliteConnectOptions, Patience),
) {
    let mut connection = None;
    while is_due.recv().await.is_some() {
        match copy_on(connection.take(), &options, patience).await {
            Ok((used, pages)) => {
                connection = Some(used);
                if pages >= LONG_LOG {
                    is_log_long.store(true, Ordering::Relaxed);
                }
            }
            // The writer copies by itself once the log is much longer, and hears of what is wrong.
            Err(error) => {
                tracing::warn!(target: "phone_verify::store", %error, "the log was not copied into the file");
            }
        }
    }
}

async fn copy_on(
    connection: Option<Connection>,
    options: &SqliteConnectOptions,
    patience: Patience,
) -> Result<(Connection, i64), StoreError> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => open::connect(options, patience).await?,
    };
    let mut pages = copy(&mut connection).await?;
    if pages >= LONG_LOG {
        // What came while that was copied, for the writer to find little left.
        pages = copy(&mut connection).await?;
    }
    Ok((connection, pages))
}

/// Copies as much of the log as nobody reads, waits for the disk, and says how many pages the log has
/// (<https://sqlite.org/pragma.html#pragma_wal_checkpoint>).
async fn copy(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
        .fetch_one(connection)
        .await?
        .try_get("log")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pages(connection: &mut Connection) -> i64 {
        let row = sqlx::query("PRAGMA wal_checkpoint(NOOP)")
            .fetch_one(connection)
            .await;
        row.unwrap().get("log")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_log_of_who_writes_without_a_pause_stays_short() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let patience = Patience::default();
        let options = open::options(&url, patience).unwrap();
        let mut connection = open::connect(&options, patience).await.unwrap();
        let mut checkpoints = Checkpoints::spawn(options, patience);
        sqlx::query("CREATE TABLE pages (content BLOB)")
            .execute(&mut connection)
            .await
            .unwrap();
        let mut longest = 0;
        for _ in 0..1_500 {
            sqlx::query("INSERT INTO pages SELECT randomblob(80_000) FROM (VALUES (1), (2))")
                .execute(&mut connection)
                .await
                .unwrap();
            checkpoints.after_commit(&mut connection).await.unwrap();
            longest = longest.max(pages(&mut connection).await);
        }
        assert!(longest >= LONG_LOG, "{longest}: it was never long");
        assert!(longest < LONG_LOG * 2, "{longest}");
    }
}
