//! The database below the server: how it fails meanwhile, and what it holds in the end.

use super::faults;
use super::promises::Promises;
use crate::Result;
use crate::postgres::Cluster;
use crate::product::Product;
use crate::server::Server;
use phone_verify_domain::VerificationId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Every verification, with its token.
const ROWS: &str = "
SELECT verifications.id, status, sealed IS NOT NULL AS has_code, jti
FROM verifications LEFT JOIN tokens ON tokens.verification_id = verifications.id";

/// Messages that nobody knows the fate of, though their time is over.
const UNSETTLED: &str = "SELECT count(*) FROM deliveries WHERE state = 'sending'";

const FILE: &str = "data/phone-verify.db";

/// A verification as it is kept.
#[derive(Debug)]
pub struct Row {
    pub status: String,
    pub token: Option<String>,
    pub has_code: bool,
}

/// Where the server keeps all.
pub enum Database {
    /// In its folder.
    Sqlite,
    /// In a cluster of its own, at this address.
    Postgres(Cluster, String),
}

impl Database {
    /// Makes it.
    ///
    /// # Errors
    /// There is no PostgreSQL on this machine.
    pub async fn make(on_postgres: bool) -> Result<Self> {
        if !on_postgres {
            return Ok(Self::Sqlite);
        }
        let mut cluster = Cluster::start()?;
        let url = cluster.database().await?;
        Ok(Self::Postgres(cluster, url))
    }

    /// Its address, where it has one.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(_, url) => Some(url),
        }
    }

    /// SQLite's file is locked by somebody else for a while: all wait, and nothing fails. PostgreSQL dies at work: all is denied
    /// until it is back.
    ///
    /// # Errors
    /// Something was answered otherwise.
    pub async fn fail(
        &mut self,
        server: &Server,
        product: &Arc<Product>,
        promises: &Arc<Promises>,
    ) -> Result {
        match self {
            Self::Sqlite => {
                let file = server.folder.path().join(FILE);
                let mut other = SqliteConnectOptions::new().filename(file).connect().await?;
                faults::locked(&mut other, product, promises).await?;
                Ok(other.close().await?)
            }
            Self::Postgres(cluster, _) => faults::database_dies(cluster, product, promises).await,
        }
    }

    /// Opens it, in the end.
    ///
    /// # Errors
    /// It does not open.
    pub async fn open(&self, folder: &Path) -> Result<Connection> {
        Ok(match self {
            Self::Sqlite => {
                let options = SqliteConnectOptions::new().filename(folder.join(FILE));
                Connection::Sqlite(options.connect().await?)
            }
            Self::Postgres(_, url) => Connection::Postgres(PgConnection::connect(url).await?),
        })
    }
}

/// A connection to either.
pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The same on either's own types.
macro_rules! rows {
    ($connection:expr) => {{
        let rows = sqlx::query(ROWS).fetch_all($connection).await?;
        let read = rows.iter().map(|row| {
            let id: Vec<u8> = row.try_get("id")?;
            let id = id.try_into().map_err(|_| "a name of another length")?;
            let row = Row {
                status: row.try_get("status")?,
                token: row.try_get("jti")?,
                has_code: row.try_get("has_code")?,
            };
            Ok((VerificationId::from_bytes(id), row))
        });
        read.collect()
    }};
}

impl Connection {
    /// All verifications.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn rows(&mut self) -> Result<HashMap<VerificationId, Row>> {
        match self {
            Self::Sqlite(connection) => rows!(connection),
            Self::Postgres(connection) => rows!(connection),
        }
    }

    /// Nothing is half done, and the file holds together.
    ///
    /// # Errors
    /// It is not so.
    pub async fn is_whole(&mut self) -> Result {
        let unsettled: i64 = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(UNSETTLED).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(UNSETTLED).fetch_one(connection).await?,
        };
        println!("{unsettled} messages of whose fate nothing is known");
        if let Self::Sqlite(connection) = self {
            let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
                .fetch_one(connection)
                .await?;
            if whole != "ok" {
                return Err(format!("the file is broken: {whole}").into());
            }
        }
        println!("every invariant holds");
        Ok(())
    }
}
