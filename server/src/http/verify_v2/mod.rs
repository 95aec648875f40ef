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

pub(super) use refusal::{Body as RefusalBody, is_asked, tell_as_twilio};

use super::services::Services;
use axum::Router;
use axum::routing::{get, post};

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/v2/Services", get(services::list))
        .route("/v2/Services/{service}", get(services::fetch))
        .route("/v2/Services/{service}/Verifications", post(verifications::start))
        .route(
            "/v2/Services/{service}/Verifications/{name}",
            get(verifications::fetch).post(verifications::end),
        )
        .route("/v2/Services/{service}/VerificationCheck", post(checks::check))
        .route("/v2/Attempts", get(attempts::list))
        .route("/v2/Attempts/Summary", get(attempts::summary))
        .route("/v2/Attempts/{attempt}", get(attempts::fetch))
}
