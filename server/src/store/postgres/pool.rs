//! The connections of one process.
//!
//! sqlx's own pool asks a connection whether it lives whenever it comes back, in a task of its own: a fifth of a start's
//! messages to the database. Here who gives one back knows how what ran on it ended ([`Lease`](super::lease::Lease)).

use crate::store::Patience;
use deadpool::managed::{self, Metrics, QueueMode, RecycleError, RecycleResult};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use std::time::Duration;

/// A pool of [`Sessions`].
pub(super) type Pool = managed::Pool<Sessions>;

/// Connections of one process. A transaction takes a few round trips; more of them at once only wait for each other.
const CONNECTIONS: usize = 16;

/// A connection that rested longer is asked whether it still is one: the database may have been restarted.
const RESTED: Duration = Duration::from_secs(1);

/// A connection is used no longer: a name that leads to another server now is looked up again.
const LIFETIME: Duration = Duration::from_mins(30);

/// What makes connections, and looks at them before they are used again.
pub(super) struct Sessions {
    options: PgConnectOptions,
    patience: Patience,
}

/// Connections to this database, none of which is made yet. They are waited for as long as whoever asks waits.
pub(super) fn pool(options: PgConnectOptions, patience: Patience) -> Result<Pool, sqlx::Error> {
    let sessions = Sessions { options, patience };
    Pool::builder(sessions)
        .max_size(CONNECTIONS)
        // Those that were used last have their statements at hand.
        .queue_mode(QueueMode::Lifo)
        .build()
        .map_err(|error| sqlx::Error::Configuration(error.into()))
}

impl managed::Manager for Sessions {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        // Two numbers, and nothing from outside.
        let session = AssertSqlSafe(session(self.patience));
        sqlx::raw_sql(session).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() > LIFETIME {
            return Err(RecycleError::message("it was used for long enough"));
        }
        if metrics.last_used() > RESTED {
            connection.ping().await?;
        }
        Ok(())
    }
}

/// A plan made while a table was tiny shall read it by an index too: sessions keep their plans, and tables grow. And what is read by
/// keys is not worth compiling. Databases that only speak like PostgreSQL may know neither setting.
const PLAN_BY_KEYS: &str =
    "SELECT set_config(name, 'off', FALSE) FROM pg_settings WHERE name IN ('enable_seqscan', 'jit')";

/// How every session is set up. Statements end before their caller gives up, and a transaction that was abandoned as soon as
/// one would. Commits wait for the disk even where the database is set up not to.
fn session(patience: Patience) -> String {
    format!(
        "
SET statement_timeout = {};
SET idle_in_transaction_session_timeout = {};
SET default_transaction_isolation = 'read committed';
SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off';
{PLAN_BY_KEYS}",
        patience.of_the_database().as_millis(),
        patience.time().as_millis()
    )
}
