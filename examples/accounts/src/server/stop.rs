use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use phone_verify::random::RandomError;
use phone_verify_domain::ApiError;

/// Why a request goes no further.
pub enum Stop {
    /// Its sender belongs elsewhere.
    Elsewhere(&'static str),
    /// Something that this server needs does not answer.
    Unavailable(String),
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Elsewhere(path) => Redirect::to(path).into_response(),
            Self::Unavailable(why) => {
                tracing::error!("a request could not be answered: {why}");
                let text = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    text,
                    "This does not work right now. Try again in a minute.\n",
                )
                    .into_response()
            }
        }
    }
}

macro_rules! unavailable {
    ($($error:ty),+) => {$(
        impl From<$error> for Stop {
            fn from(error: $error) -> Self {
                Self::Unavailable(error.to_string())
            }
        }
    )+};
}

unavailable!(
    sqlx::Error,
    tower_sessions::session::Error,
    RandomError,
    ApiError,
    super::passwords::PasswordError
);
