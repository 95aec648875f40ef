//! Refusals as Twilio tells them: `{code, message, more_info, status}`.

use crate::http::problem::{Problem, Told};
use crate::verification::ServiceRefusal;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use phone_verify_domain::{ApiError, ErrorCode, Status};
use serde::Serialize;

/// Where Twilio explains its error codes.
const EXPLAINED: &str = "https://www.twilio.com/docs/errors/";

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: u32,
    message: String,
    /// Seconds.
    retry_in: Option<u64>,
}

/// A refusal as Twilio tells it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioRefusal)]
pub(in crate::http) struct Body<'a> {
    /// Twilio's number for it.
    code: u32,
    /// What is wrong, for developers.
    message: &'a str,
    /// Where Twilio explains it.
    more_info: String,
    /// The answer's own.
    status: u16,
}

impl Refusal {
    fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_in: None,
        }
    }

    /// Nobody whom the server knows.
    pub(super) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
    }

    /// No such service, verification or attempt, or one that is over. What was asked for is not repeated: it may be a number.
    pub(super) fn not_found() -> Self {
        let message = "The requested resource was not found";
        Self::new(StatusCode::NOT_FOUND, 20404, message)
    }

    /// A parameter that cannot be used.
    pub(super) fn invalid(parameter: &str, why: &str) -> Self {
        let message = format!("Invalid parameter `{parameter}`: {why}");
        Self::new(StatusCode::BAD_REQUEST, 60200, message)
    }

    /// A parameter that is not there.
    pub(super) fn missing(parameter: &str) -> Self {
        let message = format!("Missing required parameter {parameter}");
        Self::new(StatusCode::BAD_REQUEST, 60200, message)
    }

    /// Why nothing was started or sent again.
    pub(super) fn of_start(refusal: ServiceRefusal) -> Self {
        if let ServiceRefusal::Refused(error) = &refusal
            && error.code == ErrorCode::TooManyRequests
            && let Some(view) = &error.verification
            && (view.status, view.sends_left) == (Status::Pending, 0)
        {
            let message = "Max send attempts reached";
            return Self::new(StatusCode::TOO_MANY_REQUESTS, 60203, message);
        }
        refusal.into()
    }
}

impl From<ServiceRefusal> for Refusal {
    fn from(refusal: ServiceRefusal) -> Self {
        match refusal {
            ServiceRefusal::Refused(error) => Self::from(&error),
            ServiceRefusal::Fraud => {
                let message = "The destination phone number has been temporarily blocked because of fraudulent activities";
                Self::new(StatusCode::FORBIDDEN, 60410, message)
            }
            ServiceRefusal::NotTextable => {
                let message = "SMS is not supported by landline phone number";
                Self::new(StatusCode::BAD_REQUEST, 60205, message)
            }
            ServiceRefusal::Unreachable => Self::invalid("To", "the number cannot be reached"),
        }
    }
}

impl From<&ApiError> for Refusal {
    fn from(error: &ApiError) -> Self {
        let status = |status| StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let refusal = match error.code {
            ErrorCode::NotFound
            | ErrorCode::SiteUnknown
            | ErrorCode::NumberMismatch
            | ErrorCode::AlreadyApproved
            | ErrorCode::Canceled
            | ErrorCode::Expired => Self::not_found(),
            ErrorCode::InvalidNumber | ErrorCode::NumberTypeRefused => Self::invalid("To", &error.detail),
            ErrorCode::CountryNotServed => {
                let message = "Verification delivery attempt blocked for this destination country";
                Self::new(status(403), 60605, message)
            }
            ErrorCode::OptedOut => Self::new(status(400), 21610, "Attempt to send to unsubscribed recipient"),
            ErrorCode::ChannelUnavailable => Self::invalid("Channel", &error.detail),
            ErrorCode::InvalidCode => Self::invalid("Code", &error.detail),
            ErrorCode::TooManyRequests => Self::new(status(429), 20429, "Too many requests"),
            ErrorCode::Exhausted => Self::new(status(429), 60202, "Max check attempts reached"),
            ErrorCode::SenderUnavailable | ErrorCode::Busy | ErrorCode::Unavailable => {
                Self::new(status(503), 20503, "Service is unavailable, please try again")
            }
            _ => Self::new(status(400), 60200, format!("Invalid parameter: {}", error.detail)),
        };
        Self {
            retry_in: error.retry_in,
            ..refusal
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::from(&problem.into_told())
    }
}

impl From<&Told> for Refusal {
    fn from(Told { error, status }: &Told) -> Self {
        let code = match error.code {
            ErrorCode::Unauthorized => 20003,
            ErrorCode::MethodNotAllowed => 20004,
            ErrorCode::TooLarge | ErrorCode::UnsupportedMediaType | ErrorCode::Misdirected => {
                20_000 + u32::from(status.as_u16())
            }
            _ if matches!(status.as_u16(), 408 | 500) => 20_000 + u32::from(status.as_u16()),
            _ => return Self::from(error),
        };
        Self::new(*status, code, error.detail.clone())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body {
            code: self.code,
            message: &self.message,
            more_info: format!("{EXPLAINED}{}", self.code),
            status: self.status.as_u16(),
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_in {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = "Basic realm=\"Twilio API\", charset=\"UTF-8\"";
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            // Nothing is read from somebody who has not said who they are.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Whether a path is of this door.
pub(in crate::http) fn is_asked(path: &str) -> bool {
    path == "/v2" || path.starts_with("/v2/")
}

/// Tells as Twilio does what something before or beside this door refused: the host, the route, the method, the body.
pub(in crate::http) fn tell_as_twilio(response: &mut Response) {
    let Some(refusal) = response.extensions().get::<Told>().map(Refusal::from) else {
        return;
    };
    let (parts, body) = refusal.into_response().into_parts();
    *response.body_mut() = body;
    *response.status_mut() = parts.status;
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    if let Some(json) = parts.headers.get(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, json.clone());
    }
}
