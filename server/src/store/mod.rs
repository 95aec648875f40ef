//! What is kept, and the transactions on it.
//!
//! A [`Store`] method is one whole transaction: plain data in, plain outcome out, no handle crosses the trait. Counters are
//! committed before a method returns, so an answer never runs ahead of what is kept. A store that cannot answer is a
//! [`StoreError`], and its caller denies.

mod breaker_records;
mod budget_records;
mod check_records;
mod commit;
mod decisions;
mod delivery_records;
mod error;
mod host_records;
mod import_records;
mod inspect;
mod limit_records;
mod migrations;
mod operator;
mod patience;
mod postgres;
mod records;
mod send_records;
mod service_records;
mod sql;
mod sqlite;
mod standing;
mod swept;
mod webhook_records;

pub use breaker_records::{BreakerName, BreakerTurn, KeptBreaker, Screened, Stopper, Watched};
pub use budget_records::{BudgetTurn, Charge, PriceReport, Priced, Spent};
pub use check_records::{AnswerOutcome, CheckAnswer, CheckAttempt, CheckOutcome, Redeemed};
pub use decisions::{About, DecisionFilter, DecisionStore};
pub use delivery_records::{
    DeliveryReport, KnownLine, LineKind, OpenDelivery, OptOut, Reported, Settle, Settled, Wish,
};
pub use error::StoreError;
pub use host_records::{Claim, Claimed, Conflict, HeldNumber, Session, SessionId, SessionRecord};
pub use import_records::{
    Import, ImportBatch, Imported, ImportedNumber, LegacyHashes, PlainNumber, Recognition,
};
pub use inspect::{Tables, inspect};
pub use limit_records::{Arrivals, FullWindow, KeyedArrivals, LimitKey, LimitUse, Limited};
pub(crate) use operator::session_name;
pub use operator::{AdminAction, AdminLine, AdminSession, Fault, OperatorStore, Traffic, TrafficFilter};
pub use patience::Patience;
pub use postgres::PostgresStore;
pub use records::{
    CodeHolder, CodeMac, KeptCode, NumberDay, NumberIndex, Record, Retention, Sealed, Sweep, TokenRecord,
};
pub use send_records::{
    DeliveryBegun, Door, Idempotency, Intent, NewDelivery, NewVerification, Repeat, ResendOutcome,
    StartOutcome, Started, UsedProof,
};
pub use service_records::{Approval, Attempt, AttemptCount, AttemptFilter, History, NamedBy, Page, PastSend};
pub use sqlite::{SqliteStore, WriterStatistics};
pub use standing::{NumberNames, NumberStanding};
pub use webhook_records::{
    AfterAttempt, BreakerNews, DeliveryNews, DueWebhook, KeptWebhook, Listener, Listeners, Replay,
    WebhookAttempt, WebhookState,
};

use crate::budget::Account;
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use std::collections::BTreeSet;

/// Everything that outlives a request.
#[async_trait::async_trait]
pub trait Store: Send + Sync {
    /// Takes every limit, writes the verification and the intent to send, and cancels the oldest live verifications of the
    /// number beyond `pending_max`; or does nothing at all.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written, or the outcome is unknown and nothing must be sent.
    async fn start(&self, start: NewVerification) -> Result<StartOutcome, StoreError>;

    /// Takes every limit and one send of the verification, and writes the intent to send; or does nothing at all.
    ///
    /// # Errors
    /// As [`Store::start`].
    async fn resend(&self, resend: NewDelivery) -> Result<ResendOutcome, StoreError>;

    /// Writes what the provider answered, where the delivery is still this owner's and `sending`; a later state stays.
    /// With `give_back` the send and its limits are taken back. With `cancel` the verification is canceled. With `forget`
    /// the idempotency row of that key is deleted: a refusal is not kept. Returns the verification as it then stands, and whether
    /// this was written.
    ///
    /// # Errors
    /// [`StoreError`]; the delivery stays `sending` until its lease is over.
    async fn settle(&self, settle: Settle) -> Result<Option<Settled>, StoreError>;

