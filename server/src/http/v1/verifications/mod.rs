//! `/v1/verifications`: one file a call.

pub(in crate::http) mod cancel;
pub(in crate::http) mod check;
pub(in crate::http) mod resend;
pub(in crate::http) mod start;
pub(in crate::http) mod view;

use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::Router;
use axum::routing::{get, post};
use phone_verify_domain::{ErrorCode, VerificationId};

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Segment` reads it")]
struct VerificationPath {
    /// `id` of the view.
    id: String,
}

refusals! {
    /// Why a verification is not shown, and not given up.
    LookRefusals = [InvalidRequest, Misdirected, Unauthorized, NotFound, OriginRefused, Busy, Unavailable];
}

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/v1/verifications", post(start::start))
        .route("/v1/verifications/{id}", get(view::view).delete(cancel::cancel))
        .route("/v1/verifications/{id}/resend", post(resend::resend))
        .route("/v1/verifications/{id}/check", post(check::check))
}

/// The verification that a path names. What cannot be a name is answered as one that nobody has.
fn verification_id(text: &str) -> Result<VerificationId, Problem> {
    VerificationId::parse(text)
        .ok_or_else(|| Problem::new(ErrorCode::NotFound, "There is no such verification."))
}
