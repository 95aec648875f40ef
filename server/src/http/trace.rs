//! One span and one line a request: which route, what came of it, how long. Never a path, a query or a header: they may hold
//! numbers, codes and secrets.

use super::services::Services;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use tokio::time::Instant;
use tracing::Instrument;

/// Runs the request within its span.
pub(super) async fn trace(State(services): State<Services>, request: Request, next: Next) -> Response {
    let id = request_id(&services);
    let span = tracing::info_span!("request", id, method = %request.method(), route = tracing::field::Empty);
    let begun = Instant::now();
    let method = request.method().clone();
    let mut response = next.run(request).instrument(span.clone()).await;
    let route = response.extensions().get().map(|Route(route)| route.as_str());
    if let Some(route) = route {
        span.record("route", route);
    }
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    services.metrics.answered(&method, route, status, took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if status >= 500 {
            tracing::warn!(status, millis, "answered");
        } else {
            tracing::debug!(status, millis, "answered");
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// The route that answered, as the router has it: `/v1/verifications/{id}`.
#[derive(Clone)]
struct Route(String);

/// Leaves the route's own pattern for [`trace`], which stands before the router and cannot know it.
pub(super) async fn name_route(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| Route(path.as_str().to_owned()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

fn request_id(services: &Services) -> String {
    let mut bytes = [0; 8];
    // A request without a name is better than no answer.
    if services.random.fill(&mut bytes).is_err() {
        return "unnamed".to_owned();
    }
    hex::encode(bytes)
}
