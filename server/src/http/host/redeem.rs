use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use phone_verify_token::Claims;
use serde::Deserialize;

/// What a host's server sends.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct RedeemRequest {
    /// As the page had it.
    token: String,
}

refusals! {
    /// Why a token was not redeemed.
    RedeemRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, AlreadyRedeemed, InvalidToken,
        Busy, Unavailable,
    ];
}

/// Redeems a token.
///
/// `POST /v1/tokens/redeem`: the claims, once.
#[utoipa::path(
    post,
    path = "/v1/tokens/redeem",
    tag = "Host",
    operation_id = "redeem",
    request_body = RedeemRequest,
    responses((status = 200, body = Claims), RedeemRefusals),
    security(("site" = []))
)]
pub(super) async fn redeem(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Json(request): Json<RedeemRequest>,
) -> Result<axum::Json<Claims>, Problem> {
    Ok(axum::Json(services.desk.redeem(&site, &request.token).await?))
}
