use super::Metrics;
use super::labels::SentBy;
use crate::store::Store;
use crate::verification::Engine;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::text;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// `OpenMetrics` 1.0, which Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `/metrics`, for a listener of its own.
#[derive(Clone)]
pub struct Page {
    metrics: Metrics,
    engine: Engine,
    store: Arc<dyn Store>,
}

impl Page {
    /// The page of what was counted, of the engine's senders, and of what waits in the store.
    #[must_use]
    pub fn new(metrics: Metrics, engine: Engine, store: Arc<dyn Store>) -> Self {
        Self {
            metrics,
            engine,
            store,
        }
    }

    /// The one route.
    pub fn routes(self) -> Router {
        Router::new().route("/metrics", get(scrape)).with_state(self)
    }

    /// Looks at what nobody counts while it happens.
    async fn look(&self) {
        let families = &self.metrics.0;
        for (channel, sender, is_up) in self.engine.sender_states() {
            let channel = channel.as_str();
            let up = families
                .sender_up
                .get_or_create_owned(&SentBy { sender, channel });
            up.set(i64::from(is_up));
        }
        if let Some(written) = self.store.written() {
            families.commits.inner().store(written.commits, Ordering::Relaxed);
            families
                .committed
                .inner()
                .store(written.operations, Ordering::Relaxed);
        }
        // A database that does not answer is counted as such; the rest is told all the same.
        if let Ok(waiting) = self.store.webhooks_waiting().await {
            let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
            families.webhooks_waiting.set(waiting);
        }
    }
}

async fn scrape(State(page): State<Page>) -> Response {
    page.look().await;
    let mut body = String::new();
    match text::encode(&mut body, &page.metrics.0.registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
