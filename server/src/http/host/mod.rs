//! The host API: a site's own server, by HTTP Basic.

mod redeem;

use super::services::Services;
use axum::Router;
use axum::routing::post;

pub(super) fn routes() -> Router<Services> {
    Router::new().route("/tokens/redeem", post(redeem::redeem))
}
