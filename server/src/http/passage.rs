//! What every request passes on its way in, and its answer on its way out.
//!
//! One layer, not one for each step: a layer is boxed, cloned for each request and polled through whenever the answer's work
//! goes on.

use super::problem::Problem;
use super::services::Services;
use super::trace::Trace;
use super::{cors, headers, host_guard, verify_v2};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use tracing::Instrument as _;

/// From trace to panics, as the module above draws it.
pub(super) async fn pass(State(services): State<Services>, request: Request, next: Next) -> Response {
    let trace = Trace::begin(&services, &request);
    let answer = with_headers(&services, request, next).instrument(trace.span());
    let mut response = answer.await;
    trace.end(&services, &mut response);
    response
}

async fn with_headers(services: &Services, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (is_api, is_twilio_s) = (headers::is_api(path), verify_v2::is_asked(path));
    let mut response = match host_guard::refusal(&services.hosts_answered, &request) {
        Some(problem) => problem.into_response(),
        None => for_other_origins(request, next).await,
    };
    if is_twilio_s {
        verify_v2::tell_as_twilio(&mut response);
    }
    headers::add(&mut response, is_api);
    response
}

async fn for_other_origins(request: Request, next: Next) -> Response {
    if !cors::is_open(request.uri().path()) {
        return whatever_happens(request, next).await;
    }
    let mut response = match cors::preflight(&request) {
        Some(response) => response,
        None => whatever_happens(request, next).await,
    };
    cors::open(&mut response);
    response
}

/// What panicked is in the log; nobody outside learns of it.
async fn whatever_happens(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| Problem::internal().into_response())
}
