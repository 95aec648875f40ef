use super::{Patience, StoreError, migrations, sqlite};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::str::FromStr as _;

/// How the tables of a database are, without touching them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// There is no database file yet: the first start makes it.
    Absent,
    /// The next start, or `migrate`, brings them up to date.
    Behind,
    /// As this program wants them.
    UpToDate,
    /// A newer program has brought them further.
    Ahead,
}

/// The newest version that was applied.
const NEWEST: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";

/// Looks at the database that `url` names; makes and changes nothing.
///
/// # Errors
/// [`StoreError`] where it cannot be opened or read.
pub async fn inspect(url: &str) -> Result<Tables, StoreError> {
    let newest: Result<i64, sqlx::Error> = if url.starts_with("sqlite:") {
        let options = sqlite::options(url, Patience::default())?.create_if_missing(false);
        if !options.get_filename().exists() {
            return Ok(Tables::Absent);
        }
        let mut connection = options.connect().await?;
        let newest = sqlx::query_scalar(NEWEST).fetch_one(&mut connection).await;
        connection.close().await?;
        newest
    } else {
        let options = PgConnectOptions::from_str(url)?.application_name("phone-verify doctor");
        let mut connection = options.connect().await?;
        let newest = sqlx::query_scalar(NEWEST).fetch_one(&mut connection).await;
        connection.close().await?;
        newest
    };
    let newest = match newest {
        Ok(newest) => newest,
        // There is no such table: nothing was ever applied.
        Err(sqlx::Error::Database(_)) => 0,
        Err(error) => return Err(error.into()),
    };
    Ok(match newest.cmp(&migrations::newest()) {
        std::cmp::Ordering::Less => Tables::Behind,
        std::cmp::Ordering::Equal => Tables::UpToDate,
        std::cmp::Ordering::Greater => Tables::Ahead,
    })
}
