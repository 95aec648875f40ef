use super::early;
use crate::store::commit::Commit;
use crate::store::{Patience, StoreError, migrations};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool};
use std::str::FromStr as _;
use std::time::Duration;

/// Connections of one process. A transaction takes a few round trips; more of them at once only wait for each other.
const CONNECTIONS: u32 = 16;

/// A connection that rested longer is asked whether it still is one: the database may have been restarted.
const RESTED: Duration = Duration::from_secs(1);

/// How every session is set up. Statements end before their caller gives up, and a transaction that was abandoned as soon as
/// one would. Commits wait for the disk even where the database is set up not to.
fn session(patience: Patience) -> String {
    format!(
        "
SET statement_timeout = {};
SET idle_in_transaction_session_timeout = {};
SET default_transaction_isolation = 'read committed';
SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off'",
        patience.of_the_database().as_millis(),
        patience.time().as_millis()
    )
}

/// Connections to tables that are up to date, and how transactions of sends may end there.
pub(super) async fn open(url: &str, patience: Patience) -> Result<(PgPool, Commit), StoreError> {
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
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(patience.time())
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                // Two numbers, and nothing from outside.
                let session = AssertSqlSafe(session(patience));
                sqlx::raw_sql(session).execute(connection).await?;
                Ok(())
            })
        })
        .connect_lazy_with(options);
    Ok((pool, sends))
}
