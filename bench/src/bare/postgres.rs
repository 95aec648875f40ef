//! PostgreSQL: sixteen connections, one transaction each.

#[expect(
    clippy::duplicate_mod,
    reason = "one text, compiled against each database's types"
)]
#[path = "operations.rs"]
mod operations;

use super::{Rows, Verification, statements};
use crate::load::Work;
use crate::{Result, process};
use deadpool::managed::{Manager, Metrics, Object, Pool, QueueMode, RecycleResult};
use sqlx::{Connection as _, Postgres, Transaction};
use std::collections::VecDeque;
use std::time::Duration;

type Connection = sqlx::PgConnection;

/// As the server does: rows are let go of before the disk has them.
async fn begin_early(connection: &mut Connection) -> sqlx::Result<Transaction<'_, Postgres>> {
    connection.begin_with(*statements::BEGIN_EARLY).await
}

/// As the server does before it sends, and before it answers.
async fn on_disk(connection: &mut Connection) -> Result {
    sqlx::query(*statements::ON_DISK).execute(connection).await?;
    Ok(())
}

/// As many as the server has.
const CONNECTIONS: usize = 16;

/// Makes connections, and looks at none again.
struct Address(String);

impl Manager for Address {
    type Type = Connection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<Connection> {
        let mut connection = Connection::connect(&self.0).await?;
        sqlx::raw_sql(*statements::PLAN_BY_KEYS)
            .execute(&mut connection)
            .await?;
        Ok(connection)
    }

    async fn recycle(&self, _: &mut Connection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

/// The database.
pub struct Bare {
    pool: Pool<Address>,
    rows: Rows,
}

impl Bare {
    /// Opens it.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn open(url: &str, rows: Rows) -> Result<Self> {
        let pool = Pool::builder(Address(url.to_owned()))
            .max_size(CONNECTIONS)
            .queue_mode(QueueMode::Lifo);
        let bare = Self {
            pool: pool.build()?,
            rows,
        };
        drop(bare.connection().await?);
        Ok(bare)
    }

    async fn connection(&self) -> Result<Object<Address>> {
        Ok(self.pool.get().await?)
    }
}

impl Work for Bare {
    type Started = Verification;

    async fn start(&self) -> Result<Verification> {
        let verification = Verification::new(self.rows);
        operations::look(&mut *self.connection().await?, &verification).await?;
        let mut connection = self.connection().await?;
        operations::start(&mut connection, &verification).await?;
        on_disk(&mut connection).await?;
        drop(connection);
        operations::settle(&mut *self.connection().await?, &verification).await?;
        Ok(verification)
    }

    async fn prepare(&self, _: &mut VecDeque<Verification>) -> Result {
        Ok(())
    }

    async fn check(&self, started: Verification) -> Result {
        operations::record(&mut *self.connection().await?, &started).await?;
        let mut connection = self.connection().await?;
        operations::check(&mut connection, &started).await?;
        on_disk(&mut connection).await
    }

    fn cpu(&self) -> Result<Duration> {
        process::cpu(std::process::id())
    }

    async fn commits(&self) -> Result<Option<(u64, u64)>> {
        Ok(None)
    }
}
