//! `/v2`: Twilio Verify's shape, for programs that were written for it. A site is a service, its server the caller.
//!
//! Field names, words and error codes are those of Twilio's public API description (`twilio_verify_v2`) and error dictionary.

mod access;
mod address;
mod answers;
pub(super) mod attempts;
pub(super) mod checks;
mod fields;
mod refusal;
mod resource;
pub(super) mod services;
mod sid;
pub(super) mod verifications;

pub(super) use refusal::{Body as RefusalBody, tell_as_twilio};

use super::services::Services;
use axum::Router;
use axum::routing::{get, post};

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/Services", get(services::list))
        .route("/Services/{service}", get(services::fetch))
        .route("/Services/{service}/Verifications", post(verifications::start))
        .route(
            "/Services/{service}/Verifications/{name}",
            get(verifications::fetch).post(verifications::end),
        )
        .route("/Services/{service}/VerificationCheck", post(checks::check))
        .route("/Attempts", get(attempts::list))
        .route("/Attempts/Summary", get(attempts::summary))
        .route("/Attempts/{attempt}", get(attempts::fetch))
}
