//! How often something may be tried: counted before it is tried, so that many at once are no more than one after the other.

use phone_verify::clock::Clock;
use sha2::{Digest as _, Sha256};
use sqlx::SqlitePool;
use std::net::IpAddr;
use std::sync::Arc;

/// A limit: so many in so many seconds.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    what: &'static str,
    most: i64,
    seconds: i64,
}

/// Log-ins by one user name, whether there is such a user or not. A right password begins anew.
pub(super) const BY_NAME: Limit = Limit {
    what: "log-in by name",
    most: 10,
    seconds: 900,
};

/// Log-ins and registrations from one address.
pub(super) const BY_ADDRESS: Limit = Limit {
    what: "by address",
    most: 300,
    seconds: 900,
};

/// Recovery codes and passwords typed again, of one user.
pub(super) const BY_USER: Limit = Limit {
    what: "by user",
    most: 10,
    seconds: 900,
};

/// Counts.
pub(super) struct Attempts {
    pub(super) database: SqlitePool,
    pub(super) clock: Arc<dyn Clock>,
}

impl Attempts {
    /// Counts one. `Err` is the seconds to wait where there were too many.
    pub(super) async fn count(&self, limit: Limit, whose: &str) -> Result<Result<(), u64>, sqlx::Error> {
        let now = self.clock.now().as_seconds();
        let over = sqlx::query("DELETE FROM attempts WHERE until <= ?1").bind(now);
        over.execute(&self.database).await?;
        let (used, until): (i64, i64) = sqlx::query_as(
            "INSERT INTO attempts (name, used, until) VALUES (?1, 1, ?2) \
             ON CONFLICT (name) DO UPDATE SET used = used + 1 RETURNING used, until",
        )
        .bind(name(limit, whose))
        .bind(now + limit.seconds)
        .fetch_one(&self.database)
        .await?;
        let wait = u64::try_from(until - now).unwrap_or_default().max(1);
        Ok(if used > limit.most { Err(wait) } else { Ok(()) })
    }

    /// Begins anew.
    pub(super) async fn forget(&self, limit: Limit, whose: &str) -> Result<(), sqlx::Error> {
        let query = sqlx::query("DELETE FROM attempts WHERE name = ?1").bind(name(limit, whose));
        query.execute(&self.database).await.map(drop)
    }
}

/// An address as it is counted: of IPv6 the network, for a host has as many addresses as it likes. Whose address nobody knows
/// counts with all others of the kind.
pub(super) fn network(address: Option<IpAddr>) -> String {
    match address {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => format!("{:x?}", &address.segments()[..4]),
    }
}

fn name(limit: Limit, whose: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(limit.what);
    hash.update([0]);
    hash.update(whose);
    hash.finalize().to_vec()
}
