use crate::http::body::Json;
use crate::http::caller::From;
use crate::http::idempotency::{IdempotencyHeader, idempotency_key};
use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use phone_verify_domain::{StartRequest, View};

refusals! {
    /// Why nothing was started.
    StartRefusals = [
        InvalidRequest, Misdirected, TooLarge, UnsupportedMediaType, SiteUnknown, OriginRefused, ChallengeRequired,
        InvalidNumber, CountryNotServed, NumberTypeRefused, OptedOut, ChannelUnavailable, InvalidSession,
        IdempotencyMismatch, RequestInProgress, TooManyRequests, SenderUnavailable, Busy, Unavailable,
    ];
}

/// Starts a verification and sends its code.
///
/// `POST /v1/verifications`: 201 and a view with the client secret.
#[utoipa::path(
    post,
    path = "/v1/verifications",
    tag = "Browser",
    operation_id = "start",
    params(IdempotencyHeader),
    request_body = StartRequest,
    responses((status = 201, body = View), StartRefusals),
    security(())
)]
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
