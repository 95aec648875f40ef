use super::Connection;
use super::turn::Turn;
use crate::store::{Patience, StoreError, migrations};
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool};
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Earlier versions can lose a committed transaction to a checkpoint of another connection (the WAL-reset bug).
const OLDEST_LIBRARY: [u32; 3] = [3, 51, 3];

const READERS: u32 = 4;

/// The writer's connection on tables that are up to date, and the readers.
pub(super) async fn open(url: &str, patience: Patience) -> Result<(Connection, SqlitePool), StoreError> {
    let options = options(url, patience)?;
    make_folder(options.get_filename())?;
    let turn = Turn::to_open(options.get_filename()).await;
    check_library(&mut connect(&options, patience).await?).await?;
    let connection = migrated(&options, patience).await?;
    drop(turn);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(patience.time())
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok((connection, readers))
}

/// Pages of 4 KiB in the log after which who commits copies them into the file, should nobody else have done it
/// (<https://sqlite.org/wal.html>, 3.1): all who write wait for that.
const CHECKPOINT_PAGES: &str = "32000";

/// How every connection to the file is made.
pub(in crate::store) fn options(url: &str, patience: Patience) -> Result<SqliteConnectOptions, StoreError> {
    let path = url
        .strip_prefix("sqlite:")
        .map_or("", |path| path.trim_start_matches("//"));
    if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") {
        return Err(StoreError::new(
            "the database URL names no file; sqlite:// and a path does",
        ));
    }
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .foreign_keys(true)
        .busy_timeout(patience.of_the_database())
        // Texts of statements in a log tell nobody anything: they never change.
        .disable_statement_logging();
    Ok(options)
}

/// A connection whose commits are durable.
pub(super) async fn connect(
    options: &SqliteConnectOptions,
    patience: Patience,
) -> Result<Connection, StoreError> {
    let mut connection = connect_once_free(options, patience).await?;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut connection)
        .await?;
    if mode != "wal" {
        return Err(StoreError::new(
            "the database file cannot be used with a write-ahead log",
        ));
    }
    Ok(connection)
}

/// A connection, as soon as no other process has the whole file.
///
/// One that changes the file to a log of its own, closes its last connection or repairs it after a crash is waited for by no
/// `busy_timeout` (<https://sqlite.org/wal.html>, 9).
async fn connect_once_free(
    options: &SqliteConnectOptions,
    patience: Patience,
) -> Result<Connection, sqlx::Error> {
    let begun = Instant::now();
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && begun.elapsed() < patience.of_the_database() => {
                sleep(WHILE_BUSY).await;
            }
            outcome => return outcome,
        }
    }
}

/// Between two attempts to connect: the exclusive locks of SQLite are held for milliseconds.
const WHILE_BUSY: Duration = Duration::from_millis(5);

/// Whether it is one of the codes of `SQLITE_BUSY`, the lowest byte of which is 5 (<https://sqlite.org/rescode.html>).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code: Option<u32> = code.and_then(|code| code.parse().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

fn make_folder(file: &Path) -> Result<(), StoreError> {
    match file.parent() {
        Some(folder) => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::new(format!("cannot make the folder of the database: {error}"))),
        None => Ok(()),
    }
}

async fn check_library(connection: &mut Connection) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(connection)
        .await?;
    if is_safe(&version) {
        return Ok(());
    }
    let [major, minor, patch] = OLDEST_LIBRARY;
    Err(StoreError::new(format!(
        "SQLite {version} may lose commits; {major}.{minor}.{patch} or newer is needed"
    )))
}

fn is_safe(version: &str) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() >= OLDEST_LIBRARY.as_slice())
}

/// A connection to tables that are up to date.
async fn migrated(options: &SqliteConnectOptions, patience: Patience) -> Result<Connection, StoreError> {
    let migrator = migrations::of_sqlite();
    // Another process may be at the same migration, if turns are not to be had here; then ours fails, and finds it done: at
    // most once for each of them.
    let attempts = migrator.iter().count() + 1;
    let mut attempt = 1;
    loop {
        // A new one each time: one whose commit failed (the disk was full) is still in its transaction, and what is done there
        // would look done and never be.
        let mut connection = connect(options, patience).await?;
        match migrator.run_direct(None, &mut connection, false).await {
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) if attempt < attempts => {
                attempt += 1;
            }
            outcome => {
                outcome?;
                return Ok(connection);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_that_may_lose_commits_are_refused() {
        for version in ["3.51.3", "3.51.10", "3.52.0", "4.0.0"] {
            assert!(is_safe(version), "{version}");
        }
        for version in ["3.51.2", "3.40.1", "3.7.0", "2.99.99", "", "new"] {
            assert!(!is_safe(version), "{version}");
        }
    }

    #[test]
    fn a_database_without_a_file_is_refused() {
        for url in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://x?mode=memory",
            "sqlite:",
            "sqlite://",
        ] {
            assert!(options(url, Patience::default()).is_err(), "{url}");
        }
        assert!(options("sqlite://data/phone-verify.db", Patience::default()).is_ok());
    }

    /// An answered commit outlives a power cut only with `synchronous=FULL`, which SQLite calls 2 (fault F4).
    #[tokio::test]
    async fn every_connection_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let options = options(&url, Patience::default()).unwrap();
        let mut connection = connect(&options, Patience::default()).await.unwrap();
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(synchronous, 2);
    }
}
