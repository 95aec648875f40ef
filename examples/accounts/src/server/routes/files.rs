//! What browsers load.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// The path of this app's style sheet.
pub(in crate::server) const STYLE: &str = "/app/accounts.css";

static STYLE_FILE: LazyLock<File> =
    LazyLock::new(|| File::new(include_bytes!("../../../style.css"), "text/css"));

static SCRIPT_FILE: LazyLock<File> = LazyLock::new(|| {
    File::new(
        include_bytes!(concat!(env!("OUT_DIR"), "/accounts.js")),
        "text/javascript",
    )
});

static WASM_FILE: LazyLock<File> = LazyLock::new(|| {
    File::new(
        include_bytes!(concat!(env!("OUT_DIR"), "/accounts.wasm")),
        "application/wasm",
    )
});

/// The path of the module that starts the wasm, where it was built.
pub(in crate::server) fn script_path() -> Option<&'static str> {
    (!SCRIPT_FILE.bytes.is_empty()).then_some("/app/accounts.js")
}

pub(super) async fn style(headers: HeaderMap) -> Response {
    STYLE_FILE.answer(&headers)
}

pub(super) async fn script(headers: HeaderMap) -> Response {
    SCRIPT_FILE.answer(&headers)
}

pub(super) async fn wasm(headers: HeaderMap) -> Response {
    WASM_FILE.answer(&headers)
}

struct File {
    bytes: &'static [u8],
    content_type: &'static str,
    tag: String,
}

impl File {
    fn new(bytes: &'static [u8], content_type: &'static str) -> Self {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        Self {
            bytes,
            content_type,
            tag: format!("\"{hash}\""),
        }
    }

    /// The file, or that the browser has it.
    fn answer(&self, headers: &HeaderMap) -> Response {
        if self.bytes.is_empty() {
            return (StatusCode::NOT_FOUND, "Run `cargo xtask accounts`.\n").into_response();
        }
        let known = headers
            .get(IF_NONE_MATCH)
            .is_some_and(|known| known.as_bytes() == self.tag.as_bytes());
        let fields = [
            (CONTENT_TYPE, self.content_type),
            (CACHE_CONTROL, "no-cache"),
            (ETAG, self.tag.as_str()),
        ];
        if known {
            (StatusCode::NOT_MODIFIED, fields).into_response()
        } else {
            (fields, self.bytes).into_response()
        }
    }
}
