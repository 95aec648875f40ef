use super::services::Services;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;

/// Where hosts find the public keys.
pub(super) const PATH: &str = "/.well-known/jwks.json";

/// The public keys of tokens; a new one is published well before its use, so hosts may keep these for five minutes.
pub(super) async fn jwks(State(services): State<Services>) -> Response {
    let keys = axum::Json(services.keys.jwks()).into_response();
    ([(CACHE_CONTROL, "public, max-age=300")], keys).into_response()
}
