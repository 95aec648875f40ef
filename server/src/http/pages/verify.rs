use super::home::{page, plainly, rendered};
use super::plain::Place;
use crate::http::problem::Problem;
use crate::http::segment::Segment;
use crate::http::services::Services;
use crate::store::SessionRecord;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, StatusCode};
use phone_verify_app::pages::{Errand, Page, PlainStep};
use phone_verify_app::words::Words;

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
    let words = words(request.headers());
    let plain = place(&record, &session, words.clone()).first(&services)?;
    let target = target(&services, &record);
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
        words,
        ..page
    });
    Ok(rendered(page, Some(plain), target, request).await)
}

/// `POST /verify/{session}`: the same without JavaScript.
pub(super) async fn verify_plainly(
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
    let place = place(&record, &session, words(request.headers()));
    let posted = place.posted(&services, request).await?;
    let mut form = place.answer(&services, posted).await?;
    if let PlainStep::Verified { token } = &mut form.step {
        // The host's server asks for it; nobody needs it on the screen.
        *token = None;
        let record = open(&services, &session).await?;
        if let Some(onward) = record.and_then(|record| onward(&services, &record)) {
            return Ok(onward);
        }
    }
    let target = target(&services, &record);
    Ok(plainly(&services, &form, target.as_deref(), place.words))
}

/// In the language that the browser's user likes best.
fn words(headers: &HeaderMap) -> Words {
    let accepted = headers.get(ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    phone_verify_words::negotiated(accepted).words()
}

fn place<'a>(record: &'a SessionRecord, session: &'a str, words: Words) -> Place<'a> {
    Place {
        action: format!("/verify/{session}"),
        site: &record.session.site,
        session: Some(session),
        words,
    }
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

/// 303 to the host's address, once a number has been proved.
fn onward(services: &Services, record: &SessionRecord) -> Option<Response<Body>> {
    record.approved?;
    target(services, record)?;
    let address = record.session.return_url.as_deref()?;
    Some(Redirect::to(address).into_response())
}

/// The origin of the host's address, which was one of the site's when the session began and is still.
fn target(services: &Services, record: &SessionRecord) -> Option<String> {
    let address = record.session.return_url.as_deref()?;
    let origin = url::Url::parse(address).ok()?.origin().ascii_serialization();
    let site = services.sites.get(&record.session.site)?;
    site.allows(&origin).then_some(origin)
}

/// The same for a session that never was and one that is over.
fn over() -> Response<Body> {
    (StatusCode::NOT_FOUND, Html(include_str!("over.html"))).into_response()
}
