use super::verification_id;
use crate::http::body::Json;
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::{CheckRequest, View};

/// `POST /v1/verifications/{id}/check`: compares a code; the view of an approved verification carries the token.
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
