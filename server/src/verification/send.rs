use super::events::news_of;
use super::secrets::OwnedCode;
use super::view::Waits;
use super::{Engine, refusal};
use crate::config::BaseUrl;
use crate::decisions::{BLOCK_LIST, BREAKER};
use crate::senders::{Message, SendOutcome};
use crate::sites::Site;
use crate::store::{Intent, LimitUse, Record, Screened, Settle, Stopper};
use phone_verify_domain::{
    ApiError, Channel, DeliveryReason, DeliveryState, ErrorCode, IdempotencyKey, PhoneNumber, Timestamp,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One sending whose intent is committed.
pub(super) struct Sending {
    pub(super) site: Arc<Site>,
    /// The verification as the intent left it.
    pub(super) record: Record,
    pub(super) intent: Intent,
    pub(super) to: PhoneNumber,
    pub(super) code: OwnedCode,
    /// What it uses, to be given back if nothing leaves.
    pub(super) limits: Vec<LimitUse>,
    /// What is known of waiting once it has used them.
    pub(super) waits: Waits,
    /// Whether anything leaves.
    pub(super) leaves: Leaves,
    /// Whether the verification exists for this sending only, and ends where it is refused.
    pub(super) first: bool,
    pub(super) idempotency_key: Option<IdempotencyKey>,
    /// What the site's server wants to be different in this message.
    pub(super) wording: Wording,
}

/// What a site's server may say differently in one message; `None` is as always.
#[derive(Clone, Debug, Default)]
pub(super) struct Wording {
    /// In place of the site's name.
    pub(super) name: Option<String>,
    /// In place of the language that the verification was started in.
    pub(super) locale: Option<String>,
}

/// Whether anything leaves for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// The senders are asked.
    BySenders,
    /// It is a test number: its code is known.
    TestNumber,
    /// The operator has blocked the number.
    Blocked,
    /// A breaker is open for strangers of its prefix or its country.
    Stopped(Option<Stopper>),
}

impl Leaves {
    /// The same once the breakers were asked.
    pub(super) const fn screened(self, screened: &Screened) -> Self {
        match self {
            Self::BySenders if !screened.leaves => Self::Stopped(screened.stopped_by),
            leaves => leaves,
        }
    }
}

/// How a sending ended.
pub(super) enum Sent {
    /// The verification goes on; its view tells the rest. And what is known of waiting.
    GoesOn(Record, Option<Waits>),
    /// The same, though nothing left: operator or provider take it for fraud, whose author learns nothing by it.
    TakenForFraud(Record, Option<Waits>),
    /// The user is told this instead, and nothing was spent.
    Refused(Record, ErrorCode),
}

/// What stands in a sender's place where the number is a test number.
const TEST_NUMBER: &str = "test_number";

impl Engine {
    /// The intent to send by a channel, to be committed first.
    pub(super) fn intent(&self, channel: Channel, now: Timestamp) -> Result<Intent, ApiError> {
        let sender = self.parts.senders.of(channel).first();
        Ok(Intent {
            delivery_id: hex::encode(self.draw_name().map_err(refusal::no_random)?),
            channel,
            sender: sender.map_or("", |sender| sender.name()).to_owned(),
            owner: self.parts.process.clone(),
            lease_until: now + self.parts.policy.sends.lease,
        })
    }

    /// Refuses before anything is written where all senders of a channel are down.
    pub(super) fn require_sender(&self, channel: Channel) -> Result<(), ApiError> {
        let wait = self.parts.senders.wait(channel, self.now());
        if wait.is_zero() {
            return Ok(());
        }
        Err(refusal::sender(ErrorCode::SenderUnavailable, wait))
    }

    /// What the user is told where the sender refused, and when to come back.
    pub(super) fn sender_refused(&self, code: ErrorCode, channel: Channel) -> ApiError {
        refusal::sender(code, self.parts.senders.wait(channel, self.now()))
    }

