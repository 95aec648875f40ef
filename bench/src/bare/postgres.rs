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
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, PgPool, Postgres, Transaction};
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

/// The database.
pub struct Bare {
    pool: PgPool,
    rows: Rows,
}

impl Bare {
    /// Opens it with as many connections as the server has.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn open(url: &str, rows: Rows) -> Result<Self> {
        let options = PgPoolOptions::new()
            .max_connections(16)
            .test_before_acquire(false);
        let pool = options.connect(url).await?;
        Ok(Self { pool, rows })
    }
}

impl Work for Bare {
    type Started = Verification;

    async fn start(&self) -> Result<Verification> {
        let verification = Verification::new(self.rows);
        operations::look(&mut *self.pool.acquire().await?, &verification).await?;
        let mut connection = self.pool.acquire().await?;
        operations::start(&mut connection, &verification).await?;
        on_disk(&mut connection).await?;
        drop(connection);
        operations::settle(&mut *self.pool.acquire().await?, &verification).await?;
        operations::waits(&mut *self.pool.acquire().await?, &verification).await?;
        Ok(verification)
    }

    async fn prepare(&self, _: &mut VecDeque<Verification>) -> Result {
        Ok(())
    }

    async fn check(&self, started: Verification) -> Result {
        operations::record(&mut *self.pool.acquire().await?, &started).await?;
        let mut connection = self.pool.acquire().await?;
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
