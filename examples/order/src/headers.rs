use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, InvalidHeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;

/// The Content-Security-Policy of every page: what the widget needs of its server's origin, and this shop's own files.
///
/// # Errors
/// An origin that cannot stand in a header.
pub fn content_security_policy(verify_origin: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' {verify_origin} 'wasm-unsafe-eval'; \
         style-src 'self' {verify_origin}; connect-src {verify_origin}; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy)
}

/// Puts the policy on a page, and keeps a page that holds a session's nonce out of caches.
pub fn protect(mut response: Response, policy: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
