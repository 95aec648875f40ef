//! SQLite: one file, one writer, some readers.

mod checkpoints;
mod decisions;
mod grouping;
mod one_core;
mod open;
#[expect(
    clippy::duplicate_mod,
    reason = "one text, compiled against each database's types"
)]
#[path = "../operations/mod.rs"]
mod operations;
mod operator;
mod turn;
mod writer;

pub(super) use open::options;

use super::commit::Commit;
use super::swept::{Reached, Swept};
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
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, SqlitePool};
use std::collections::BTreeSet;
use writer::Writer;
pub use writer::WriterStatistics;

/// What the transactions are compiled against.
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;

/// Begins a transaction. The writer commits it together with others, and nobody waits for rows meanwhile.
async fn begin(
    connection: &mut Connection,
    _: Commit,
) -> Result<sqlx::Transaction<'_, sqlx::Sqlite>, sqlx::Error> {
    connection.begin().await
}

/// A [`Store`] in one SQLite file.
///
/// All writes go through one task that commits many of them at once, each isolated in a savepoint, with
/// `synchronous=FULL`: what was answered survives a loss of power.
pub struct SqliteStore {
    writer: Writer,
    readers: SqlitePool,
    patience: Patience,
    swept: Swept,
    listeners: Listeners,
}

impl SqliteStore {
    /// Opens the database at `url` (`sqlite://` and a path), makes the folders and the file where they are missing, and
    /// brings its tables up to date. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`StoreError`] when the URL names no file, the SQLite library is older than 3.51.3, the file cannot be written, or
    /// its tables are of a later version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, Patience::default()).await
    }

    /// The same, for callers who wait so long at most, for the writer as for a reader; then they are denied.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub async fn open_with(url: &str, patience: Patience) -> Result<Self, StoreError> {
        let (connection, readers) = open::open(url, patience).await?;
        let writer = Writer::spawn(options(url, patience)?, patience).await?;
        // Only now: whoever closes a file's last connection ends its log.
        connection.close().await?;
        Ok(Self {
            writer,
            readers,
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

    /// What the writer has done since the store was opened.
    #[must_use]
    pub fn writer_statistics(&self) -> WriterStatistics {
        self.writer.statistics()
    }

    async fn reader(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Lets a reader answer in time, or denies.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        tokio::time::timeout(self.patience.time(), answer)
            .await
            .unwrap_or_else(|_| Err(StoreError::new("no answer in time")))
    }
}

#[async_trait::async_trait]
impl Store for SqliteStore {
    async fn start(&self, start: NewVerification) -> Result<StartOutcome, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(
                    async move { operations::start(connection, &start, &listeners, Commit::Durable).await },
                )
            })
            .await
    }

    async fn resend(&self, resend: NewDelivery) -> Result<ResendOutcome, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(
                    async move { operations::resend(connection, &resend, &listeners, Commit::Durable).await },
                )
            })
            .await
    }

    async fn settle(&self, settle: Settle) -> Result<Option<Settled>, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::settle(connection, &settle, &listeners).await })
            })
            .await
    }

    async fn delivery_report(&self, report: DeliveryReport) -> Result<Reported, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::report(connection, &report, &listeners).await })
            })
            .await
    }

    async fn take_looks(&self, now: Timestamp, at_most: u32) -> Result<Vec<OpenDelivery>, StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::take_looks(connection, now, at_most).await })
            })
            .await
    }

    async fn price(&self, report: PriceReport) -> Result<Option<Priced>, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::price(connection, &report, &listeners).await })
            })
            .await
    }

    async fn spent(&self, accounts: &[Account]) -> Result<Vec<Spent>, StoreError> {
        self.in_time(async { Ok(operations::spent(&mut *self.reader().await?, accounts).await?) })
            .await
    }

    async fn open_calls(&self, id: VerificationId) -> Result<Vec<OpenDelivery>, StoreError> {
        self.in_time(async { Ok(operations::open_calls(&mut *self.reader().await?, id).await?) })
            .await
    }

    async fn check(&self, check: CheckAttempt) -> Result<CheckOutcome, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(
                    async move { operations::check(connection, &check, &listeners, Commit::Durable).await },
                )
            })
            .await
    }

    async fn answer_check(
        &self,
        check: CheckAttempt,
        answer: CheckAnswer,
    ) -> Result<AnswerOutcome, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(
                    async move { operations::answer_check(connection, &check, answer, &listeners).await },
                )
            })
            .await
    }

    async fn sender_reference(&self, id: VerificationId, sender: &str) -> Result<Option<String>, StoreError> {
        self.in_time(async {
            Ok(operations::sender_reference(&mut *self.reader().await?, id, sender).await?)
        })
        .await
    }

    async fn cancel(&self, id: VerificationId, now: Timestamp) -> Result<Option<Record>, StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::cancel(connection, id, now).await }))
            .await
    }

    async fn find(&self, id: VerificationId) -> Result<Option<Record>, StoreError> {
        self.in_time(async { Ok(operations::record(&mut *self.reader().await?, id).await?) })
            .await
    }

    async fn history(
        &self,
        site: &SiteKey,
        named: NamedBy,
        now: Timestamp,
    ) -> Result<Option<History>, StoreError> {
        self.in_time(async { Ok(operations::history(&mut *self.reader().await?, site, named, now).await?) })
            .await
    }

    async fn approve(&self, approval: Approval) -> Result<Option<Settled>, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::approve(connection, &approval, &listeners).await })
            })
            .await
    }

    async fn attempts(&self, filter: AttemptFilter, page: Page) -> Result<Vec<Attempt>, StoreError> {
        self.in_time(async { Ok(operations::attempts(&mut *self.reader().await?, &filter, page).await?) })
            .await
    }

    async fn count_attempts(&self, filter: AttemptFilter) -> Result<AttemptCount, StoreError> {
        self.in_time(async { Ok(operations::count_attempts(&mut *self.reader().await?, &filter).await?) })
            .await
    }

    async fn repeated(&self, site: &SiteKey, idempotency: &Idempotency) -> Result<Repeat, StoreError> {
        self.in_time(async { Ok(operations::repeated(&mut *self.reader().await?, site, idempotency).await?) })
            .await
    }

    async fn limits(&self, keys: &[LimitKey]) -> Result<Vec<Arrivals>, StoreError> {
        self.in_time(async { Ok(operations::arrivals(&mut *self.reader().await?, keys).await?) })
            .await
    }

    async fn keep_line(&self, line: KnownLine) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::keep_line(connection, &line).await }))
            .await
    }

    async fn line(&self, number: LimitKey, now: Timestamp) -> Result<Option<LineKind>, StoreError> {
        self.in_time(async { Ok(operations::line(&mut *self.reader().await?, number, now).await?) })
            .await
    }

    async fn wish(&self, wish: Wish) -> Result<bool, StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::wish(connection, &wish).await }))
            .await
    }

    async fn opted_out(&self, number: LimitKey) -> Result<bool, StoreError> {
        self.in_time(async { Ok(operations::opted_out(&mut *self.reader().await?, number).await?) })
            .await
    }

    async fn redeem(&self, site: &SiteKey, jti: &str, now: Timestamp) -> Result<Redeemed, StoreError> {
        let (site, jti) = (site.clone(), jti.to_owned());
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::redeem(connection, &site, &jti, now).await })
            })
            .await
    }

    async fn open_session(&self, session: Session) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::open_session(connection, &session).await })
            })
            .await
    }

    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        self.in_time(async { Ok(operations::session(&mut *self.reader().await?, id).await?) })
            .await
    }

    async fn claim_number(&self, claim: Claim) -> Result<Claimed, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::claim_number(connection, &claim, &listeners).await })
            })
            .await
    }

    async fn subject_number(&self, site: &SiteKey, subject: &str) -> Result<Option<HeldNumber>, StoreError> {
        self.in_time(async {
            Ok(operations::subject_number(&mut *self.reader().await?, site, subject).await?)
        })
        .await
    }

    async fn release_number(
        &self,
        site: &SiteKey,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<NumberIndex>, StoreError> {
        let (site, subject) = (site.clone(), subject.to_owned());
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move {
                    operations::release_number(connection, (&site, &subject), now, &listeners).await
                })
            })
            .await
    }

    async fn import(&self, batch: ImportBatch) -> Result<Vec<Imported>, StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::import(connection, &batch).await }))
            .await
    }

    async fn recognise(&self, recognition: Recognition) -> Result<u64, StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::recognise(connection, &recognition).await })
            })
            .await
    }

    async fn has_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<bool, StoreError> {
        self.in_time(async { Ok(operations::has_legacy(&mut *self.reader().await?, site, &hashes).await?) })
            .await
    }

    async fn forget_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<u64, StoreError> {
        let site = site.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::forget_legacy(connection, &site, &hashes).await })
            })
            .await
    }

    async fn erase_number(&self, site: &SiteKey, number: NumberIndex) -> Result<u64, StoreError> {
        let site = site.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::erase_number(connection, &site, number).await })
            })
            .await
    }

    async fn sites(&self) -> Result<Vec<SiteKey>, StoreError> {
        self.in_time(async { Ok(operations::sites(&mut *self.reader().await?).await?) })
            .await
    }

    async fn block(&self, number: LimitKey, now: Timestamp) -> Result<bool, StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::block(connection, number, now).await }))
            .await
    }

    async fn unblock(&self, number: LimitKey) -> Result<bool, StoreError> {
        self.writer
            .run(move |connection| Box::pin(async move { operations::unblock(connection, number).await }))
            .await
    }

    async fn blocked(&self, either: [LimitKey; 2]) -> Result<bool, StoreError> {
        self.in_time(async { Ok(operations::blocked(&mut *self.reader().await?, either).await?) })
            .await
    }

    async fn cancel_all(
        &self,
        site: &SiteKey,
        number: NumberIndex,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let site = site.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::cancel_all(connection, &site, number, now).await })
            })
            .await
    }

    async fn standing(&self, names: &NumberNames) -> Result<NumberStanding, StoreError> {
        self.in_time(async { Ok(operations::standing(&mut *self.reader().await?, names).await?) })
            .await
    }

    async fn breakers(&self, at_most: u32) -> Result<Vec<KeptBreaker>, StoreError> {
        self.in_time(async { Ok(operations::breakers(&mut *self.reader().await?, at_most).await?) })
            .await
    }

    async fn turn_breaker(&self, turn: BreakerTurn, now: Timestamp) -> Result<bool, StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::turn_breaker(connection, &turn, now, &listeners).await })
            })
            .await
    }

    async fn sealing_keys(&self) -> Result<BTreeSet<u32>, StoreError> {
        self.in_time(async { Ok(operations::sealing_keys(&mut *self.reader().await?).await?) })
            .await
    }

    async fn announce_breaker(&self, news: BreakerNews) -> Result<(), StoreError> {
        let listeners = self.listeners.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::announce_breaker(connection, &news, &listeners).await })
            })
            .await
    }

    async fn take_webhooks(
        &self,
        site: &SiteKey,
        now: Timestamp,
        lease_until: Timestamp,
        at_most: u32,
    ) -> Result<Vec<DueWebhook>, StoreError> {
        let site = site.clone();
        self.writer
            .run(move |connection| {
                Box::pin(async move {
                    operations::take_webhooks(connection, &site, now, lease_until, at_most).await
                })
            })
            .await
    }

    async fn webhook_tried(&self, attempt: WebhookAttempt) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::webhook_tried(connection, &attempt).await })
            })
            .await
    }

    async fn webhooks(&self, site: Option<&SiteKey>, at_most: u32) -> Result<Vec<KeptWebhook>, StoreError> {
        self.in_time(async { Ok(operations::webhooks(&mut *self.reader().await?, site, at_most).await?) })
            .await
    }

    async fn webhooks_waiting(&self) -> Result<u64, StoreError> {
        self.in_time(async { Ok(operations::webhooks_waiting(&mut *self.reader().await?).await?) })
            .await
    }

    async fn replay_webhooks(&self, which: Replay, now: Timestamp) -> Result<u64, StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::replay_webhooks(connection, &which, now).await })
            })
            .await
    }

    async fn sweep(&self, now: Timestamp, retention: Retention) -> Result<Sweep, StoreError> {
        let from = self.swept.reached();
        let listeners = self.listeners.clone();
        let sweep = self
            .writer
            .run(move |connection| {
                Box::pin(
                    async move { operations::sweep(connection, now, retention, &from, &listeners).await },
                )
            })
            .await?;
        Ok(self.swept.note(sweep))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.writer
            .run(|connection| Box::pin(operations::probe(connection)))
            .await?;
        self.limits(&[Reached::FIRST_LIMIT]).await.map(drop)
    }

    async fn keys_match(&self, fingerprint: &str) -> Result<bool, StoreError> {
        let fingerprint = fingerprint.to_owned();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::keys_match(connection, &fingerprint).await })
            })
            .await
    }

    fn written(&self) -> Option<WriterStatistics> {
        Some(self.writer_statistics())
    }
}
