use crate::clock::rfc3339;
use crate::hosts::SubjectNumber;
use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::openapi::{name, refusals};
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use http::StatusCode;
use phone_verify_domain::Channel;
use serde::{Deserialize, Serialize};

/// What a host's server sends.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct ClaimRequest {
    /// The proof; it is redeemed.
    token: String,
}

/// The number that a subject holds.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct NumberReply {
    /// Whether the proof still counts: `reverify_after`.
    verified: bool,
    /// The masked number.
    to: String,
    /// The keyed hash of the number, as in tokens.
    phone_number_index: String,
    /// When it was proved, RFC 3339.
    #[schema(format = DateTime)]
    verified_at: String,
    #[schema(value_type = Channel)]
    channel: &'static str,
    /// With `number_storage = "encrypted"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// Who gave way; only in the answer to a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<Vec<String>>,
}

impl NumberReply {
    fn of(number: SubjectNumber) -> Self {
        Self {
            verified: number.verified,
            to: number.to,
            phone_number_index: number.index,
            verified_at: rfc3339(number.verified_at),
            channel: number.channel.as_str(),
            phone_number: number.phone_number.map(|number| number.to_string()),
            released: None,
        }
    }
}

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Segment` reads it")]
struct SubjectPath {
    /// The host's own user id.
    #[param(schema_with = name)]
    subject: String,
}

refusals! {
    /// Why a subject does not hold the number.
    ClaimRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, NumberTaken, InvalidToken, Busy,
        Unavailable,
    ];
    /// Why no number is shown.
    ShowRefusals = [InvalidRequest, Misdirected, Unauthorized, NotFound, Busy, Unavailable];
    /// Why no number was given up.
    ReleaseRefusals = [InvalidRequest, Misdirected, Unauthorized, Busy, Unavailable];
}

/// Lets a user hold a number.
///
/// `PUT /v1/subjects/{subject}/number`: the subject holds the number that the token proves.
#[utoipa::path(
    put,
    path = "/v1/subjects/{subject}/number",
    tag = "Host",
    operation_id = "claimNumber",
    params(SubjectPath),
    request_body = ClaimRequest,
    responses((status = 200, body = NumberReply), ClaimRefusals),
    security(("site" = []))
)]
pub(super) async fn claim(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(subject): Segment,
    Json(request): Json<ClaimRequest>,
) -> Result<axum::Json<NumberReply>, Problem> {
    let number = services
        .desk
        .claim_number(&site, &subject, &request.token)
        .await?;
    let released = number.released.clone();
    Ok(axum::Json(NumberReply {
        released: Some(released),
        ..NumberReply::of(number)
    }))
}

/// Which number a user holds.
///
/// `GET /v1/subjects/{subject}/number`: the number that the subject holds.
#[utoipa::path(
    get,
    path = "/v1/subjects/{subject}/number",
    tag = "Host",
    operation_id = "subjectNumber",
    params(SubjectPath),
    responses((status = 200, body = NumberReply), ShowRefusals),
    security(("site" = []))
)]
pub(super) async fn show(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(subject): Segment,
) -> Result<axum::Json<NumberReply>, Problem> {
    let number = services.desk.subject_number(&site, &subject).await?;
    Ok(axum::Json(NumberReply::of(number)))
}

/// Lets a user hold no number.
///
/// `DELETE /v1/subjects/{subject}/number`: it holds none any more.
#[utoipa::path(
    delete,
    path = "/v1/subjects/{subject}/number",
    tag = "Host",
    operation_id = "releaseNumber",
    params(SubjectPath),
    responses((status = 204, description = "It holds none, whether it held one or not."), ReleaseRefusals),
    security(("site" = []))
)]
pub(super) async fn release(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(subject): Segment,
) -> Result<StatusCode, Problem> {
    services.desk.release_number(&site, &subject).await?;
    Ok(StatusCode::NO_CONTENT)
}
