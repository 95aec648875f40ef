//! What load balancers and orchestrators ask.

use super::services::Services;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

/// `/healthz`: the process lives.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// `/readyz`: requests can be served, or why not.
pub(super) async fn ready(State(services): State<Services>) -> (StatusCode, Json<Value>) {
    let store = services.store.ready().await.err();
    let reasons: Vec<String> = store
        .map(|error| error.to_string())
        .into_iter()
        .chain(services.keys.trouble())
        .collect();
    if reasons.is_empty() {
        return (StatusCode::OK, Json(json!({ "status": "ready" })));
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Json(json!({ "status": "not ready", "reasons": reasons })),
    )
}
