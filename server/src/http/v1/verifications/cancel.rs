use super::{LookRefusals, VerificationPath, verification_id};
use crate::http::caller::From;
use crate::http::credentials::Bearer;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_domain::View;

/// Gives a verification up.
///
/// `DELETE /v1/verifications/{id}`: gives a pending one up; an ended one stays as it is.
#[utoipa::path(
    delete,
    path = "/v1/verifications/{id}",
    tag = "Browser",
    operation_id = "cancel",
    params(VerificationPath),
    responses((status = 200, body = View), LookRefusals),
    security(("client_secret" = []))
)]
pub(super) async fn cancel(
    State(services): State<Services>,
    From(caller): From,
    Bearer(secret): Bearer,
    Segment(id): Segment,
) -> Result<axum::Json<View>, Problem> {
    let id = verification_id(&id)?;
    Ok(axum::Json(services.verifier.cancel(&caller, id, &secret).await?))
}
