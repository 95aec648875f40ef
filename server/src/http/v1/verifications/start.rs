use crate::http::body::Json;
use crate::http::caller::From;
use crate::http::idempotency::idempotency_key;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use phone_verify_domain::{StartRequest, View};

/// `POST /v1/verifications`: 201 and a view with the client secret.
pub(super) async fn start(
    State(services): State<Services>,
    From(caller): From,
    headers: HeaderMap,
    Json(request): Json<StartRequest>,
) -> Result<(StatusCode, axum::Json<View>), Problem> {
    let start = request.parse(idempotency_key(&headers)?)?;
    let view = services.verifier.start(&caller, start).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}
