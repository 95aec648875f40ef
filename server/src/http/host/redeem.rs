use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_token::Claims;
use serde::Deserialize;

/// What a host's server sends.
#[derive(Deserialize)]
pub(super) struct RedeemRequest {
    token: String,
}

/// `POST /v1/tokens/redeem`: the claims, once.
pub(super) async fn redeem(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Json(request): Json<RedeemRequest>,
) -> Result<axum::Json<Claims>, Problem> {
    Ok(axum::Json(services.desk.redeem(&site, &request.token).await?))
}