    /// Sends, and writes what became of it.
    pub(super) async fn send(&self, sending: Sending) -> Sent {
        let (sender, outcome) = self.ask_senders(&sending).await;
        let verdict = Verdict::of(&outcome);
        if verdict.reason == Some(DeliveryReason::OptedOut) {
            self.note_opt_out(&sending.to, &sending.intent.delivery_id).await;
        }
        tracing::info!(
            verification = %sending.record.facts.id,
            delivery = sending.intent.delivery_id,
            site = %sending.site.key,
            channel = %sending.intent.channel,
            sender,
            state = %verdict.state,
            ?outcome,
            "asked to send a code"
        );
        if verdict.is_fraud {
            self.explain_drop(&sending);
        }
        let record = self.settle(&sending, sender, outcome, &verdict).await;
        let waits = Some(sending.waits).filter(|_| !verdict.give_back);
        match verdict.refusal {
            Some(code) => Sent::Refused(record, code),
            None if verdict.is_fraud => Sent::TakenForFraud(record, waits),
            None => Sent::GoesOn(record, waits),
        }
    }

    /// Asks the senders one after the other until one may have sent something.
    async fn ask_senders(&self, sending: &Sending) -> (&'static str, SendOutcome) {
        match sending.leaves {
            Leaves::BySenders => {}
            Leaves::TestNumber => {
                let reference = TEST_NUMBER.to_owned();
                return (TEST_NUMBER, SendOutcome::Accepted { reference });
            }
            Leaves::Blocked => return (BLOCK_LIST, self.as_fraud(sending).await),
            Leaves::Stopped(_) => return (BREAKER, self.as_fraud(sending).await),
        }
        let bound_to = sending
            .record
            .origin
            .as_deref()
            .filter(|_| sending.site.origin_bound);
        let bound_to = bound_to.and_then(BaseUrl::parse);
        let message = Message {
            verification: sending.record.facts.id,
            delivery_id: &sending.intent.delivery_id,
            to: &sending.to,
            channel: sending.intent.channel,
            code: sending.code.carried(),
            site_name: sending.wording.name.as_ref().unwrap_or(&sending.site.name),
            bound_to: bound_to.as_ref().map(BaseUrl::host),
            locale: sending
                .wording
                .locale
                .as_ref()
                .or(sending.record.locale.as_ref())
                .map(String::as_str),
            valid_for: self.now().until(sending.record.facts.expires_at),
        };
        let mut answer = ("", SendOutcome::NotSent);
        let asked_at = Instant::now();
        for sender in self.parts.senders.of(sending.intent.channel) {
            // Past the lease the delivery counts as unknown: nothing new may leave for it.
            let left = self.now().until(sending.intent.lease_until);
            if left.is_zero() {
                break;
            }
            let begun = Instant::now();
            let Some((outcome, change)) = sender.send(&message, left, || self.now()).await else {
                continue;
            };
            let metrics = &self.parts.metrics;
            metrics.sent(sender.name(), message.channel, &outcome, begun.elapsed());
            self.raise_breaker(sender.name(), message.channel, change);
            answer = (sender.name(), outcome);
            if !may_fail_over(&answer.1) {
                break;
            }
            tracing::warn!(sender = answer.0, "the sender cannot send now");
        }
        self.pace.note(sending.intent.channel, asked_at.elapsed());
        answer
    }

    /// What is answered where fraud is suspected: what a sending would be answered, after as long.
    async fn as_fraud(&self, sending: &Sending) -> SendOutcome {
        let mut byte = [0];
        // Without a random byte the wait is as good.
        let _ = self.parts.random.fill(&mut byte);
        tokio::time::sleep(self.pace.of(sending.intent.channel, byte[0])).await;
        SendOutcome::Rejected {
            reason: Some(DeliveryReason::Blocked),
            error: None,
        }
    }

    fn first_look(&self, channel: Channel, sender: &str) -> Option<Duration> {
        let sender = self.parts.senders.named(channel, sender)?;
        Some(sender.tracker()?.first_look())
    }

