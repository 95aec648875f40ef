use super::early;
use super::pool::{Pool, pool};
use crate::store::commit::Commit;
use crate::store::{Patience, StoreError, migrations};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::str::FromStr as _;

/// Connections to tables that are up to date, and how transactions of sends may end there.
pub(super) async fn open(url: &str, patience: Patience) -> Result<(Pool, Commit), StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("phone-verify")
        // Texts of statements in a log tell nobody anything: they never change.
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    // Holds an advisory lock meanwhile: of several processes that start at once, one migrates.
    migrations::of_postgres()
        .run_direct(None, &mut connection, false)
        .await?;
    let sends = early::commit(&mut connection).await?;
    connection.close().await?;
    Ok((pool(options, patience)?, sends))
}
