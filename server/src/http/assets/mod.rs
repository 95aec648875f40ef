//! What browsers load: compiled in, compressed beforehand, named by content where it may be kept for ever.

mod embedded;
mod former;
mod negotiate;

use super::problem::Problem;
use super::services::Services;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use embedded::{FILES, File, NAMES};
use former::Former;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use negotiate::Encoding;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// A name with the content's hash in it never means anything else.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A name that stays while the content changes.
const ASK_EACH_TIME: &str = "no-cache";

/// The files of this release, and of the releases before it.
#[derive(Clone)]
pub struct Assets(Arc<Inner>);

struct Inner {
    by_path: HashMap<&'static str, &'static File>,
    by_name: HashMap<&'static str, &'static str>,
    former: Former,
}

impl Assets {
    /// Copies what other people's pages may keep referring to into `folder`, and serves what earlier releases left there.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        Ok(Self(Arc::new(Inner {
            by_path: FILES.iter().map(|file| (file.path, file)).collect(),
            by_name: NAMES.iter().copied().collect(),
            former: Former::open(folder, FILES)?,
        })))
    }

    /// Whether the files were there when the binary was compiled.
    #[must_use]
    pub fn are_built(&self) -> bool {
        !FILES.is_empty()
    }

    /// The path of a file that is known by a fixed name, as in `pages.js`.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<&'static str> {
        self.0.by_name.get(name).copied()
    }
}

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/embed/v1/{file}", get(serve))
        .route("/pkg/{*path}", get(serve))
        .route("/static/{*path}", get(serve))
}

async fn serve(State(services): State<Services>, uri: Uri, headers: HeaderMap) -> Response {
    let assets = &services.assets.0;
    if let Some(file) = assets.by_path.get(uri.path()) {
        return respond(file, &headers);
    }
    if let Some(found) = assets.former.find(uri.path(), Encoding::accepted(&headers)).await {
        return found;
    }
    if FILES.is_empty() {
        return (
            StatusCode::NOT_FOUND,
            "The browser's files are not in this binary: run `cargo xtask build`.\n",
        )
            .into_response();
    }
    Problem::no_such_route().into_response()
}

fn respond(file: &'static File, headers: &HeaderMap) -> Response {
    let (encoding, bytes) = Encoding::accepted(headers)
        .into_iter()
        .find_map(|encoding| Some((Some(encoding), file.encoded(encoding)?)))
        .unwrap_or((None, file.bytes));
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{}\"", file.etag, encoding.suffix()),
        None => format!("\"{}\"", file.etag),
    };
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(bytes).into_response()
    };
    let lifetime = if file.immutable { FOR_EVER } else { ASK_EACH_TIME };
    describe(response.headers_mut(), file.content_type, lifetime, encoding);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn describe(
    headers: &mut HeaderMap,
    content_type: &'static str,
    lifetime: &'static str,
    encoding: Option<Encoding>,
) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(lifetime));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
}

/// Whether the browser has this very content (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
