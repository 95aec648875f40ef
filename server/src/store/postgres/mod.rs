//! PostgreSQL: any number of server processes on one database behave as one.

mod open;
#[expect(
    clippy::duplicate_mod,
    reason = "one text, compiled against each database's types"
)]
#[path = "../operations/mod.rs"]
mod operations;
mod sweep;

use super::swept::Swept;
use super::{
    Arrivals, CheckAttempt, CheckOutcome, Claim, Claimed, DeliveryReport, HeldNumber, Idempotency, KnownLine,
    LimitKey, LineKind, NewDelivery, NewVerification, NumberIndex, Record, Redeemed, Repeat, ResendOutcome,
    Retention, Session, SessionId, SessionRecord, Settle, StartOutcome, Store, StoreError, Wish,
};
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use sqlx::error::DatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use std::time::Duration;

/// What the transactions are compiled against.
type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;

/// How long a caller waits at most, for a connection and for its transaction; then it is denied.
const PATIENCE: Duration = Duration::from_secs(5);

/// A transaction that lost to another one is run so many times in all.
const ATTEMPTS: u32 = 4;

/// A [`Store`] in a PostgreSQL database.
///
/// Transactions run at READ COMMITTED: each conditional statement looks again at the newest row once it holds its lock.
pub struct PostgresStore {
    pool: PgPool,
    swept: Swept,
}

impl PostgresStore {
    /// Opens the database at `url` (`postgres://…`) and brings its tables up to date, one process at a time.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer, or its tables are of a later version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            pool: open::open(url).await?,
            swept: Swept::nothing(),
        })
    }

    /// Runs one transaction, again where it lost to another one, and denies when it takes too long.
    async fn run<T, F>(&self, body: impl Fn(PoolConnection<Postgres>) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let attempts = async {
            let mut attempt = 1;
            loop {
                match body(self.pool.acquire().await?).await {
                    Err(error) if attempt < ATTEMPTS && lost_to_another(&error) => attempt += 1,
                    outcome => return Ok(outcome?),
                }
            }
        };
        tokio::time::timeout(PATIENCE, attempts)
            .await
            .unwrap_or_else(|_| Err(StoreError::new("no answer in time")))
    }
}

/// A deadlock, or a serialization failure: nothing was done, and it may be tried again.
fn lost_to_another(error: &sqlx::Error) -> bool {
    has_code(error, &["40P01", "40001"])
}

/// Whether the database refused with one of these codes (PostgreSQL, appendix A).
fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}

#[async_trait::async_trait]
impl Store for PostgresStore {
    async fn start(&self, start: NewVerification) -> Result<StartOutcome, StoreError> {
        let start = &start;
        self.run(|mut connection| async move { operations::start(&mut connection, start).await })
            .await
    }

    async fn resend(&self, resend: NewDelivery) -> Result<ResendOutcome, StoreError> {
        let resend = &resend;
        self.run(|mut connection| async move { operations::resend(&mut connection, resend).await })
            .await
    }

    async fn settle(&self, settle: Settle) -> Result<Option<Record>, StoreError> {
        let settle = &settle;
        self.run(|mut connection| async move { operations::settle(&mut connection, settle).await })
            .await
    }

    async fn delivery_report(&self, report: DeliveryReport) -> Result<bool, StoreError> {
        let report = &report;
        self.run(|mut connection| async move { operations::report(&mut connection, report).await })
            .await
    }

    async fn check(&self, check: CheckAttempt) -> Result<CheckOutcome, StoreError> {
        let check = &check;
        self.run(|mut connection| async move { operations::check(&mut connection, check).await })
            .await
    }

    async fn cancel(&self, id: VerificationId, now: Timestamp) -> Result<Option<Record>, StoreError> {
        self.run(|mut connection| async move { operations::cancel(&mut connection, id, now).await })
            .await
    }

    async fn find(&self, id: VerificationId) -> Result<Option<Record>, StoreError> {
        self.run(|mut connection| async move { operations::record(&mut connection, id).await })
            .await
    }

    async fn repeated(&self, site: &SiteKey, idempotency: &Idempotency) -> Result<Repeat, StoreError> {
        self.run(
            |mut connection| async move { operations::repeated(&mut connection, site, idempotency).await },
        )
        .await
    }

    async fn limits(&self, keys: &[LimitKey]) -> Result<Vec<Arrivals>, StoreError> {
        self.run(|mut connection| async move { operations::arrivals(&mut connection, keys).await })
            .await
    }

    async fn keep_line(&self, line: KnownLine) -> Result<(), StoreError> {
        let line = &line;
        self.run(|mut connection| async move { operations::keep_line(&mut connection, line).await })
            .await
    }

    async fn line(&self, number: LimitKey, now: Timestamp) -> Result<Option<LineKind>, StoreError> {
        self.run(|mut connection| async move { operations::line(&mut connection, number, now).await })
            .await
    }

    async fn wish(&self, wish: Wish) -> Result<bool, StoreError> {
        let wish = &wish;
        self.run(|mut connection| async move { operations::wish(&mut connection, wish).await })
            .await
    }

    async fn opted_out(&self, number: LimitKey) -> Result<bool, StoreError> {
        self.run(|mut connection| async move { operations::opted_out(&mut connection, number).await })
            .await
    }

    async fn redeem(&self, site: &SiteKey, jti: &str, now: Timestamp) -> Result<Redeemed, StoreError> {
        self.run(|mut connection| async move { operations::redeem(&mut connection, site, jti, now).await })
            .await
    }

    async fn open_session(&self, session: Session) -> Result<(), StoreError> {
        let session = &session;
        self.run(|mut connection| async move { operations::open_session(&mut connection, session).await })
            .await
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.run(|mut connection| async move { operations::session(&mut connection, id).await })
            .await
    }

    async fn claim_number(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let claim = &claim;
        self.run(|mut connection| async move { operations::claim_number(&mut connection, claim).await })
            .await
    }

    async fn subject_number(&self, site: &SiteKey, subject: &str) -> Result<Option<HeldNumber>, StoreError> {
        self.run(
            |mut connection| async move { operations::subject_number(&mut connection, site, subject).await },
        )
        .await
    }

    async fn release_number(&self, site: &SiteKey, subject: &str) -> Result<bool, StoreError> {
        self.run(
            |mut connection| async move { operations::release_number(&mut connection, site, subject).await },
        )
        .await
    }

    async fn erase_number(&self, site: &SiteKey, number: NumberIndex) -> Result<u64, StoreError> {
        self.run(
            |mut connection| async move { operations::erase_number(&mut connection, site, number).await },
        )
        .await
    }

    async fn sites(&self) -> Result<Vec<SiteKey>, StoreError> {
        self.run(|mut connection| async move { operations::sites(&mut connection).await })
            .await
    }

    async fn sweep(&self, now: Timestamp, retention: Retention) -> Result<u64, StoreError> {
        let from = self.swept.reached();
        let sweep = self
            .run(|mut connection| async move { sweep::alone(&mut connection, now, retention, from).await })
            .await?;
        Ok(sweep.map_or(0, |sweep| self.swept.note(&sweep)))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.run(|mut connection| async move { operations::probe(&mut connection).await })
            .await
    }

    async fn keys_match(&self, fingerprint: &str) -> Result<bool, StoreError> {
        self.run(|mut connection| async move { operations::keys_match(&mut connection, fingerprint).await })
            .await
    }
}
