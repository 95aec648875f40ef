//! What passes before any route: only this app's own pages may change anything.

use super::Accounts;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, REFERER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// Where server functions are, which talk JSON; all other routes take forms.
const FUNCTIONS: &str = "/api/";

/// Refuses what no page of this app has sent.
pub(super) async fn guard(State(accounts): State<Accounts>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    if !accounts.embedded.is_own_page(request.headers()) {
        return (
            StatusCode::FORBIDDEN,
            "Only this app's own pages may send this.\n",
        )
            .into_response();
    }
    let is_function = request.uri().path().starts_with(FUNCTIONS);
    let wanted = if is_function {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    if !is_plain(request.headers(), wanted) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("Send {wanted}.\n")).into_response();
    }
    if is_function {
        // Leptos would answer whoever asks for HTML by a redirect to where they say they came from.
        request.headers_mut().remove(REFERER);
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
    next.run(request).await
}

/// Whether a body is of this one type and not encoded.
fn is_plain(headers: &HeaderMap, wanted: &str) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let essence = types.next().and_then(|value| value.to_str().ok());
    let essence = essence
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(wanted)
        && types.next().is_none()
        && !headers.contains_key(CONTENT_ENCODING)
}
