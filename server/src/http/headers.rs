//! Headers that every answer carries.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

/// For our own pages: nothing from elsewhere, in nobody's frame, and nothing inline but what carries this answer's nonce.
/// `'wasm-unsafe-eval'` lets WebAssembly be compiled and nothing else. `form_target` is the origin to which an answer to one of
/// the page's forms may lead on: browsers hold redirects to `form-action` too.
pub(super) fn page_policy(nonce: Option<&str>, form_target: Option<&str>) -> Option<HeaderValue> {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let target = form_target.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'{target}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

/// Adds them.
pub(super) async fn add(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/v1/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_api || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let Some(policy) = page_policy(None, None) {
            headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
        }
    }
    response
}
