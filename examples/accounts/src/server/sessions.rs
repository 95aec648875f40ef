//! Sessions in the database: tower-sessions, whose own store for sqlx is for an older sqlx.

use async_trait::async_trait;
use phone_verify::clock::Clock;
use sha2::{Digest as _, Sha256};
use sqlx::SqlitePool;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// Where sessions are kept.
#[derive(Clone)]
pub(super) struct Sessions {
    pub(super) database: SqlitePool,
    pub(super) clock: Arc<dyn Clock>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let now = self.clock.now().as_seconds();
        let ended = sqlx::query("DELETE FROM sessions WHERE expires_at <= ?1").bind(now);
        ended.execute(&self.database).await.map_err(backend)?;
        sqlx::query("INSERT INTO sessions (id, data, expires_at) VALUES (?1, ?2, ?3)")
            .bind(key(record.id))
            .bind(encode(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.database)
            .await
            .map_err(backend)?;
        Ok(())
    }

    /// A session that is gone stays gone: another request may have ended it, or given it another id, in the meantime.
    async fn save(&self, record: &Record) -> Result<()> {
        sqlx::query("UPDATE sessions SET data = ?2, expires_at = ?3 WHERE id = ?1")
            .bind(key(record.id))
            .bind(encode(record)?)
            .bind(record.expiry_date.unix_timestamp())
            .execute(&self.database)
            .await
            .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found: Option<(String, i64)> =
            sqlx::query_as("SELECT data, expires_at FROM sessions WHERE id = ?1 AND expires_at > ?2")
                .bind(key(*id))
                .bind(self.clock.now().as_seconds())
                .fetch_optional(&self.database)
                .await
                .map_err(backend)?;
        let Some((data, expires_at)) = found else {
            return Ok(None);
        };
        let decode = |error: &dyn fmt::Display| Error::Decode(error.to_string());
        let data: HashMap<_, _> = serde_json::from_str(&data).map_err(|error| decode(&error))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at).map_err(|error| decode(&error))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let ended = sqlx::query("DELETE FROM sessions WHERE id = ?1").bind(key(*id));
        ended.execute(&self.database).await.map_err(backend)?;
        Ok(())
    }
}

fn key(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn encode(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
