//! One span and one line a request: which route, what came of it, how long. Never a path, a query or a header: they may hold
//! numbers, codes and secrets.

use super::services::Services;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{HeaderValue, Method};
use tokio::time::Instant;
use tracing::Span;

/// A request that is being answered.
pub(super) struct Trace {
    id: String,
    method: Method,
    /// The route, as the router has it: `/v1/verifications/{id}`.
    route: Option<MatchedPath>,
    begun: Instant,
    span: Span,
}

impl Trace {
    /// Of this request, from now on.
    pub(super) fn begin(services: &Services, request: &Request) -> Self {
        let id = request_id(services);
        let method = request.method().clone();
        let route = request.extensions().get::<MatchedPath>().cloned();
        let named = route.as_ref().map(MatchedPath::as_str);
        let span = tracing::info_span!("request", id, %method, route = named);
        Self {
            id,
            method,
            route,
            begun: Instant::now(),
            span,
        }
    }

    /// What its answer is made within.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Writes down what came of it, and names it in the answer.
    pub(super) fn end(self, services: &Services, response: &mut Response) {
        let (status, took) = (response.status().as_u16(), self.begun.elapsed());
        let route = self.route.as_ref().map(MatchedPath::as_str);
        services.metrics.answered(&self.method, route, status, took);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| {
            if status >= 500 {
                tracing::warn!(status, millis, "answered");
            } else {
                tracing::debug!(status, millis, "answered");
            }
        });
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert("x-request-id", id);
        }
    }
}

fn request_id(services: &Services) -> String {
    let mut bytes = [0; 8];
    // A request without a name is better than no answer.
    if services.random.fill(&mut bytes).is_err() {
        return "unnamed".to_owned();
    }
    hex::encode(bytes)
}
