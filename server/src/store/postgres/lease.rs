use super::Connection;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

/// A connection of the pool that goes back only after what ran on it came to its end.
///
/// Whoever is dropped in the middle (its client went away, or it waited too long) may leave a `BEGIN` behind that nothing
/// takes back: sqlx forgets one whose answer it has not seen. The next user's statement would then be part of a transaction
/// that nobody commits: answered, and lost. Such a connection is closed instead, and the database rolls back.
pub(super) struct Lease {
    connection: PoolConnection<Postgres>,
    is_over: bool,
}

/// What a lease that has ended led to; made by [`Lease::ended`] alone, so that none is forgotten.
pub(super) struct Ended<T>(Result<T, sqlx::Error>);

impl Lease {
    pub(super) async fn take(pool: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self {
            connection: pool.acquire().await?,
            is_over: false,
        })
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Gives the connection back: what ran on it is over, well or not.
    pub(super) fn ended<T>(mut self, outcome: Result<T, sqlx::Error>) -> Ended<T> {
        self.is_over = true;
        Ended(outcome)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_over {
            self.connection.close_on_drop();
        }
    }
}

impl<T> Ended<T> {
    pub(super) fn into_outcome(self) -> Result<T, sqlx::Error> {
        self.0
    }
}
