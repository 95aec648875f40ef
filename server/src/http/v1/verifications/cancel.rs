use super::verification_id;
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::View;

/// `DELETE /v1/verifications/{id}`: gives a pending one up; an ended one stays as it is.
pub(super) async fn cancel(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
) -> Result<axum::Json<View>, Problem> {
    let id = verification_id(&id)?;
    Ok(axum::Json(services.verifier.cancel(&caller, id, &secret).await?))
}
