//! Twilio asked what became of a message or call: where its reports cannot get here, or one never came.

use super::client::{Attempt, Client, Resource, log};
use super::error::Reaction;
use super::price::price_of;
use super::report::Report;
use crate::numbers;
use crate::senders::{News, Tracker};
use std::sync::Arc;
use std::time::Duration;

/// How long one answer may take. Nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a call answers once it cannot be canceled any more: it was taken, or is over.
const NOT_RINGING: u32 = 21220;

/// Asks for one kind of resource of the account.
pub(super) struct Lookout {
    client: Arc<Client>,
    resource: Resource,
    first_look: Duration,
}

impl Lookout {
    /// The first look where Twilio reports by itself: what arrives does so within seconds, and its report after it.
    const AFTER_REPORTS: Duration = Duration::from_secs(45);
    /// The first look where it cannot. With each pause twice the one before, a message is looked at after 2, 6, 14, 30, … s: each
    /// time shortly before a widget looks (3, 8, 20, 45, 90 s).
    const WITHOUT_REPORTS: Duration = Duration::from_secs(2);

    pub(super) fn new(client: Arc<Client>, resource: Resource, twilio_reports: bool) -> Self {
        let first_look = if twilio_reports {
            Self::AFTER_REPORTS
        } else {
            Self::WITHOUT_REPORTS
        };
        Self {
            client,
            resource,
            first_look,
        }
    }

    fn news(&self, body: &[u8]) -> Option<News> {
        let report = Report::of_resource(self.resource, body)?;
        let to = report.to.as_deref().and_then(|to| numbers::parse(to, None).ok());
        Some(News {
            state: report.state,
            reason: report.reason,
            to: to.map(|to| to.number),
            price: price_of(body),
        })
    }
}

#[async_trait::async_trait]
impl Tracker for Lookout {
    fn first_look(&self) -> Duration {
        self.first_look
    }

    async fn look(&self, reference: &str) -> Option<News> {
        let url = self.client.url_of(self.resource, reference);
        match self.client.fetch(&url, PATIENCE).await {
            Ok(body) => self.news(&body),
            Err(error) => {
                tracing::info!(delivery = reference, %error, "Twilio does not say what became of it");
                None
            }
        }
    }

    async fn hang_up(&self, reference: &str) -> Option<News> {
        if self.resource != Resource::Calls {
            return None;
        }
        let url = self.client.url_of(self.resource, reference);
        // `canceled` ends what is queued or rings; `completed` would cut off whoever has taken the call.
        let form = [("Status", "canceled".to_owned())];
        match self.client.ask(&url, &form, reference).await {
            Attempt::Taken(body) => self.news(&body),
            Attempt::Refused(refusal) if refusal.code == Some(NOT_RINGING) => None,
            Attempt::Refused(refusal) => {
                log(&refusal, Reaction::to(refusal.status, refusal.code), reference);
                None
            }
            Attempt::NotConnected(_) | Attempt::Lost(_) => {
                tracing::warn!(delivery = reference, "a call may go on ringing");
                None
            }
        }
    }
}
