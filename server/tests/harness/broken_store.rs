use phone_verify::budget::Account;
use phone_verify::store::*;
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use std::collections::BTreeSet;

/// A database that cannot be asked.
#[derive(Default)]
pub struct BrokenStore {
    /// Whether looking for a verification panics, as only an error of our own could.
    pub panics: bool,
}

type Answer<T> = Result<T, StoreError>;

fn broken<T>() -> Answer<T> {
    Err(StoreError::new("broken on purpose"))
}

#[async_trait::async_trait]
impl Store for BrokenStore {
    async fn start(&self, _: NewVerification) -> Answer<StartOutcome> {
        broken()
    }

    async fn resend(&self, _: NewDelivery) -> Answer<ResendOutcome> {
        broken()
    }

    async fn settle(&self, _: Settle) -> Answer<Option<Settled>> {
        broken()
    }

    async fn delivery_report(&self, _: DeliveryReport) -> Answer<Reported> {
        broken()
    }

    async fn take_looks(&self, _: Timestamp, _: u32) -> Answer<Vec<OpenDelivery>> {
        broken()
    }

    async fn price(&self, _: PriceReport) -> Answer<Option<Priced>> {
        broken()
    }

    async fn spent(&self, _: &[Account]) -> Answer<Vec<Spent>> {
        broken()
    }

    async fn open_calls(&self, _: VerificationId) -> Answer<Vec<OpenDelivery>> {
        broken()
    }

    async fn check(&self, _: CheckAttempt) -> Answer<CheckOutcome> {
        broken()
    }

    async fn answer_check(&self, _: CheckAttempt, _: CheckAnswer) -> Answer<AnswerOutcome> {
        broken()
    }

    async fn sender_reference(&self, _: VerificationId, _: &str) -> Answer<Option<String>> {
        broken()
    }

    async fn cancel(&self, _: VerificationId, _: Timestamp) -> Answer<Option<Record>> {
        broken()
    }

    async fn find(&self, _: VerificationId) -> Answer<Option<Record>> {
        assert!(!self.panics, "on purpose");
        broken()
    }

    async fn history(&self, _: &SiteKey, _: NamedBy, _: Timestamp) -> Answer<Option<History>> {
        assert!(!self.panics, "on purpose");
        broken()
    }

    async fn approve(&self, _: Approval) -> Answer<Option<Settled>> {
        broken()
    }

    async fn attempts(&self, _: AttemptFilter, _: Page) -> Answer<Vec<Attempt>> {
        broken()
    }

    async fn count_attempts(&self, _: AttemptFilter) -> Answer<AttemptCount> {
        broken()
    }

    async fn repeated(&self, _: &SiteKey, _: &Idempotency) -> Answer<Repeat> {
        broken()
    }

    async fn limits(&self, _: &[LimitKey]) -> Answer<Vec<Arrivals>> {
        broken()
    }

    async fn keep_line(&self, _: KnownLine) -> Answer<()> {
        broken()
    }

    async fn line(&self, _: LimitKey, _: Timestamp) -> Answer<Option<LineKind>> {
        broken()
    }

    async fn wish(&self, _: Wish) -> Answer<bool> {
        broken()
    }

    async fn opted_out(&self, _: LimitKey) -> Answer<bool> {
        broken()
    }

    async fn redeem(&self, _: &SiteKey, _: &str, _: Timestamp) -> Answer<Redeemed> {
        broken()
    }

    async fn open_session(&self, _: Session) -> Answer<()> {
        broken()
    }

    async fn session(&self, _: SessionId) -> Answer<Option<SessionRecord>> {
        broken()
    }

    async fn claim_number(&self, _: Claim) -> Answer<Claimed> {
        broken()
    }

    async fn subject_number(&self, _: &SiteKey, _: &str) -> Answer<Option<HeldNumber>> {
        broken()
    }

    async fn release_number(&self, _: &SiteKey, _: &str, _: Timestamp) -> Answer<Option<NumberIndex>> {
        broken()
    }

    async fn import(&self, _: ImportBatch) -> Answer<Vec<Imported>> {
        broken()
    }

    async fn recognise(&self, _: Recognition) -> Answer<u64> {
        broken()
    }

    async fn has_legacy(&self, _: &SiteKey, _: LegacyHashes) -> Answer<bool> {
        broken()
    }

    async fn forget_legacy(&self, _: &SiteKey, _: LegacyHashes) -> Answer<u64> {
        broken()
    }

    async fn erase_number(&self, _: &SiteKey, _: NumberIndex) -> Answer<u64> {
        broken()
    }

    async fn sites(&self) -> Answer<Vec<SiteKey>> {
        broken()
    }

    async fn block(&self, _: LimitKey, _: Timestamp) -> Answer<bool> {
        broken()
    }

    async fn unblock(&self, _: LimitKey) -> Answer<bool> {
        broken()
    }

    async fn blocked(&self, _: [LimitKey; 2]) -> Answer<bool> {
        broken()
    }

    async fn cancel_all(&self, _: &SiteKey, _: NumberIndex, _: Timestamp) -> Answer<u64> {
        broken()
    }

    async fn standing(&self, _: &NumberNames) -> Answer<NumberStanding> {
        broken()
    }

    async fn breakers(&self, _: u32) -> Answer<Vec<KeptBreaker>> {
        broken()
    }

    async fn turn_breaker(&self, _: BreakerTurn, _: Timestamp) -> Answer<bool> {
        broken()
    }

    async fn sealing_keys(&self) -> Answer<BTreeSet<u32>> {
        broken()
    }

    async fn announce_breaker(&self, _: BreakerNews) -> Answer<()> {
        broken()
    }

    async fn take_webhooks(
        &self,
        _: &SiteKey,
        _: Timestamp,
        _: Timestamp,
        _: u32,
    ) -> Answer<Vec<DueWebhook>> {
        broken()
    }

    async fn webhook_tried(&self, _: WebhookAttempt) -> Answer<()> {
        broken()
    }

    async fn webhooks(&self, _: Option<&SiteKey>, _: u32) -> Answer<Vec<KeptWebhook>> {
        broken()
    }

    async fn webhooks_waiting(&self) -> Answer<u64> {
        broken()
    }

    async fn replay_webhooks(&self, _: Replay, _: Timestamp) -> Answer<u64> {
        broken()
    }

    async fn sweep(&self, _: Timestamp, _: Retention) -> Answer<Sweep> {
        broken()
    }

    async fn ready(&self) -> Answer<()> {
        broken()
    }

    async fn keys_match(&self, _: &str) -> Answer<bool> {
        Ok(true)
    }
}
