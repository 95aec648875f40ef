use crate::clock::rfc3339;
use crate::hosts::SubjectNumber;
use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};

/// What a host's server sends.
#[derive(Deserialize)]
pub(super) struct ClaimRequest {
    token: String,
}

#[derive(Serialize)]
pub(super) struct NumberReply {
    verified: bool,
    to: String,
    phone_number_index: String,
    verified_at: String,
    channel: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// Only in the answer to a claim.
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

/// `PUT /v1/subjects/{subject}/number`: the subject holds the number that the token proves.
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

/// `GET /v1/subjects/{subject}/number`: the number that the subject holds.
pub(super) async fn show(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(subject): Segment,
) -> Result<axum::Json<NumberReply>, Problem> {
    let number = services.desk.subject_number(&site, &subject).await?;
    Ok(axum::Json(NumberReply::of(number)))
}

/// `DELETE /v1/subjects/{subject}/number`: it holds none any more.
pub(super) async fn release(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(subject): Segment,
) -> Result<StatusCode, Problem> {
    services.desk.release_number(&site, &subject).await?;
    Ok(StatusCode::NO_CONTENT)
}
