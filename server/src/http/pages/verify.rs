use super::home::{page, rendered};
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use crate::store::SessionRecord;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::StatusCode;
use phone_verify_app::pages::{Errand, Page};

/// `GET /verify/{session}`: this server's own page for a host's session. Where a number has been proved in it, the way leads
/// on at once.
pub(super) async fn verify(
    State(services): State<Services>,
    Segment(session): Segment,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let Some(record) = open(&services, &session).await? else {
        return Ok(over());
    };
    if let Some(onward) = onward(&services, &record) {
        return Ok(onward);
    }
    let page = page(&services).map(|page| Page {
        site_key: Some(record.session.site.to_string()),
        errand: Some(Errand {
            onward: record
                .session
                .return_url
                .is_some()
                .then(|| format!("/verify/{session}/continue")),
            session,
        }),
        ..page
    });
    Ok(rendered(page, request).await)
}

/// `GET /verify/{session}/continue`: back to the host, once a number has been proved.
pub(super) async fn onward_from(
    State(services): State<Services>,
    Segment(session): Segment,
) -> Result<Response<Body>, Problem> {
    let Some(record) = open(&services, &session).await? else {
        return Ok(over());
    };
    let back = || Redirect::to(&format!("/verify/{session}")).into_response();
    Ok(onward(&services, &record).unwrap_or_else(back))
}

/// The session, while there is something to be done or shown in it.
async fn open(services: &Services, session: &str) -> Result<Option<SessionRecord>, Problem> {
    let found = services.desk.find_session(session).await?;
    Ok(found.filter(|record| record.approved.is_some() || record.session.expires_at > services.clock.now()))
}

/// 303 to the host's address, which was on one of the site's origins when the session began and is still.
fn onward(services: &Services, record: &SessionRecord) -> Option<Response<Body>> {
    record.approved?;
    let address = record.session.return_url.as_deref()?;
    let origin = url::Url::parse(address).ok()?.origin().ascii_serialization();
    let site = services.sites.get(&record.session.site)?;
    site.allows(&origin)
        .then(|| Redirect::to(address).into_response())
}

/// The same for a session that never was and one that is over.
fn over() -> Response<Body> {
    (StatusCode::NOT_FOUND, Html(include_str!("over.html"))).into_response()
}
