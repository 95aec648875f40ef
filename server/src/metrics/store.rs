use super::Metrics;
use crate::budget::Account;
use crate::store::{
    AnswerOutcome, Approval, Arrivals, Attempt, AttemptCount, AttemptFilter, BreakerNews, BreakerTurn,
    CheckAnswer, CheckAttempt, CheckOutcome, Claim, Claimed, DeliveryReport, DueWebhook, HeldNumber, History,
    Idempotency, ImportBatch, Imported, KeptBreaker, KeptWebhook, KnownLine, LegacyHashes, LimitKey,
    LineKind, NamedBy, NewDelivery, NewVerification, NumberIndex, NumberNames, NumberStanding, OpenDelivery,
    Page, PriceReport, Priced, Recognition, Record, Redeemed, Repeat, Replay, Reported, ResendOutcome,
    Retention, Session, SessionId, SessionRecord, Settle, Settled, Spent, StartOutcome, Store, StoreError,
    Sweep, WebhookAttempt, Wish, WriterStatistics,
};
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::time::Instant;

/// A store whose every transaction is timed, and counted where it fails.
pub struct MeasuredStore {
    /// What keeps.
    pub inner: Arc<dyn Store>,
    /// Where it is written down.
    pub metrics: Metrics,
}

macro_rules! measured {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+) => {
        /// Every transaction, by its method's name.
        pub(super) const OPERATIONS: &[&str] = &[$(stringify!($name)),+];

        #[async_trait::async_trait]
        impl Store for MeasuredStore {
            $(async fn $name(&self, $($argument: $kind),*) -> Result<$answer, StoreError> {
                let begun = Instant::now();
                let answer = self.inner.$name($($argument),*).await;
                self.metrics.stored(stringify!($name), begun.elapsed(), answer.is_err());
                answer
            })+

            fn written(&self) -> Option<WriterStatistics> {
                self.inner.written()
            }
        }
    };
}

measured! {
    start(start: NewVerification) -> StartOutcome;
    resend(resend: NewDelivery) -> ResendOutcome;
    settle(settle: Settle) -> Option<Settled>;
    delivery_report(report: DeliveryReport) -> Reported;
    take_looks(now: Timestamp, at_most: u32) -> Vec<OpenDelivery>;
    price(report: PriceReport) -> Option<Priced>;
    spent(accounts: &[Account]) -> Vec<Spent>;
    open_calls(id: VerificationId) -> Vec<OpenDelivery>;
    check(check: CheckAttempt) -> CheckOutcome;
    answer_check(check: CheckAttempt, answer: CheckAnswer) -> AnswerOutcome;
    sender_reference(id: VerificationId, sender: &str) -> Option<String>;
    cancel(id: VerificationId, now: Timestamp) -> Option<Record>;
    find(id: VerificationId) -> Option<Record>;
    history(site: &SiteKey, named: NamedBy, now: Timestamp) -> Option<History>;
    approve(approval: Approval) -> Option<Settled>;
    attempts(filter: AttemptFilter, page: Page) -> Vec<Attempt>;
    count_attempts(filter: AttemptFilter) -> AttemptCount;
    repeated(site: &SiteKey, idempotency: &Idempotency) -> Repeat;
    limits(keys: &[LimitKey]) -> Vec<Arrivals>;
    keep_line(line: KnownLine) -> ();
    line(number: LimitKey, now: Timestamp) -> Option<LineKind>;
    wish(wish: Wish) -> bool;
    opted_out(number: LimitKey) -> bool;
    redeem(site: &SiteKey, jti: &str, now: Timestamp) -> Redeemed;
    open_session(session: Session) -> ();
    session(id: SessionId) -> Option<SessionRecord>;
    claim_number(claim: Claim) -> Claimed;
    subject_number(site: &SiteKey, subject: &str) -> Option<HeldNumber>;
    release_number(site: &SiteKey, subject: &str, now: Timestamp) -> Option<NumberIndex>;
    import(batch: ImportBatch) -> Vec<Imported>;
    recognise(recognition: Recognition) -> u64;
    has_legacy(site: &SiteKey, hashes: LegacyHashes) -> bool;
    forget_legacy(site: &SiteKey, hashes: LegacyHashes) -> u64;
    erase_number(site: &SiteKey, number: NumberIndex) -> u64;
    sites() -> Vec<SiteKey>;
    block(number: LimitKey, now: Timestamp) -> bool;
    unblock(number: LimitKey) -> bool;
    blocked(either: [LimitKey; 2]) -> bool;
    cancel_all(site: &SiteKey, number: NumberIndex, now: Timestamp) -> u64;
    standing(names: &NumberNames) -> NumberStanding;
    breakers(at_most: u32) -> Vec<KeptBreaker>;
    turn_breaker(turn: BreakerTurn, now: Timestamp) -> bool;
    sealing_keys() -> BTreeSet<u32>;
    announce_breaker(news: BreakerNews) -> ();
    take_webhooks(site: &SiteKey, now: Timestamp, lease_until: Timestamp, at_most: u32) -> Vec<DueWebhook>;
    webhook_tried(attempt: WebhookAttempt) -> ();
    webhooks(site: Option<&SiteKey>, at_most: u32) -> Vec<KeptWebhook>;
    webhooks_waiting() -> u64;
    replay_webhooks(which: Replay, now: Timestamp) -> u64;
    sweep(now: Timestamp, retention: Retention) -> Sweep;
    ready() -> ();
    keys_match(fingerprint: &str) -> bool;
}
