//! Contract 1 by `fetch`.

use super::{Ask, proof};
use crate::browser::json::{self, ToJson};
use gloo_net::http::{Method, Request, RequestBuilder};
use phone_verify_domain::{ApiError, ErrorCode, View};
use web_sys::{AbortController, RequestCredentials};

/// Aborts the request when the future that waits for it is dropped.
struct Abort(Option<AbortController>);

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// A request that has not been sent yet.
pub(super) struct Unsent(Option<Request>, Abort);

pub(super) fn request(api: &str, ask: &Ask) -> Unsent {
    let (method, ticket, action, key, body) = match ask {
        Ask::Start(body, key) => (Method::POST, None, "", Some(key), Some(body.to_json())),
        Ask::Resend(ticket, body, key) => (
            Method::POST,
            Some(ticket),
            "/resend",
            Some(key),
            Some(body.to_json()),
        ),
        Ask::Check(ticket, body) => (Method::POST, Some(ticket), "/check", None, Some(body.to_json())),
        Ask::View(ticket) => (Method::GET, Some(ticket), "", None, None),
        Ask::Cancel(ticket) => (Method::DELETE, Some(ticket), "", None, None),
    };
    let id = ticket.map_or(String::new(), |ticket| ["/", &ticket.id].concat());
    let abort = Abort(AbortController::new().ok());
    let mut builder = RequestBuilder::new(&[api, "/v1/verifications", &id, action].concat())
        .method(method)
        .credentials(RequestCredentials::Omit)
        .abort_signal(abort.0.as_ref().map(AbortController::signal).as_ref());
    if let Some(ticket) = ticket {
        builder = builder.header("authorization", &["Bearer ", &ticket.secret].concat());
    }
    if let Some(key) = key {
        builder = builder.header("idempotency-key", key);
    }
    let request = match body {
        Some(body) => builder
            .header("content-type", "application/json")
            .body(json::text(&body)),
        None => builder.build(),
    };
    Unsent(request.ok(), abort)
}

pub(super) async fn ask(Unsent(request, abort): Unsent) -> Result<View, ApiError> {
    let answer = fetch(request).await;
    drop(abort);
    // What is no answer and what is no sensible answer is the same to the user.
    answer.unwrap_or_else(|| Err(ApiError::new(ErrorCode::Unavailable, "")))
}

async fn fetch(request: Option<Request>) -> Option<Result<View, ApiError>> {
    let answer = proof::answer(request?.into()).await?;
    // No problem has the members of a view.
    json::view(&answer)
        .map(Ok)
        .or_else(|| json::problem(&answer).map(Err))
}