    /// Moves a delivery to what its provider reports of it. States only go forward: `sending`, `unknown`, `accepted`, then one
    /// of the final ones; a report that comes before the provider's own answer counts, and one of another message than the
    /// delivery's does not. Returns how it moved.
    ///
    /// # Errors
    /// [`StoreError`]; the provider may report again.
    async fn delivery_report(&self, report: DeliveryReport) -> Result<Reported, StoreError>;

    /// Takes at most so many deliveries that their provider is to be asked about now, for this caller alone: what became of them, due
    /// again after a pause that doubles, once more after the verification's end, and then never; and as many again whose price is
    /// not known, due again after a pause that doubles, for a day.
    ///
    /// # Errors
    /// [`StoreError`]; they may be taken, and are due again.
    async fn take_looks(&self, now: Timestamp, at_most: u32) -> Result<Vec<OpenDelivery>, StoreError>;

    /// Puts a delivery's price in the place of what it counts in budgets, once. `None` where it counts nothing, or its price already.
    ///
    /// # Errors
    /// [`StoreError`]; it may count its price.
    async fn price(&self, report: PriceReport) -> Result<Option<Priced>, StoreError>;

    /// What was spent in these accounts, in the order asked.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn spent(&self, accounts: &[Account]) -> Result<Vec<Spent>, StoreError>;

    /// The calls of a verification that a provider took and of which no end is known.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn open_calls(&self, id: VerificationId) -> Result<Vec<OpenDelivery>, StoreError>;

    /// Spends one check, compares the MAC, moves the state, takes the number's day and the limits, and writes the token's
    /// identity; or does nothing at all. A check that could not take the number's day is not spent. Where the code is the
    /// provider's, nothing is compared and the verification goes on: [`Store::answer_check`] moves it.
    ///
    /// # Errors
    /// [`StoreError`]; the check may have been spent, and nothing was approved that a repeat would not show.
    async fn check(&self, check: CheckAttempt) -> Result<CheckOutcome, StoreError>;

    /// Writes what the provider answered to a check that [`Store::check`] spent: approves, or ends the verification once no
    /// check is left or under way, or leaves it as it is.
    ///
    /// # Errors
    /// [`StoreError`]; the check stays spent, and nothing was approved that a repeat would not show.
    async fn answer_check(
        &self,
        check: CheckAttempt,
        answer: CheckAnswer,
    ) -> Result<AnswerOutcome, StoreError>;

    /// What `sender` calls the last message of a verification that it took.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn sender_reference(&self, id: VerificationId, sender: &str) -> Result<Option<String>, StoreError>;

    /// Cancels a pending verification; one that has ended, or whose time is over, stays as it is. `None` where there is no such verification.
    ///
    /// # Errors
    /// [`StoreError`]; the verification may be canceled.
    async fn cancel(&self, id: VerificationId, now: Timestamp) -> Result<Option<Record>, StoreError>;

    /// The verification with its last delivery and its number's day of checks.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn find(&self, id: VerificationId) -> Result<Option<Record>, StoreError>;

