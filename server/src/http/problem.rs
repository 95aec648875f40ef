//! The one place where refusals become HTTP: problem details after RFC 9457.

use super::json::JsonError;
use super::openapi::one_of;
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

/// A refusal: problem details after RFC 9457.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    /// `urn:phone-verify:error:` and `code`.
    r#type: String,
    /// In short, for developers.
    title: &'static str,
    /// The answer's own.
    status: u16,
    /// What exactly is wrong, for developers.
    detail: &'a str,
    /// The fixed word to decide by.
    #[schema(schema_with = code_words)]
    code: &'static str,
    /// After how many seconds another try may succeed, where waiting helps.
    #[schema(minimum = 1)]
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_in: Option<u64>,
    /// The verification that it is about.
    #[schema(value_type = View)]
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a View>,
    /// With `challenge_required`: ALTCHA's challenge, protocol version 2.
    #[schema(value_type = Object)]
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Value>,
    /// With `challenge_required`: the path of the script that does the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    solver: Option<&'a str>,
}

fn code_words() -> utoipa::openapi::Object {
    one_of(ErrorCode::ALL.iter().map(|code| code.as_str()))
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
