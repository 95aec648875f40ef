//! A database that has been in use for long.

use crate::Result;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::path::Path;

/// Verifications of the last 30 days that were approved, each with its delivery and its number's row; named as the server names them.
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
     SELECT site, number, unixepoch() / 86400, 1, 0 FROM verifications",
];

/// Puts so many into the database in the server's folder, which no server has open.
///
/// # Errors
/// The tables are others than these statements know.
pub async fn fill(folder: &Path, rows: u32) -> Result {
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
