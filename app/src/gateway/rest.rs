//! Contract 1 by `fetch`.

use super::Ticket;
use crate::browser::json::{self, ToJson};
use gloo_net::http::{Method, RequestBuilder};
use phone_verify_domain::{ApiError, CheckRequest, ErrorCode, ResendRequest, StartRequest, View};
use web_sys::{AbortController, RequestCredentials};

pub(super) async fn start(api: &str, request: &StartRequest, key: &str) -> Result<View, ApiError> {
    Call::new(Method::POST, api, None, "")
        .key(key)
        .send(Some(request))
        .await
}

pub(super) async fn resend(
    api: &str,
    ticket: &Ticket,
    request: &ResendRequest,
    key: &str,
) -> Result<View, ApiError> {
    Call::new(Method::POST, api, Some(ticket), "/resend")
        .key(key)
        .send(Some(request))
        .await
}

pub(super) async fn check(api: &str, ticket: &Ticket, request: &CheckRequest) -> Result<View, ApiError> {
    Call::new(Method::POST, api, Some(ticket), "/check")
        .send(Some(request))
        .await
}

pub(super) async fn view(api: &str, ticket: &Ticket) -> Result<View, ApiError> {
    Call::new(Method::GET, api, Some(ticket), "").send(None).await
}

pub(super) async fn cancel(api: &str, ticket: &Ticket) -> Result<View, ApiError> {
    Call::new(Method::DELETE, api, Some(ticket), "").send(None).await
}

/// Aborts the request when the future that waits for it is dropped.
struct Abort(Option<AbortController>);

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

struct Call(RequestBuilder);

impl Call {
    fn new(method: Method, api: &str, ticket: Option<&Ticket>, action: &str) -> Self {
        let mut url = String::from(api);
        url.push_str("/v1/verifications");
        if let Some(ticket) = ticket {
            url.push('/');
            url.push_str(&ticket.id);
            url.push_str(action);
        }
        let mut builder = RequestBuilder::new(&url)
            .method(method)
            .credentials(RequestCredentials::Omit);
        if let Some(ticket) = ticket {
            builder = builder.header("authorization", &["Bearer ", &ticket.secret].concat());
        }
        Self(builder)
    }

    fn key(self, key: &str) -> Self {
        Self(self.0.header("idempotency-key", key))
    }

    async fn send(self, body: Option<&dyn ToJson>) -> Result<View, ApiError> {
        // What is no answer and what is no sensible answer is the same to the user.
        let silent = || ApiError::new(ErrorCode::Unavailable, "");
        let controller = AbortController::new().ok();
        let builder = self
            .0
            .abort_signal(controller.as_ref().map(AbortController::signal).as_ref());
        let _abort = Abort(controller);
        let request = match body {
            Some(body) => builder
                .header("content-type", "application/json")
                .body(json::text(&body.to_json())),
            None => builder.build(),
        };
        let response = request
            .map_err(|_| silent())?
            .send()
            .await
            .map_err(|_| silent())?;
        let text = response.text().await.map_err(|_| silent())?;
        let answer = json::parse(&text).ok_or_else(silent)?;
        if response.ok() {
            json::view(&answer).ok_or_else(silent)
        } else {
            Err(json::problem(&answer).unwrap_or_else(silent))
        }
    }
}
