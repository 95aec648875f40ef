use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that says no, in Twilio's shape.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Twilio's number for it.
    pub(crate) code: u32,
    /// For people.
    pub(crate) message: String,
    /// Whether the caller asked for what the public description does not allow. A number that Twilio cannot reach is
    /// none; an unknown parameter is one.
    pub(crate) violation: bool,
}

impl Refusal {
    /// Something that Twilio refuses though it was well asked.
    pub(crate) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            violation: false,
        }
    }

    /// Something that should never have been asked.
    pub(crate) fn violation(code: u32, message: impl Into<String>) -> Self {
        Self {
            violation: true,
            ..Self::new(400, code, message)
        }
    }

    /// Nothing is at `path`.
    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        });
        let mut response = (status, axum::Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Twilio API\""),
            );
        }
        response
    }
}
