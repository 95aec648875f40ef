//! The host API: a site's own server, by HTTP Basic.

pub(super) mod erase;
pub(super) mod redeem;
pub(super) mod sessions;
pub(super) mod site_verify;
pub(super) mod subjects;

use super::services::Services;
use axum::Router;
use axum::routing::{get, post};

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/v1/sessions", post(sessions::open))
        .route("/v1/sessions/{session}", get(sessions::state))
        .route("/v1/tokens/redeem", post(redeem::redeem))
        .route("/v1/siteverify", post(site_verify::site_verify))
        .route(
            "/v1/subjects/{subject}/number",
            get(subjects::show).put(subjects::claim).delete(subjects::release),
        )
        .route("/v1/numbers/erase", post(erase::erase))
}
