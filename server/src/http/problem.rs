//! The one place where refusals become HTTP: problem details after RFC 9457.

use super::json::JsonError;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use phone_verify_domain::{ApiError, ErrorCode, View};
use serde::Serialize;
use serde_json::Value;

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct Problem {
    error: ApiError,
    status: StatusCode,
    authenticate: Option<&'static str>,
    close: bool,
}

/// Left in the response for doors that tell refusals in another shape.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) error: ApiError,
    pub(super) status: StatusCode,
}

/// The body, field by field as contract 1 has it.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a View>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    solver: Option<&'a str>,
}

impl Problem {
    /// A refusal with its detail.
    pub(crate) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        ApiError::new(code, detail).into()
    }

    /// No such route.
    pub(crate) fn no_such_route() -> Self {
        Self::new(ErrorCode::NotFound, "There is nothing at this address.")
    }

    /// Credentials are missing or malformed; `scheme` is the challenge of `WWW-Authenticate`.
    pub(crate) fn unauthorized(scheme: &'static str, detail: &str) -> Self {
        Self {
            authenticate: Some(scheme),
            ..Self::new(ErrorCode::Unauthorized, detail)
        }
    }

    /// The route knows other methods; the router adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            ErrorCode::MethodNotAllowed,
            "This address does not answer to that method; `Allow` names those that it answers to.",
        )
    }

    /// The body did not come in time. The connection is of no further use.
    pub(crate) fn body_too_slow() -> Self {
        Self {
            status: StatusCode::REQUEST_TIMEOUT,
            ..Self::new(
                ErrorCode::InvalidRequest,
                "The body did not arrive within 5 seconds.",
            )
            .closing()
        }
    }

    /// Something here broke; what it was stays in the log.
    pub(crate) fn internal() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            ..Self::new(ErrorCode::Unavailable, "Something went wrong on the server.")
        }
    }

    /// What it says, for a door that tells it in another shape.
    pub(super) fn into_told(self) -> Told {
        Told {
            error: self.error,
            status: self.status,
        }
    }

    /// The same, and the connection is closed after it: the rest of the request is not read.
    pub(crate) fn closing(self) -> Self {
        Self { close: true, ..self }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            error,
            status,
            authenticate: None,
            close: false,
        }
    }
}

impl From<JsonError> for Problem {
    fn from(error: JsonError) -> Self {
        Self::new(ErrorCode::InvalidRequest, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = &self.error;
        let body = Body {
            r#type: format!("urn:phone-verify:error:{}", error.code.as_str()),
            title: error.code.title(),
            status: self.status.as_u16(),
            detail: &error.detail,
            code: error.code.as_str(),
            retry_in: error.retry_in,
            verification: error.verification.as_deref(),
            challenge: error
                .proof
                .as_deref()
                .and_then(|proof| serde_json::from_str(&proof.challenge).ok()),
            solver: error.proof.as_deref().and_then(|proof| proof.solver.as_deref()),
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = error.retry_in {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(scheme) = self.authenticate {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if self.close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response.extensions_mut().insert(Told {
            error: self.error,
            status: self.status,
        });
        response
    }
}
