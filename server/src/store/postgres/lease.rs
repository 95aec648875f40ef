use super::Connection;
use super::pool::{Pool, Sessions};
use deadpool::managed::{Object, PoolError};
use sqlx::Connection as _;

/// A connection of the pool that goes back only after what ran on it came to its end.
///
/// Whoever is dropped in the middle (its client went away, or it waited too long) may leave a `BEGIN` behind that nothing
/// takes back: sqlx forgets one whose answer it has not seen. The next user's statement would then be part of a transaction
/// that nobody commits: answered, and lost. Such a connection is closed instead, and the database rolls back.
pub(super) struct Lease {
    /// Taken out by [`Drop`] alone.
    connection: Option<Object<Sessions>>,
    is_over: bool,
}

/// What a lease that has ended led to; made by [`Lease::ended`] alone, so that none is forgotten.
pub(super) struct Ended<T>(Result<T, sqlx::Error>);

impl Lease {
    pub(super) async fn take(pool: &Pool) -> Result<Self, sqlx::Error> {
        let connection = pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => sqlx::Error::PoolClosed,
            // There are no times but the caller's, and no hooks.
            other => sqlx::Error::Configuration(other.to_string().into()),
        })?;
        Ok(Self {
            connection: Some(connection),
            is_over: false,
        })
    }

    #[expect(clippy::expect_used, reason = "it is there until the lease is dropped")]
    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("it is dropped later")
    }

    /// Gives the connection back: what ran on it is over. A transaction that was begun and neither committed nor taken back is
    /// taken back now, and not when somebody uses the connection next: rows would be locked until then.
    pub(super) async fn ended<T>(mut self, outcome: Result<T, sqlx::Error>) -> Ended<T> {
        let connection = self.connection();
        // After a failure, asks as well whether the connection lives. What sqlx's own pool calls: hidden, and without a message
        // where nothing is queued.
        let left = match outcome {
            Ok(_) => connection.flush().await,
            Err(_) => connection.ping().await,
        };
        self.is_over = left.is_ok();
        Ended(outcome)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_over
            && let Some(connection) = self.connection.take()
        {
            drop(Object::take(connection));
        }
    }
}

impl<T> Ended<T> {
    pub(super) fn into_outcome(self) -> Result<T, sqlx::Error> {
        self.0
    }
}
