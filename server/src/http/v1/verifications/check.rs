use super::{VerificationPath, verification_id};
use crate::http::body::Json;
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::{CheckRequest, View};

refusals! {
    /// Why no code was accepted.
    CheckRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, NotFound, OriginRefused,
        AlreadyApproved, Expired, Exhausted, Canceled, InvalidNumber, NumberMismatch, InvalidCode, WrongCode,
        TooManyRequests, SenderUnavailable, Busy, Unavailable,
    ];
}

/// Compares a code.
///
/// `POST /v1/verifications/{id}/check`: compares a code; the view of an approved verification carries the token.
#[utoipa::path(
    post,
    path = "/v1/verifications/{id}/check",
    tag = "Browser",
    operation_id = "check",
    params(VerificationPath),
    request_body = CheckRequest,
    responses((status = 200, body = View), CheckRefusals),
    security(("client_secret" = []))
)]
pub(super) async fn check(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
    Json(request): Json<CheckRequest>,
) -> Result<axum::Json<View>, Problem> {
    let check = request.parse()?;
    let id = verification_id(&id)?;
    let view = services.verifier.check(&caller, id, &secret, check).await?;
    Ok(axum::Json(view))
}
