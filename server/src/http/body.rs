//! JSON bodies: of the right type, small, in time, and without anything that two parsers could read in two ways.

use super::json;
use super::problem::Problem;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use phone_verify_domain::ErrorCode;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The longest body, in bytes (contract 1).
pub(super) const MAX_BYTES: usize = 8 * 1024;

/// How long a body may take, however it is dripped (contract 5).
const MAX_TIME: Duration = Duration::from_secs(5);

/// A JSON body of the documented shape.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read_json(&parts.headers, body).await?;
        Ok(Self(json::read(&bytes)?))
    }
}

/// The whole body of a request that says that it is JSON.
pub(super) async fn read_json(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    require_plain_json(headers)?;
    read(headers, body, MAX_BYTES).await
}

/// `application/json`, with or without a charset, and not encoded.
fn require_plain_json(headers: &HeaderMap) -> Result<(), Problem> {
    let refuse = |detail: &str| {
        // The body is not looked at, so nothing after it on this connection can be trusted to be a request.
        Err(Problem::new(ErrorCode::UnsupportedMediaType, detail).closing())
    };
    if headers.contains_key(CONTENT_ENCODING) {
        return refuse("The body must not be encoded: leave `Content-Encoding` out.");
    }
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    match (types.next().and_then(|value| value.to_str().ok()), types.next()) {
        (Some(value), None) if is_json(value) => Ok(()),
        _ => refuse("The body must be JSON: set `Content-Type: application/json`."),
    }
}

pub(super) fn is_json(content_type: &str) -> bool {
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let parameter_is_charset = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or_default().trim();
        name.is_empty() || name.eq_ignore_ascii_case("charset")
    };
    essence.trim().eq_ignore_ascii_case("application/json") && parameters.split(';').all(parameter_is_charset)
}

/// The whole body: not longer than `max_bytes`, and in time.
pub(super) async fn read(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::new(
            ErrorCode::TooLarge,
            format!("The body is larger than {max_bytes} bytes."),
        )
        .closing()
    };
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > max_bytes as u64) {
        return Err(too_large());
    }
    let collected = tokio::time::timeout(MAX_TIME, Limited::new(body, max_bytes).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(ErrorCode::InvalidRequest, "The body broke off.").closing()),
        Err(_) => Err(Problem::body_too_slow()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_application_json_with_at_most_a_charset() {
        for json in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"utf-8\"",
            "application/json;",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in [
            "",
            "text/json",
            "text/plain",
            "application/json, text/plain",
            "application/jsonp",
            "application/json; boundary=x",
            "application/problem+json",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is_json(other), "{other}");
        }
    }
}
