use crate::hosts::{NewSession, SessionStatus};
use crate::http::body::Json;
use crate::http::credentials::HostSite;
use crate::http::openapi::{one_of, refusals};
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::openapi::Object;

/// What a host's server sends.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct SessionRequest {
    /// The host's own user id.
    #[schema(min_length = 1, max_length = 255, example = "user-17")]
    subject: String,
    /// Binds the token to one of the host's browser sessions.
    #[serde(default)]
    nonce: Option<String>,
    /// What the verification is for.
    #[serde(default)]
    purpose: Option<String>,
    /// The only origin, of the site's, that may use the session.
    #[serde(default)]
    origin: Option<String>,
    /// Where the server's own page leads in the end, on an origin of the site's.
    #[serde(default)]
    return_url: Option<String>,
}

/// A session as it is begun.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct SessionReply {
    /// Its value, a secret of the browser that it is for.
    session: String,
    /// This server's own page for the job.
    url: String,
    /// Seconds until nothing can be started in it.
    expires_in: u64,
}

/// How a session stands.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct StateReply {
    #[schema(schema_with = status_words)]
    status: &'static str,
    /// The token of the number that was proved last, while it lives.
    #[schema(required)]
    token: Option<String>,
}

fn status_words() -> Object {
    one_of(
        [
            SessionStatus::Pending,
            SessionStatus::Approved,
            SessionStatus::Expired,
        ]
        .map(SessionStatus::as_str),
    )
}

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Segment` reads it")]
struct SessionPath {
    /// The value of the session.
    session: String,
}

refusals! {
    /// Why no session began.
    OpenRefusals = [
        InvalidRequest, Misdirected, Unauthorized, TooLarge, UnsupportedMediaType, Busy, Unavailable,
    ];
    /// Why a session is not shown.
    StateRefusals = [InvalidRequest, Misdirected, Unauthorized, NotFound, Busy, Unavailable];
}

/// Begins a session: what the browser does in it is bound to a user.
///
/// `POST /v1/sessions`: 201 and what the browser is to be given.
#[utoipa::path(
    post,
    path = "/v1/sessions",
    tag = "Host",
    operation_id = "openSession",
    request_body = SessionRequest,
    responses((status = 201, body = SessionReply), OpenRefusals),
    security(("site" = []))
)]
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

/// How a session stands.
///
/// `GET /v1/sessions/{session}`: how it stands, and the token while it lives.
#[utoipa::path(
    get,
    path = "/v1/sessions/{session}",
    tag = "Host",
    operation_id = "session",
    params(SessionPath),
    responses((status = 200, body = StateReply), StateRefusals),
    security(("site" = []))
)]
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
