//! `/v1/verifications`: one file a call.

mod cancel;
mod check;
mod resend;
mod start;
mod view;

use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::Router;
use axum::routing::{get, post};
use phone_verify_domain::{ErrorCode, VerificationId};

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/", post(start::start))
        .route("/{id}", get(view::view).delete(cancel::cancel))
        .route("/{id}/resend", post(resend::resend))
        .route("/{id}/check", post(check::check))
}

/// The verification that a path names. What cannot be a name is answered as one that nobody has.
fn verification_id(text: &str) -> Result<VerificationId, Problem> {
    VerificationId::parse(text)
        .ok_or_else(|| Problem::new(ErrorCode::NotFound, "There is no such verification."))
}
