use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use std::path::Path;
use std::time::Duration;

/// How long one writer waits for another.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the file, and makes it where it is not there.
///
/// # Errors
/// It cannot be opened or written.
pub(super) async fn open(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    sqlx::raw_sql(include_str!("../../schema.sql"))
        .execute(&pool)
        .await?;
    Ok(pool)
}
