use super::problem::Problem;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use phone_verify_domain::ErrorCode;

/// The one variable segment of a path, decoded.
pub(crate) struct Segment(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        segment
            .map(|Path(text)| Self(text))
            .map_err(|_| Problem::new(ErrorCode::InvalidRequest, "The path is not UTF-8."))
    }
}
