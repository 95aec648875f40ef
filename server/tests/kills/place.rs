//! Where in a send or a check the kill fell, read from the database while no server runs.

use crate::real::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row as _};
use std::path::Path;

/// How far an interrupted send had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    BeforeIntent,
    Between,
    AfterOutcome,
}

pub struct Database(SqliteConnection);

impl Database {
    pub async fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("data/phone-verify.db");
        let options = SqliteConnectOptions::new().filename(file);
        Ok(Self(SqliteConnection::connect_with(&options).await?))
    }

    /// Before the server starts again: two processes would wait for each other.
    pub async fn close(self) -> Result {
        Ok(self.0.close().await?)
    }

    /// Where the send of this `Idempotency-Key` was.
    pub async fn place(&mut self, key: &str) -> Result<Place> {
        let row = sqlx::query(
            "SELECT d.state FROM idempotency i JOIN deliveries d ON d.verification_id = i.verification_id
              WHERE i.key = $1",
        )
        .bind(key)
        .fetch_optional(&mut self.0)
        .await?;
        Ok(match row {
            None => Place::BeforeIntent,
            Some(row) if row.try_get::<String, _>("state")? == "sending" => Place::Between,
            Some(_) => Place::AfterOutcome,
        })
    }

    /// Tokens of a verification, named by its id in hexadecimal digits.
    pub async fn tokens(&mut self, id: &str) -> Result<Vec<String>> {
        let rows = sqlx::query("SELECT jti FROM tokens WHERE verification_id = $1")
            .bind(hex::decode(id)?)
            .fetch_all(&mut self.0)
            .await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get("jti"))
            .collect::<std::result::Result<_, _>>()?)
    }

    /// Checks of a verification that are spent.
    pub async fn spent(&mut self, id: &str) -> Result<u64> {
        let row = sqlx::query("SELECT attempts_used FROM verifications WHERE id = $1")
            .bind(hex::decode(id)?)
            .fetch_one(&mut self.0)
            .await?;
        Ok(u64::try_from(row.try_get::<i64, _>("attempts_used")?)?)
    }
}
