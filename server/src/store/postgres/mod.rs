//! PostgreSQL: any number of server processes on one database behave as one.

mod early;
mod lease;
mod open;
#[expect(
    clippy::duplicate_mod,
    reason = "one text, compiled against each database's types"
)]
#[path = "../operations/mod.rs"]
mod operations;
mod pool;
mod sweep;

use super::commit::Commit;
use super::swept::Swept;
use super::{
    AnswerOutcome, Approval, Arrivals, Attempt, AttemptCount, AttemptFilter, BreakerNews, BreakerTurn,
    CheckAnswer, CheckAttempt, CheckOutcome, Claim, Claimed, DeliveryReport, DueWebhook, HeldNumber, History,
    Idempotency, ImportBatch, Imported, KeptBreaker, KeptWebhook, KnownLine, LegacyHashes, LimitKey,
    LineKind, Listeners, NamedBy, NewDelivery, NewVerification, NumberIndex, NumberNames, NumberStanding,
    OpenDelivery, Page, Patience, PriceReport, Priced, Recognition, Record, Redeemed, Repeat, Replay,
    Reported, ResendOutcome, Retention, Session, SessionId, SessionRecord, Settle, Settled, Spent,
    StartOutcome, Store, StoreError, Sweep, WebhookAttempt, Wish,
};
use crate::budget::Account;
use early::begin;
use lease::{Ended, Lease};
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use pool::Pool;
use sqlx::error::DatabaseError;
use std::collections::BTreeSet;

/// What the transactions are compiled against.
type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;

/// A transaction that lost to another one is run so many times in all.
const ATTEMPTS: u32 = 4;

/// A [`Store`] in a PostgreSQL database.
///
/// Transactions run at READ COMMITTED: each conditional statement looks again at the newest row once it holds its lock.
pub struct PostgresStore {
    pool: Pool,
    /// How the transactions end whose rows many wait for: those of sends and of checks.
    shares: Commit,
    patience: Patience,
    swept: Swept,
    listeners: Listeners,
}

impl PostgresStore {
    /// Opens the database at `url` (`postgres://…`) and brings its tables up to date, one process at a time.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer, or its tables are of a later version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Patience::default()).await
    }

    /// The same, for callers who wait so long at most, for a connection and for their transaction; then they are denied.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn open_with(url: &str, patience: Patience) -> Result<Self, StoreError> {
        let (pool, shares) = open::open(url, patience).await?;
        Ok(Self {
            pool,
            shares,
            patience,
            swept: Swept::nothing(),
            listeners: Listeners::default(),
        })
    }

    /// The same, writing down the events that these sites want to hear of.
    #[must_use]
    pub fn announcing_to(self, listeners: Listeners) -> Self {
        Self { listeners, ..self }
    }

    /// Runs one transaction, again where it lost to another one, and denies when it takes too long.
    async fn run<T, F>(&self, body: impl Fn(Lease) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Ended<T>>,
    {
        let in_time = tokio::time::timeout(self.patience.time(), async {
            let mut attempt = 1;
            loop {
                match body(Lease::take(&self.pool).await?).await.into_outcome() {
                    Err(error) if attempt < ATTEMPTS && lost_to_another(&error) => attempt += 1,
                    outcome => return Ok(outcome?),
                }
            }
        });
        in_time
            .await
            .unwrap_or_else(|_| Err(StoreError::new("no answer in time")))
    }
}

/// Runs one of the operations by [`PostgresStore::run`].
macro_rules! in_transaction {
    ($store:ident, $module:ident::$operation:ident($($argument:expr),*)) => {
        $store
            .run(|mut lease| async move {
                let outcome = $module::$operation(lease.connection(), $($argument),*).await;
                lease.ended(outcome).await
            })
            .await
    };
}

/// The same where the rows may have been let go of before the disk had them: it is waited for where the outcome tells of them.
macro_rules! in_early_transaction {
    ($store:ident, $module:ident::$operation:ident($($argument:expr),*), $tells_of_rows:path) => {
        $store
            .run(|mut lease| async move {
                let mut outcome = $module::$operation(lease.connection(), $($argument),*).await;
                if $store.shares == Commit::Early && outcome.as_ref().is_ok_and($tells_of_rows) {
                    outcome = early::on_disk(lease.connection()).await.and(outcome);
                }
                lease.ended(outcome).await
            })
            .await
    };
}

