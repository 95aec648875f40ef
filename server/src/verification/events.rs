use super::Engine;
use super::send::Sending;
use super::token::kept_number;
use crate::hooks::{BreakerEvent, DeliveryEvent, Event, LeftAlone, VerificationEvent};
use crate::limits::Turned;
use crate::numbers;
use crate::senders::SendOutcome;
use crate::senders::breaker::Change;
use crate::store::{BreakerName, BreakerNews, DeliveryNews, DeliveryReport, Record, Screened, StoreError};
use phone_verify_domain::{Channel, DeliveryReason, PhoneNumber, Timestamp, VerificationId};

impl Engine {
    /// Tells of a verification whose number is in hand.
    pub(super) fn raise_started(&self, record: &Record, number: &PhoneNumber) {
        self.parts.metrics.started(record.facts.channel, record.country);
        self.parts.hooks.raise(|numbers| {
            let number = numbers.then(|| number.clone());
            Event::VerificationStarted(VerificationEvent::of(record, self.now(), number))
        });
    }

    /// Tells of a number that is proved.
    pub(super) fn raise_approved(&self, record: &Record) {
        self.parts.metrics.approved(record.facts.channel, record.country);
        self.raise_of(record, Event::VerificationApproved);
    }

    /// Tells of a verification as it is kept.
    pub(super) fn raise_of(&self, record: &Record, kind: fn(VerificationEvent) -> Event) {
        self.raise_at(record, self.now(), kind);
    }

    fn raise_at(&self, record: &Record, at: Timestamp, kind: fn(VerificationEvent) -> Event) {
        self.parts.hooks.raise(|numbers| {
            let number = numbers.then(|| self.number_kept(record)).flatten();
            kind(VerificationEvent::of(record, at, number))
        });
    }

    /// Tells what a sender answered, once it is written.
    pub(super) fn raise_settled(&self, sending: &Sending, record: &Record, outcome: &SendOutcome) {
        let Some(news) = news_of(outcome) else {
            return;
        };
        let (kind, reason) = hook_event(news);
        self.parts.hooks.raise(|numbers| {
            let number = numbers.then(|| sending.to.clone());
            kind(DeliveryEvent {
                verification: VerificationEvent::of(record, self.now(), number),
                delivery: sending.intent.delivery_id.clone(),
                reason,
            })
        });
    }

    /// Tells of a sender that went down, or works again.
    pub(super) fn raise_breaker(&self, sender: &'static str, channel: Channel, change: Option<Change>) {
        let kind = match change {
            Some(Change::Opened) => Event::BreakerOpened,
            Some(Change::Closed) => Event::BreakerClosed,
            None => return,
        };
        let at = self.now();
        let what = LeftAlone::Sender {
            name: sender,
            channel,
        };
        let event = kind(BreakerEvent { at, what });
        if self.parts.sites.iter().any(|site| site.webhook.is_some()) {
            let (store, kind) = (self.parts.store.clone(), event.kind());
            self.tasks.background(async move {
                let news = BreakerNews {
                    kind,
                    at,
                    sender,
                    channel,
                };
                if let Err(error) = store.announce_breaker(news).await {
                    tracing::warn!(%error, sender, "sites are not told of a sender");
                }
            });
        }
        self.parts.hooks.raise(|_| event);
    }

    /// Tells of breakers of prefixes and countries that turned; sites are told by the transaction in which they did.
    pub(super) fn raise_turns(&self, screened: &Screened) {
        for turn in &screened.turns {
            let (kind, word): (fn(BreakerEvent) -> Event, _) = match turn.turned {
                Turned::Opened => (
                    Event::BreakerOpened,
                    "strangers get no messages: too few codes came back",
                ),
                Turned::Closed => (
                    Event::BreakerClosed,
                    "strangers get messages again: enough codes came back",
                ),
            };
            let prefix = match turn.name {
                BreakerName::Prefix(key) => Some(key.0),
                BreakerName::Country(_) => None,
            };
            let country = turn.country;
            tracing::warn!(%country, breaker = turn.name.to_text(), "{word}");
            let what = LeftAlone::Strangers { country, prefix };
            let at = self.now();
            self.parts.hooks.raise(|_| kind(BreakerEvent { at, what }));
        }
    }

    /// Takes what a provider reports of a delivery; returns whether it moved.
    ///
    /// # Errors
    /// [`StoreError`]; the provider may report again.
    pub(super) async fn report_delivery(&self, report: DeliveryReport) -> Result<bool, StoreError> {
        let reported = self.parts.store.delivery_report(report.clone()).await?;
        if reported.moved() {
            self.parts.metrics.reported(report.state, report.reason);
        }
        let news = reported.news(report.state, report.reason);
        let kind = news.map(|news| hook_event(news).0);
        if let Some(kind) = kind.filter(|_| self.parts.hooks.are_heard()) {
            self.raise_reported(&report, kind).await;
        }
        Ok(reported.moved())
    }

    async fn raise_reported(&self, report: &DeliveryReport, kind: fn(DeliveryEvent) -> Event) {
        let record = match self.parts.store.find(report.id).await {
            Ok(Some(record)) => record,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, verification = %report.id, "an event is lost");
                return;
            }
        };
        self.parts.hooks.raise(|numbers| {
            let number = numbers.then(|| self.number_kept(&record)).flatten();
            kind(DeliveryEvent {
                verification: VerificationEvent::of(&record, report.now, number),
                delivery: report.delivery_id.clone(),
                reason: report.reason,
            })
        });
    }

    pub(super) async fn raise_expired(&self, expired: Vec<VerificationId>) {
        if !self.parts.hooks.are_heard() {
            return;
        }
        for id in expired {
            match self.parts.store.find(id).await {
                Ok(Some(record)) => {
                    self.raise_at(&record, record.facts.expires_at, Event::VerificationExpired);
                }
                // Erased meanwhile.
                Ok(None) => {}
                Err(error) => tracing::error!(%error, verification = %id, "an event is lost"),
            }
        }
    }

    fn number_kept(&self, record: &Record) -> Option<PhoneNumber> {
        let kept = kept_number(&self.parts.keys, record).ok().flatten()?;
        Some(numbers::parse(&kept, None).ok()?.number)
    }
}

/// What is told of a sending with this outcome; what may have left is told when its provider reports it.
pub(super) fn news_of(outcome: &SendOutcome) -> Option<DeliveryNews> {
    match outcome {
        SendOutcome::Accepted { .. } => Some(DeliveryNews::Sent),
        SendOutcome::Rejected { reason, .. } => Some(DeliveryNews::Failed(*reason)),
        SendOutcome::Unusable => Some(DeliveryNews::Failed(Some(DeliveryReason::Sender))),
        SendOutcome::NotSent => Some(DeliveryNews::Failed(None)),
        SendOutcome::Unknown => None,
    }
}

fn hook_event(news: DeliveryNews) -> (fn(DeliveryEvent) -> Event, Option<DeliveryReason>) {
    match news {
        DeliveryNews::Sent => (Event::DeliverySent, None),
        DeliveryNews::Failed(reason) => (Event::DeliveryFailed, reason),
    }
}
