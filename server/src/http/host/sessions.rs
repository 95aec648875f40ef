use crate::hosts::NewSession;
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
pub(super) struct SessionRequest {
    subject: String,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    return_url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct SessionReply {
    session: String,
    url: String,
    expires_in: u64,
}

#[derive(Serialize)]
pub(super) struct StateReply {
    status: &'static str,
    token: Option<String>,
}

/// `POST /v1/sessions`: 201 and what the browser is to be given.
pub(super) async fn open(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Json(request): Json<SessionRequest>,
) -> Result<(StatusCode, axum::Json<SessionReply>), Problem> {
    let new = NewSession {
        subject: request.subject,
        nonce: request.nonce,
        purpose: request.purpose,
        origin: request.origin,
        return_url: request.return_url,
    };
    let opened = services.desk.open_session(&site, new).await?;
    let reply = SessionReply {
        session: opened.session.to_string(),
        url: opened.url.to_string(),
        expires_in: opened.expires_in,
    };
    Ok((StatusCode::CREATED, axum::Json(reply)))
}

/// `GET /v1/sessions/{session}`: how it stands, and the token while it lives.
pub(super) async fn state(
    State(services): State<Services>,
    HostSite(site): HostSite,
    Segment(session): Segment,
) -> Result<axum::Json<StateReply>, Problem> {
    let state = services.desk.session_state(&site, &session).await?;
    Ok(axum::Json(StateReply {
        status: state.status.as_str(),
        token: state.token.map(|token| token.to_string()),
    }))
}