mod decisions;
mod operator;

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
        let listeners = &self.listeners;
        in_early_transaction!(
            self,
            operations::start(start, listeners, self.shares),
            StartOutcome::tells_of_rows
        )
    }

    async fn resend(&self, resend: NewDelivery) -> Result<ResendOutcome, StoreError> {
        let resend = &resend;
        let listeners = &self.listeners;
        in_early_transaction!(
            self,
            operations::resend(resend, listeners, self.shares),
            ResendOutcome::tells_of_rows
        )
    }

    async fn settle(&self, settle: Settle) -> Result<Option<Settled>, StoreError> {
        let settle = &settle;
        let listeners = &self.listeners;
        in_transaction!(self, operations::settle(settle, listeners))
    }

    async fn delivery_report(&self, report: DeliveryReport) -> Result<Reported, StoreError> {
        let report = &report;
        let listeners = &self.listeners;
        in_transaction!(self, operations::report(report, listeners))
    }

    async fn take_looks(&self, now: Timestamp, at_most: u32) -> Result<Vec<OpenDelivery>, StoreError> {
        in_transaction!(self, operations::take_looks(now, at_most))
    }

    async fn price(&self, report: PriceReport) -> Result<Option<Priced>, StoreError> {
        let report = &report;
        let listeners = &self.listeners;
        in_transaction!(self, operations::price(report, listeners))
    }

    async fn spent(&self, accounts: &[Account]) -> Result<Vec<Spent>, StoreError> {
        in_transaction!(self, operations::spent(accounts))
    }

    async fn open_calls(&self, id: VerificationId) -> Result<Vec<OpenDelivery>, StoreError> {
        in_transaction!(self, operations::open_calls(id))
    }

    async fn check(&self, check: CheckAttempt) -> Result<CheckOutcome, StoreError> {
        let check = &check;
        let listeners = &self.listeners;
        in_early_transaction!(
            self,
            operations::check(check, listeners, self.shares),
            CheckOutcome::tells_of_rows
        )
    }

    async fn answer_check(
        &self,
        check: CheckAttempt,
        answer: CheckAnswer,
    ) -> Result<AnswerOutcome, StoreError> {
        let check = &check;
        let listeners = &self.listeners;
        in_transaction!(self, operations::answer_check(check, answer, listeners))
    }

    async fn sender_reference(&self, id: VerificationId, sender: &str) -> Result<Option<String>, StoreError> {
        in_transaction!(self, operations::sender_reference(id, sender))
    }

    async fn cancel(&self, id: VerificationId, now: Timestamp) -> Result<Option<Record>, StoreError> {
        in_transaction!(self, operations::cancel(id, now))
    }

    async fn find(&self, id: VerificationId) -> Result<Option<Record>, StoreError> {
        in_early_transaction!(self, operations::record(id), early::has_approved)
    }

    async fn history(
        &self,
        site: &SiteKey,
        named: NamedBy,
        now: Timestamp,
    ) -> Result<Option<History>, StoreError> {
        in_early_transaction!(self, operations::history(site, named, now), early::always)
    }

    async fn approve(&self, approval: Approval) -> Result<Option<Settled>, StoreError> {
        let approval = &approval;
        let listeners = &self.listeners;
        in_transaction!(self, operations::approve(approval, listeners))
    }

    async fn attempts(&self, filter: AttemptFilter, page: Page) -> Result<Vec<Attempt>, StoreError> {
        let filter = &filter;
        in_early_transaction!(self, operations::attempts(filter, page), early::always)
    }

    async fn count_attempts(&self, filter: AttemptFilter) -> Result<AttemptCount, StoreError> {
        let filter = &filter;
        in_transaction!(self, operations::count_attempts(filter))
    }

    async fn repeated(&self, site: &SiteKey, idempotency: &Idempotency) -> Result<Repeat, StoreError> {
        in_early_transaction!(
            self,
            operations::repeated(site, idempotency),
            Repeat::tells_of_rows
        )
    }

    async fn limits(&self, keys: &[LimitKey]) -> Result<Vec<Arrivals>, StoreError> {
        in_transaction!(self, operations::arrivals(keys))
    }

    async fn keep_line(&self, line: KnownLine) -> Result<(), StoreError> {
        let line = &line;
        in_transaction!(self, operations::keep_line(line))
    }

    async fn line(&self, number: LimitKey, now: Timestamp) -> Result<Option<LineKind>, StoreError> {
        in_transaction!(self, operations::line(number, now))
    }

    async fn wish(&self, wish: Wish) -> Result<bool, StoreError> {
        let wish = &wish;
        in_transaction!(self, operations::wish(wish))
    }

    async fn opted_out(&self, number: LimitKey) -> Result<bool, StoreError> {
        in_transaction!(self, operations::opted_out(number))
    }

    async fn redeem(&self, site: &SiteKey, jti: &str, now: Timestamp) -> Result<Redeemed, StoreError> {
        in_transaction!(self, operations::redeem(site, jti, now))
    }

    async fn open_session(&self, session: Session) -> Result<(), StoreError> {
        let session = &session;
        in_transaction!(self, operations::open_session(session))
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        in_early_transaction!(self, operations::session(id), early::was_approved_in)
    }

    async fn claim_number(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let claim = &claim;
        let listeners = &self.listeners;
        in_transaction!(self, operations::claim_number(claim, listeners))
    }

    async fn subject_number(&self, site: &SiteKey, subject: &str) -> Result<Option<HeldNumber>, StoreError> {
        in_transaction!(self, operations::subject_number(site, subject))
    }

    async fn release_number(
        &self,
        site: &SiteKey,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<NumberIndex>, StoreError> {
        let listeners = &self.listeners;
        in_transaction!(self, operations::release_number((site, subject), now, listeners))
    }

    async fn import(&self, batch: ImportBatch) -> Result<Vec<Imported>, StoreError> {
        let batch = &batch;
        in_transaction!(self, operations::import(batch))
    }

    async fn recognise(&self, recognition: Recognition) -> Result<u64, StoreError> {
        let recognition = &recognition;
        in_transaction!(self, operations::recognise(recognition))
    }

    async fn has_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<bool, StoreError> {
        let hashes = &hashes;
        in_transaction!(self, operations::has_legacy(site, hashes))
    }

    async fn forget_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<u64, StoreError> {
        let hashes = &hashes;
        in_transaction!(self, operations::forget_legacy(site, hashes))
    }

    async fn erase_number(&self, site: &SiteKey, number: NumberIndex) -> Result<u64, StoreError> {
        in_transaction!(self, operations::erase_number(site, number))
    }

    async fn sites(&self) -> Result<Vec<SiteKey>, StoreError> {
        in_transaction!(self, operations::sites())
    }

    async fn block(&self, number: LimitKey, now: Timestamp) -> Result<bool, StoreError> {
        in_transaction!(self, operations::block(number, now))
    }

    async fn unblock(&self, number: LimitKey) -> Result<bool, StoreError> {
        in_transaction!(self, operations::unblock(number))
    }

    async fn blocked(&self, either: [LimitKey; 2]) -> Result<bool, StoreError> {
        in_transaction!(self, operations::blocked(either))
    }

    async fn cancel_all(
        &self,
        site: &SiteKey,
        number: NumberIndex,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        in_transaction!(self, operations::cancel_all(site, number, now))
    }

    async fn standing(&self, names: &NumberNames) -> Result<NumberStanding, StoreError> {
        in_transaction!(self, operations::standing(names))
    }

    async fn breakers(&self, at_most: u32) -> Result<Vec<KeptBreaker>, StoreError> {
        in_transaction!(self, operations::breakers(at_most))
    }

    async fn turn_breaker(&self, turn: BreakerTurn, now: Timestamp) -> Result<bool, StoreError> {
        let (turn, listeners) = (&turn, &self.listeners);
        in_transaction!(self, operations::turn_breaker(turn, now, listeners))
    }

    async fn sealing_keys(&self) -> Result<BTreeSet<u32>, StoreError> {
        in_transaction!(self, operations::sealing_keys())
    }

    async fn announce_breaker(&self, news: BreakerNews) -> Result<(), StoreError> {
        let (news, listeners) = (&news, &self.listeners);
        in_transaction!(self, operations::announce_breaker(news, listeners))
    }

    async fn take_webhooks(
        &self,
        site: &SiteKey,
        now: Timestamp,
        lease_until: Timestamp,
        at_most: u32,
    ) -> Result<Vec<DueWebhook>, StoreError> {
        in_transaction!(self, operations::take_webhooks(site, now, lease_until, at_most))
    }

    async fn webhook_tried(&self, attempt: WebhookAttempt) -> Result<(), StoreError> {
        let attempt = &attempt;
        in_transaction!(self, operations::webhook_tried(attempt))
    }

    async fn webhooks(&self, site: Option<&SiteKey>, at_most: u32) -> Result<Vec<KeptWebhook>, StoreError> {
        in_transaction!(self, operations::webhooks(site, at_most))
    }

    async fn webhooks_waiting(&self) -> Result<u64, StoreError> {
        in_transaction!(self, operations::webhooks_waiting())
    }

    async fn replay_webhooks(&self, which: Replay, now: Timestamp) -> Result<u64, StoreError> {
        let which = &which;
        in_transaction!(self, operations::replay_webhooks(which, now))
    }

    async fn sweep(&self, now: Timestamp, retention: Retention) -> Result<Sweep, StoreError> {
        let from = &self.swept.reached();
        let listeners = &self.listeners;
        let sweep = in_transaction!(self, sweep::alone(now, retention, from, listeners))?;
        Ok(sweep.map(|sweep| self.swept.note(sweep)).unwrap_or_default())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        in_transaction!(self, operations::probe())
    }

    async fn keys_match(&self, fingerprint: &str) -> Result<bool, StoreError> {
        in_transaction!(self, operations::keys_match(fingerprint))
    }
}
