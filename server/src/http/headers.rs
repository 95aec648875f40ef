//! Headers that every answer carries.

use axum::response::Response;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

/// What one of our own pages is allowed beyond what all are.
#[derive(Clone, Copy, Default)]
pub(crate) struct PagePolicy<'a> {
    /// Of the inline script that ends a page that Leptos renders.
    pub(crate) nonce: Option<&'a str>,
    /// The origin to which an answer to one of the page's forms may lead on: browsers hold redirects to `form-action` too.
    pub(crate) form_target: Option<&'a str>,
    /// Whether a page of this server may stand in a frame of it.
    pub(crate) has_frame: bool,
    /// Whether it may itself stand in a frame of this server's.
    pub(crate) is_framed: bool,
}

/// For our own pages: nothing from elsewhere, in nobody's frame, and nothing inline but what carries this answer's nonce.
/// `'wasm-unsafe-eval'` lets WebAssembly be compiled and nothing else.
pub(crate) fn page_policy(allowed: PagePolicy<'_>) -> Option<HeaderValue> {
    let nonce = allowed
        .nonce
        .map(|nonce| format!(" 'nonce-{nonce}'"))
        .unwrap_or_default();
    let target = allowed
        .form_target
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let frame = if allowed.has_frame {
        "frame-src 'self'; "
    } else {
        ""
    };
    let ancestors = if allowed.is_framed { "'self'" } else { "'none'" };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; {frame}form-action 'self'{target}; base-uri 'none'; \
         frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&policy).ok()
}

/// Whether the answers of a path are kept by nobody, whatever they say themselves.
pub(super) fn is_api(path: &str) -> bool {
    path.starts_with("/v1/")
}

/// Adds them.
pub(super) fn add(response: &mut Response, is_api: bool) {
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
        if let Some(policy) = page_policy(PagePolicy::default()) {
            headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
        }
    }
}
