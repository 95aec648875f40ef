use super::verification_id;
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::View;

/// `GET /v1/verifications/{id}`
pub(super) async fn view(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
) -> Result<axum::Json<View>, Problem> {
    let id = verification_id(&id)?;
    Ok(axum::Json(services.verifier.view(&caller, id, &secret).await?))
}
