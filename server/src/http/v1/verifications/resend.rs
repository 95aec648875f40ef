use super::{VerificationPath, verification_id};
use crate::http::body::Json;
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::idempotency::{IdempotencyHeader, idempotency_key};
use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use http::HeaderMap;
use phone_verify_domain::{ResendRequest, View};

refusals! {
    /// Why nothing was sent again.
    ResendRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, NotFound, OriginRefused,
        AlreadyApproved, Expired, Exhausted, Canceled, InvalidNumber, CountryNotServed, NumberTypeRefused,
        NumberMismatch, OptedOut, ChannelUnavailable, IdempotencyMismatch, RequestInProgress, TooManyRequests,
        SenderUnavailable, Busy, Unavailable,
    ];
}

/// Sends the same code again.
///
/// `POST /v1/verifications/{id}/resend`: the same code again.
#[utoipa::path(
    post,
    path = "/v1/verifications/{id}/resend",
    tag = "Browser",
    operation_id = "resend",
    params(VerificationPath, IdempotencyHeader),
    request_body = ResendRequest,
    responses((status = 200, body = View), ResendRefusals),
    security(("client_secret" = []))
)]
pub(super) async fn resend(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
    headers: HeaderMap,
    Json(request): Json<ResendRequest>,
) -> Result<axum::Json<View>, Problem> {
    let resend = request.parse(idempotency_key(&headers)?)?;
    let id = verification_id(&id)?;
    let view = services.verifier.resend(&caller, id, &secret, resend).await?;
    Ok(axum::Json(view))
}