    /// Writes the outcome. What cannot be written is logged and shown all the same: the message has left or not.
    async fn settle(
        &self,
        sending: &Sending,
        sender: &str,
        outcome: SendOutcome,
        verdict: &Verdict,
    ) -> Record {
        let settle = Settle {
            id: sending.record.facts.id,
            delivery_id: sending.intent.delivery_id.clone(),
            owner: sending.intent.owner.clone(),
            sender: sender.to_owned(),
            now: self.now(),
            state: verdict.state,
            reason: verdict.reason,
            sender_reference: match &outcome {
                SendOutcome::Accepted { reference } => Some(reference.clone()),
                _ => None,
            },
            news: news_of(&outcome),
            look_after: match &outcome {
                SendOutcome::Accepted { .. } => self.first_look(sending.intent.channel, sender),
                _ => None,
            },
            costs_nothing: is_free(&outcome),
            give_back: verdict.give_back.then(|| sending.limits.clone()),
            cancel: verdict.refusal.is_some() && sending.first,
            forget: verdict.refusal.and_then(|_| sending.idempotency_key.clone()),
        };
        match self.parts.store.settle(settle).await {
            Ok(Some(settled)) => {
                if settled.moved {
                    self.raise_settled(sending, &settled.record, &outcome);
                }
                settled.record
            }
            Ok(None) => sending.as_settled(verdict),
            Err(error) => {
                tracing::error!(%error, verification = %sending.record.facts.id, "an outcome is not written");
                sending.as_settled(verdict)
            }
        }
    }
}

impl Sending {
    fn as_settled(&self, verdict: &Verdict) -> Record {
        let mut record = self.record.clone();
        record.facts.delivery_state = verdict.state;
        record.facts.delivery_reason = verdict.reason;
        record
    }
}

/// Another sender may be asked only when this one surely sent nothing and another may do better.
fn may_fail_over(outcome: &SendOutcome) -> bool {
    matches!(
        outcome,
        SendOutcome::NotSent
            | SendOutcome::Unusable
            | SendOutcome::Rejected {
                error: Some(ErrorCode::SenderUnavailable),
                ..
            }
    )
}

/// Whether no provider took it, and so nobody bills it.
const fn is_free(outcome: &SendOutcome) -> bool {
    match outcome {
        SendOutcome::Accepted { .. } | SendOutcome::Unknown => false,
        SendOutcome::Rejected { .. } | SendOutcome::Unusable | SendOutcome::NotSent => true,
    }
}

/// What an outcome means for the verification.
struct Verdict {
    state: DeliveryState,
    reason: Option<DeliveryReason>,
    give_back: bool,
    refusal: Option<ErrorCode>,
    is_fraud: bool,
}

impl Verdict {
    fn of(outcome: &SendOutcome) -> Self {
        let shown = |state| Self {
            state,
            reason: None,
            give_back: false,
            refusal: None,
            is_fraud: false,
        };
        match *outcome {
            // Whom the provider takes for a fraud learns nothing by it, and has spent what was asked for.
            SendOutcome::Rejected {
                reason: Some(DeliveryReason::Blocked),
                error: None,
            } => Self {
                is_fraud: true,
                ..shown(DeliveryState::Accepted)
            },
            SendOutcome::Accepted { .. } => shown(DeliveryState::Accepted),
            SendOutcome::Unknown => shown(DeliveryState::Unknown),
            SendOutcome::Unusable => Self {
                state: DeliveryState::Rejected,
                reason: Some(DeliveryReason::Sender),
                give_back: true,
                refusal: Some(ErrorCode::SenderUnavailable),
                is_fraud: false,
            },
            SendOutcome::Rejected { reason, error } => Self {
                state: DeliveryState::Rejected,
                reason,
                give_back: true,
                refusal: error,
                is_fraud: false,
            },
            SendOutcome::NotSent => Self {
                state: DeliveryState::NotSent,
                reason: None,
                give_back: true,
                refusal: Some(ErrorCode::SenderUnavailable),
                is_fraud: false,
            },
        }
    }
}