    /// A site's verification and how it came about.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn history(
        &self,
        site: &SiteKey,
        named: NamedBy,
        now: Timestamp,
    ) -> Result<Option<History>, StoreError>;

    /// Approves a pending verification because its site's server says so, and writes the token's identity; one that has ended
    /// stays as it is. No check is spent, and no day. Returns the verification as it then stands, and whether this approved it.
    ///
    /// # Errors
    /// [`StoreError`]; it may be approved.
    async fn approve(&self, approval: Approval) -> Result<Option<Settled>, StoreError>;

    /// The sendings that may have left, the newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn attempts(&self, filter: AttemptFilter, page: Page) -> Result<Vec<Attempt>, StoreError>;

    /// How many of them there are.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn count_attempts(&self, filter: AttemptFilter) -> Result<AttemptCount, StoreError>;

    /// What an earlier call with this key led to.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn repeated(&self, site: &SiteKey, idempotency: &Idempotency) -> Result<Repeat, StoreError>;

    /// How the limits stand, in the order asked; takes nothing.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn limits(&self, keys: &[LimitKey]) -> Result<Vec<Arrivals>, StoreError>;

    /// Keeps what was learned of a number's line.
    ///
    /// # Errors
    /// [`StoreError`]; it may have been kept.
    async fn keep_line(&self, line: KnownLine) -> Result<(), StoreError>;

    /// What is known of a number's line.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn line(&self, number: LimitKey, now: Timestamp) -> Result<Option<LineKind>, StoreError>;

    /// Takes what a number's owner wants, once a reference; returns whether it was new. What comes last counts.
    ///
    /// # Errors
    /// [`StoreError`]; it may have been taken.
    async fn wish(&self, wish: Wish) -> Result<bool, StoreError>;

    /// Whether the owner of a number wants no text messages.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn opted_out(&self, number: LimitKey) -> Result<bool, StoreError>;

    /// Redeems a token once.
    ///
    /// # Errors
    /// [`StoreError`]; the token may be redeemed.
    async fn redeem(&self, site: &SiteKey, jti: &str, now: Timestamp) -> Result<Redeemed, StoreError>;

    /// Writes a host's session.
    ///
    /// # Errors
    /// [`StoreError`]; the session may have begun, and nobody knows its value.
    async fn open_session(&self, session: Session) -> Result<(), StoreError>;

    /// A host's session, also for a while after its end, and what came of it.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, StoreError>;

    /// Redeems a token for a subject, which then holds the number that the token proves, and no other; those who give way
    /// to it lose it. Or does nothing at all: a claim that is refused does not redeem.
    ///
    /// # Errors
    /// [`StoreError`]; the subject may hold the number, which the same claim again tells.
    async fn claim_number(&self, claim: Claim) -> Result<Claimed, StoreError>;

    /// The number that a subject holds.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn subject_number(&self, site: &SiteKey, subject: &str) -> Result<Option<HeldNumber>, StoreError>;

    /// Takes its number from a subject; returns which one it had.
    ///
    /// # Errors
    /// [`StoreError`]; the number may be released.
    async fn release_number(
        &self,
        site: &SiteKey,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<NumberIndex>, StoreError>;

    /// Writes which subjects of a site had proved which numbers elsewhere. Nothing is taken from anybody who holds a number
    /// here, and the same import again changes nothing. In the order of the batch.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch or all of it was written, which the same again tells.
    async fn import(&self, batch: ImportBatch) -> Result<Vec<Imported>, StoreError>;

    /// Lets the subjects hold a number that was imported as a hash, now that it is known; returns how many.
    ///
    /// # Errors
    /// [`StoreError`]; they may hold it.
    async fn recognise(&self, recognition: Recognition) -> Result<u64, StoreError>;

    /// Whether a number is one of those of a site of which only a hash is known.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn has_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<bool, StoreError>;

    /// Deletes what a site keeps of a number as hashes; returns how many rows went.
    ///
    /// # Errors
    /// [`StoreError`]; they may be gone.
    async fn forget_legacy(&self, site: &SiteKey, hashes: LegacyHashes) -> Result<u64, StoreError>;

    /// Deletes all that a site knows of a number, but the rows that limit it: verifications and their deliveries,
    /// idempotency rows and tokens, and who holds it. Returns how many rows went.
    ///
    /// # Errors
    /// [`StoreError`]; it may be erased.
    async fn erase_number(&self, site: &SiteKey, number: NumberIndex) -> Result<u64, StoreError>;

    /// The sites that anything is kept of that [`Store::erase_number`] would delete.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn sites(&self) -> Result<Vec<SiteKey>, StoreError>;

    /// Blocks a number; returns whether it was not blocked before. No erasure ends it.
    ///
    /// # Errors
    /// [`StoreError`]; it may be blocked.
    async fn block(&self, number: LimitKey, now: Timestamp) -> Result<bool, StoreError>;

    /// Ends a block; returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]; it may have ended.
    async fn unblock(&self, number: LimitKey) -> Result<bool, StoreError>;

    /// Whether a number is blocked under one of these keys: everywhere, or on a site.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn blocked(&self, either: [LimitKey; 2]) -> Result<bool, StoreError>;

    /// Cancels all live verifications of a number on a site; returns how many.
    ///
    /// # Errors
    /// [`StoreError`]; they may be canceled.
    async fn cancel_all(
        &self,
        site: &SiteKey,
        number: NumberIndex,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// How a number stands before anything is sent to it.
    ///
    /// # Errors
    /// [`StoreError`]; nothing may be sent then.
    async fn standing(&self, names: &NumberNames) -> Result<NumberStanding, StoreError>;

    /// The breakers of prefixes and countries, those that are open first.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn breakers(&self, at_most: u32) -> Result<Vec<KeptBreaker>, StoreError>;

    /// Opens one by hand, until it is closed by hand, or closes it; in both cases it begins anew. Returns whether it stood
    /// otherwise.
    ///
    /// # Errors
    /// [`StoreError`]; it may stand so.
    async fn turn_breaker(&self, turn: BreakerTurn, now: Timestamp) -> Result<bool, StoreError>;

    /// The ids of the sealing keys that something is sealed with.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn sealing_keys(&self) -> Result<BTreeSet<u32>, StoreError>;

    /// Writes down, for all sites that want to hear of it, that a sender went down or works again.
    ///
    /// # Errors
    /// [`StoreError`]; it may be written.
    async fn announce_breaker(&self, news: BreakerNews) -> Result<(), StoreError>;

    /// Takes at most so many events of a site that are due to be sent, for this caller alone until `lease_until`; then they are due
    /// again.
    ///
    /// # Errors
    /// [`StoreError`]; they may be taken, and are due again after the lease.
    async fn take_webhooks(
        &self,
        site: &SiteKey,
        now: Timestamp,
        lease_until: Timestamp,
        at_most: u32,
    ) -> Result<Vec<DueWebhook>, StoreError>;

    /// Writes what came of an attempt to send an event. That it was taken counts whoever tried it; that it was not, only under the
    /// last lease.
    ///
    /// # Errors
    /// [`StoreError`]; it is due again after the lease.
    async fn webhook_tried(&self, attempt: WebhookAttempt) -> Result<(), StoreError>;

    /// The newest events of a site, or of all, that are kept.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn webhooks(&self, site: Option<&SiteKey>, at_most: u32) -> Result<Vec<KeptWebhook>, StoreError>;

    /// How many events of all sites are not delivered yet and not given up.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn webhooks_waiting(&self) -> Result<u64, StoreError>;

    /// Makes events due once more, as if they had never been tried; returns how many.
    ///
    /// # Errors
    /// [`StoreError`]; they may be due.
    async fn replay_webhooks(&self, which: Replay, now: Timestamp) -> Result<u64, StoreError>;

    /// Tidies: expired verifications are marked (their codes forgotten 120 s after the end), deliveries past their lease
    /// become `unknown`, rows past their retention go. At most a bounded number of rows a call.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn sweep(&self, now: Timestamp, retention: Retention) -> Result<Sweep, StoreError>;

    /// Whether the store answers and can be written to.
    ///
    /// # Errors
    /// [`StoreError`] that says why not.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Writes the fingerprint of the keys on first use and compares it afterwards: processes that share a database must
    /// share their keys. Returns whether they do.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn keys_match(&self, fingerprint: &str) -> Result<bool, StoreError>;

    /// What the one writer of a store has done, where it has one.
    fn written(&self) -> Option<WriterStatistics> {
        None
    }
}
