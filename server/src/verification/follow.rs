use super::Engine;
use crate::senders::News;
use crate::store::{DeliveryReport, OpenDelivery, Record, StoreError};
use futures::StreamExt as _;
use phone_verify_domain::{Channel, DeliveryReason, PhoneNumber, VerificationId};

/// Deliveries that are taken at once.
const TAKEN_AT_ONCE: u32 = 64;

/// Questions that are under way at once.
const ASKED_AT_ONCE: usize = 8;

impl Engine {
    /// Whether any sender can be asked what became of what it sent.
    #[must_use]
    pub fn can_follow(&self) -> bool {
        let channels = [Channel::Sms, Channel::Call];
        channels
            .into_iter()
            .any(|channel| self.parts.senders.can_be_asked(channel))
    }

    /// Asks providers what became of deliveries that are due for it, and ends calls whose verifications have ended; returns how
    /// many were due. Processes that share a store share the work.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn follow(&self) -> Result<usize, StoreError> {
        let due = self.parts.store.take_looks(self.now(), TAKEN_AT_ONCE).await?;
        let count = due.len();
        futures::stream::iter(due)
            .for_each_concurrent(ASKED_AT_ONCE, |delivery| self.ask_about(delivery))
            .await;
        Ok(count)
    }

    /// Ends the calls of a verification that has ended, after the answer to the user.
    pub(super) fn hang_up(&self, record: &Record) {
        // Most verifications never had one, and need not be looked up for it.
        if record.facts.channel == Channel::Call || record.facts.sends_used > 1 {
            self.hang_up_all(vec![record.facts.id]);
        }
    }

    /// The same of several of which no more is known.
    pub(super) fn hang_up_all(&self, ended: Vec<VerificationId>) {
        if ended.is_empty() || !self.parts.senders.can_be_asked(Channel::Call) {
            return;
        }
        let engine = self.clone();
        self.tasks.background(async move {
            for id in ended {
                match engine.parts.store.open_calls(id).await {
                    Ok(calls) => {
                        for call in calls {
                            engine.end_call(call).await;
                        }
                    }
                    // Whoever follows deliveries comes to it later.
                    Err(error) => tracing::warn!(%error, verification = %id, "its calls are not ended"),
                }
            }
        });
    }

    async fn ask_about(&self, delivery: OpenDelivery) {
        if !delivery.is_followed {
            return self.end_call(delivery).await;
        }
        let sender = self.parts.senders.named(delivery.channel, &delivery.sender);
        let sender = sender.filter(|sender| sender.is_up());
        let (Some(tracker), Some(reference)) = (
            sender.and_then(|sender| sender.tracker()),
            &delivery.sender_reference,
        ) else {
            return;
        };
        let news = tracker.look(reference).await;
        self.learn(&delivery, reference, news).await;
    }

    async fn end_call(&self, call: OpenDelivery) {
        let sender = self.parts.senders.named(call.channel, &call.sender);
        let tracker = sender.and_then(|sender| sender.tracker());
        let (Channel::Call, Some(tracker), Some(reference)) = (call.channel, tracker, &call.sender_reference)
        else {
            return;
        };
        let news = tracker.hang_up(reference).await;
        self.learn(&call, reference, news).await;
    }

    async fn learn(&self, delivery: &OpenDelivery, reference: &str, news: Option<News>) {
        let Some(mut news) = news else { return };
        let price = news.price.take();
        let report = DeliveryReport {
            id: delivery.id,
            delivery_id: delivery.delivery_id.clone(),
            sender_reference: reference.to_owned(),
            state: news.state,
            reason: news.reason,
            now: self.now(),
        };
        match self.take_report(report, news.to.as_ref()).await {
            Ok(moved) => {
                tracing::debug!(verification = %delivery.id, state = %news.state, moved, "the provider was asked");
            }
            Err(error) => {
                tracing::warn!(%error, verification = %delivery.id, "what became of a delivery is not written");
            }
        }
        if let Some(price) = price {
            self.learn_price(delivery, reference, price).await;
        }
    }

    /// Takes what a provider says of a delivery, by itself or asked, to `to`; returns whether the delivery moved.
    ///
    /// # Errors
    /// [`StoreError`]; the provider may say it again.
    pub async fn take_report(
        &self,
        report: DeliveryReport,
        to: Option<&PhoneNumber>,
    ) -> Result<bool, StoreError> {
        if let Some(to) = to.filter(|_| report.reason == Some(DeliveryReason::OptedOut)) {
            self.take_opt_out(to, report.sender_reference.clone(), report.now)
                .await?;
        }
        self.report_delivery(report).await
    }
}
