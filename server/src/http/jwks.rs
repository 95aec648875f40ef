use super::services::Services;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;

/// Where hosts find the public keys.
pub(super) const PATH: &str = "/.well-known/jwks.json";

/// Hosts may keep the key set for so long at most, in seconds (contract 3).
const LONGEST: u64 = 300;

/// A JSON Web Key Set (RFC 7517).
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes what the keys are published as")]
struct KeySet {
    keys: Vec<PublicKey>,
}

/// A public key of tokens, on the curve P-256.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it describes what the keys are published as")]
struct PublicKey {
    kty: String,
    crv: String,
    alg: String,
    r#use: String,
    kid: String,
    x: String,
    y: String,
}

/// The public keys of tokens.
///
/// Hosts may keep them for five minutes: A new one is published well before its use, so hosts may keep these for a while.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "Tokens",
    operation_id = "keys",
    responses((status = 200, body = KeySet)),
    security(())
)]
pub(super) async fn jwks(State(services): State<Services>) -> Response {
    let keys = axum::Json(services.keys.jwks()).into_response();
    let max_age = services.keys_may_be_kept_for.as_secs().min(LONGEST);
    ([(CACHE_CONTROL, format!("public, max-age={max_age}"))], keys).into_response()
}
