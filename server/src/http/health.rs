//! What load balancers and orchestrators ask.

use super::services::Services;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;

/// Whether the process lives.
///
/// `/healthz`: the process lives.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Operations",
    operation_id = "health",
    responses((status = 200, body = String, content_type = "text/plain; charset=utf-8")),
    security(())
)]
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// What readiness says.
#[derive(Default, Serialize, utoipa::ToSchema)]
pub(super) struct Readiness {
    /// `ready` or `not ready`.
    status: &'static str,
    /// Why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// Senders that are down, each with its channel; that takes no readiness away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    senders_down: Vec<String>,
}

/// Whether requests can be served.
///
/// `/readyz`: requests can be served, or why not. A sender that is down is named and takes nothing away: codes that were
/// sent are still checked, and another server would not reach the provider either.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Operations",
    operation_id = "ready",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)),
    security(())
)]
pub(super) async fn ready(State(services): State<Services>) -> (StatusCode, Json<Readiness>) {
    let store = services.store.ready().await.err();
    let reasons: Vec<String> = store
        .map(|error| error.to_string())
        .into_iter()
        .chain(services.keys.trouble())
        .collect();
    if reasons.is_empty() {
        let down = services.engine.senders_down().into_iter();
        let readiness = Readiness {
            status: "ready",
            senders_down: down.map(|(channel, name)| format!("{channel}: {name}")).collect(),
            ..Readiness::default()
        };
        return (StatusCode::OK, Json(readiness));
    }
    let readiness = Readiness {
        status: "not ready",
        reasons,
        ..Readiness::default()
    };
    (StatusCode::SERVICE_UNAVAILABLE, Json(readiness))
}
