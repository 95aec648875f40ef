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

/// `/readyz`: requests can be served, or why not. A sender that is down is named and takes nothing away: codes that were
/// sent are still checked, and another server would not reach the provider either.
pub(super) async fn ready(State(services): State<Services>) -> (StatusCode, Json<Value>) {
    let store = services.store.ready().await.err();
    let reasons: Vec<String> = store
        .map(|error| error.to_string())
        .into_iter()
        .chain(services.keys.trouble())
        .collect();
    if reasons.is_empty() {
        let down = services.engine.senders_down().into_iter();
        let down: Vec<_> = down.map(|(channel, name)| format!("{channel}: {name}")).collect();
        let body = if down.is_empty() {
            json!({ "status": "ready" })
        } else {
            json!({ "status": "ready", "senders_down": down })
        };
        return (StatusCode::OK, Json(body));
    }
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Json(json!({ "status": "not ready", "reasons": reasons })),
    )
}
