use super::Webhook;
use super::schedule::pause_after;
use crate::clock::Clock;
use crate::keys::Keys;
use crate::store::{AfterAttempt, DueWebhook, Store, StoreError, WebhookAttempt};
use futures::future::join_all;
use phone_verify_domain::SiteKey;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a receiver may take (contract 2).
const PATIENCE: Duration = Duration::from_secs(15);

/// How long nobody else tries what one process is trying: longer than the attempt and the writing of what came of it.
const LEASE: Duration = Duration::from_secs(25);

/// Requests to one site at once.
const AT_ONCE: u32 = 8;

/// Sends events to the servers of sites while this server runs; what is due goes out at its start.
pub struct Dispatcher {
    /// What is to be sent.
    pub store: Arc<dyn Store>,
    /// What opens numbers.
    pub keys: Arc<Keys>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What sends; it must follow no redirects.
    pub http: reqwest::Client,
    /// Where to.
    pub sites: Vec<(SiteKey, Webhook)>,
    /// The pause after which is looked again where nothing was due.
    pub every: Duration,
}

impl Dispatcher {
    /// Sends until `stop` holds `true` or its sender is gone. A site whose server hangs keeps no other site waiting.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let sites = self.sites.iter();
        join_all(sites.map(|(site, webhook)| self.serve(site, webhook, stop.clone()))).await;
    }

    async fn serve(&self, site: &SiteKey, webhook: &Webhook, mut stop: watch::Receiver<bool>) {
        loop {
            let round = async {
                match self.round(site, webhook).await {
                    Ok(0) => tokio::time::sleep(self.every).await,
                    // There may be more.
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(%error, %site, "webhooks are not sent");
                        tokio::time::sleep(self.every).await;
                    }
                }
            };
            tokio::select! {
                // What is cut off in the middle is due again.
                _ = stop.wait_for(|stop| *stop) => return,
                () = round => {}
            }
        }
    }

    /// Tries what is due; says how much it was.
    async fn round(&self, site: &SiteKey, webhook: &Webhook) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let due = self.store.take_webhooks(site, now, now + LEASE, AT_ONCE).await?;
        let tried = join_all(due.iter().map(|event| self.try_one(webhook, event))).await;
        tried.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(due.len())
    }

    async fn try_one(&self, webhook: &Webhook, event: &DueWebhook) -> Result<(), StoreError> {
        let answer = self.send(webhook, event).await;
        let attempts = event.attempts.saturating_add(1);
        let now = self.clock.now();
        let next = match (answer, pause_after(attempts)) {
            (Some(200..300), _) => AfterAttempt::Taken,
            (_, Some(pause)) => AfterAttempt::Again(now + pause),
            (_, None) => AfterAttempt::GivenUp,
        };
        let (webhook, kind, site) = (&event.id, event.kind.as_str(), &event.site);
        match next {
            AfterAttempt::Taken => tracing::debug!(webhook, kind, %site, attempts, "a webhook was taken"),
            AfterAttempt::Again(_) => {
                tracing::info!(webhook, kind, %site, attempts, answer, "a webhook was not taken");
            }
            AfterAttempt::GivenUp => tracing::error!(
                webhook,
                kind,
                %site,
                attempts,
                answer,
                "a webhook is given up: `phone-verify webhooks replay` sends it again"
            ),
        }
        let attempt = WebhookAttempt {
            id: event.id.clone(),
            lease_until: event.lease_until,
            now,
            answer,
            next,
        };
        self.store.webhook_tried(attempt).await
    }

    /// Makes one request; the HTTP status of its answer. Neither address nor body are logged: either may hold a secret.
    async fn send(&self, webhook: &Webhook, event: &DueWebhook) -> Option<u16> {
        let body = self.body(event)?;
        let seconds = self.clock.now().as_millis().div_euclid(1_000);
        let request = self
            .http
            .post(webhook.url.clone())
            .timeout(PATIENCE)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", seconds.to_string())
            .header(
                "webhook-signature",
                webhook.secret.sign(&event.id, seconds, &body),
            )
            .body(body);
        Some(request.send().await.ok()?.status().as_u16())
    }

    /// What is sent: the event, with the number where it goes with it.
    fn body(&self, event: &DueWebhook) -> Option<String> {
        let Some((index, sealed)) = &event.number else {
            return Some(event.body.clone());
        };
        let number = self.keys.open_number(&event.site, *index, sealed);
        let number = number
            .inspect_err(|error| tracing::error!(%error, webhook = event.id, "a number cannot be read"))
            .ok()?;
        let mut body: Value = serde_json::from_str(&event.body).ok()?;
        body["data"]["phone_number"] = Value::String(number.as_str().to_owned());
        Some(body.to_string())
    }
}
