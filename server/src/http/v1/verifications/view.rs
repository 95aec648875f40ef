use super::{LookRefusals, VerificationPath, verification_id};
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::View;

/// The verification as it stands.
///
/// `GET /v1/verifications/{id}`
#[utoipa::path(
    get,
    path = "/v1/verifications/{id}",
    tag = "Browser",
    operation_id = "view",
    params(VerificationPath),
    responses((status = 200, body = View), LookRefusals),
    security(("client_secret" = []))
)]
pub(super) async fn view(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
) -> Result<axum::Json<View>, Problem> {
    let id = verification_id(&id)?;
    Ok(axum::Json(services.verifier.view(&caller, id, &secret).await?))
}
