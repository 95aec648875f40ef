//! What pages of other origins may read: everything of the browser API, without credentials (contract 1). Whether an origin
//! may use a site is decided on the request itself, so that the page can read the refusal.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
};
use http::{HeaderValue, Method, StatusCode};

/// Two hours: browsers keep a preflight no longer.
const MAX_AGE_SECONDS: &str = "7200";

/// Whether other origins' pages call this path.
pub(super) fn is_open(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/") || path.starts_with("/embed/v1/") || path == super::jwks::PATH
}

/// The answer to a preflight, where a request to such a path is one.
pub(super) fn preflight(request: &Request) -> Option<Response> {
    let is_one =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let fixed = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type, idempotency-key",
        ),
        (ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS),
    ];
    is_one.then(|| (StatusCode::NO_CONTENT, fixed).into_response())
}

/// Opens an answer of such a path.
pub(super) fn open(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after"),
    );
}
