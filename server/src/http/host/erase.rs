use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::openapi::refusals;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::State;
use http::StatusCode;
use phone_verify_domain::{Country, ErrorCode};
use serde::Deserialize;

/// What a host's server sends.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct EraseRequest {
    /// The number, in any spelling.
    #[schema(example = "+12025550134")]
    phone_number: String,
    /// ISO 3166 alpha-2, for national spellings.
    #[serde(default)]
    country: Option<String>,
}

refusals! {
    /// Why nothing was erased.
    EraseRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, InvalidNumber, Busy, Unavailable,
    ];
}

/// Forgets a number.
///
/// `POST /v1/numbers/erase`: the site knows nothing of the number any more, but what limits it.
#[utoipa::path(
    post,
    path = "/v1/numbers/erase",
    tag = "Host",
    operation_id = "eraseNumber",
    request_body = EraseRequest,
    responses((status = 204, description = "It is forgotten, whether it was known or not."), EraseRefusals),
    security(("site" = []))
)]
pub(super) async fn erase(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Json(request): Json<EraseRequest>,
) -> Result<StatusCode, Problem> {
    let country = request.country.filter(|country| !country.is_empty());
    let country = country
        .map(|code| {
            let refused = || {
                let detail = "`country` is not an ISO 3166 alpha-2 code.";
                Problem::new(ErrorCode::InvalidRequest, detail)
            };
            Country::parse(&code).ok_or_else(refused)
        })
        .transpose()?;
    services
        .desk
        .erase_number(&site, &request.phone_number, country)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
