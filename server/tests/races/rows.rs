//! What a race left in its database, read by the side of the servers: the numbers behind one that did not hold.

use crate::real::Result;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};
use std::fmt::Write as _;
use std::path::PathBuf;

/// What is asked, each with a text and a count. `$1` is the moment when the round began.
const QUESTIONS: [(&str, &str); 5] = [
    (
        "verifications (status, checks spent, sends)",
        "SELECT status || ' ' || attempts_used || ' ' || sends_used, COUNT(*) FROM verifications
          WHERE created_at >= $1 GROUP BY status, attempts_used, sends_used ORDER BY 1",
    ),
    (
        "deliveries (state)",
        "SELECT state, COUNT(*) FROM deliveries WHERE created_at >= $1 GROUP BY state ORDER BY 1",
    ),
    (
        "tokens",
        "SELECT CASE WHEN redeemed_at IS NULL THEN 'kept' ELSE 'redeemed' END, COUNT(*) FROM tokens
          WHERE issued_at >= $1 GROUP BY 1 ORDER BY 1",
    ),
    (
        "keys of calls",
        "SELECT 'kept', COUNT(*) FROM idempotency
          WHERE verification_id IN (SELECT id FROM verifications WHERE created_at >= $1)",
    ),
    (
        "numbers (checks of the day, failures in a row)",
        "SELECT checks_used || ' ' || consecutive_failures, COUNT(*) FROM numbers
          WHERE (site, number) IN (SELECT site, number FROM verifications WHERE created_at >= $1)
          GROUP BY checks_used, consecutive_failures ORDER BY 1",
    ),
];

/// The database of a deployment.
pub enum Rows {
    OfSqlite(PathBuf),
    OfPostgres(String),
}

/// All answers over one connection, whichever database it leads to.
macro_rules! answers {
    ($connection:expr, $since:expr) => {{
        let mut connection = $connection;
        let mut text = String::new();
        for (what, question) in QUESTIONS {
            write!(text, "\n  {what}:")?;
            for row in sqlx::query(question)
                .bind($since)
                .fetch_all(&mut connection)
                .await?
            {
                let (of, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
                write!(text, " {of} × {count};")?;
            }
        }
        connection.close().await?;
        text
    }};
}

impl Rows {
    /// What was written since a moment, in milliseconds since 1970.
    pub async fn since(&self, moment: i64) -> Result<String> {
        Ok(match self {
            Self::OfSqlite(file) => {
                let url = format!("sqlite://{}", file.display());
                answers!(SqliteConnection::connect(&url).await?, moment)
            }
            Self::OfPostgres(url) => answers!(PgConnection::connect(url).await?, moment),
        })
    }
}

/// Now, in milliseconds since 1970, by the clock that the servers use.
#[expect(
    clippy::disallowed_methods,
    reason = "the servers under test are processes of their own"
)]
pub fn now() -> Result<i64> {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(since_1970.as_millis())?)
}
