//! `/admin`: the operator's pages. They are there only where a password is set.
//!
//! Every route but the log-in's wants a log-in; what changes anything wants one of this server's own pages as well.

mod breakers;
mod budget;
mod cookie;
mod decisions;
mod log;
mod log_in;
mod numbers;
mod overview;
mod sites;

use super::own_page;
use super::problem::Problem;
use super::services::Services;
use crate::admin::AdminDesk;
use crate::clock::rfc3339;
use crate::store::{LimitKey, StoreError};
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use phone_verify_app::pages::admin::{AdminContent, AdminPage, admin_document};
use phone_verify_domain::{ErrorCode, Timestamp};
use std::sync::Arc;

/// Where one logs in.
const LOG_IN: &str = "/admin/login";

pub(super) fn routes(services: &Services) -> Router<Services> {
    if services.admin.is_none() {
        return Router::new();
    }
    // Of a method's route, not of a path's: what no method answers to is 405, logged in or not.
    let outside = |routes: MethodRouter<Services>| {
        routes
            .route_layer(from_fn_with_state(services.clone(), require_own_page))
            .route_layer(from_fn(shut))
    };
    let inside = |routes: MethodRouter<Services>| {
        outside(routes.route_layer(from_fn_with_state(services.clone(), require_log_in)))
    };
    Router::new()
        .route(LOG_IN, outside(get(log_in::form).post(log_in::log_in)))
        .route("/admin", inside(get(overview::overview)))
        .route("/admin/numbers", inside(get(numbers::form).post(numbers::act)))
        .route("/admin/budget", inside(get(budget::budget)))
        .route(
            "/admin/breakers",
            inside(get(breakers::list).post(breakers::turn)),
        )
        .route("/admin/decisions", inside(get(decisions::decisions)))
        .route("/admin/sites", inside(get(sites::sites)))
        .route("/admin/log", inside(get(log::log)))
        .route("/admin/logout", inside(post(log_in::log_out)))
}

/// Lets through what reads, and what one of this server's own pages asks for.
async fn require_own_page(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if !request.method().is_safe() && !own_page::asks(request.headers(), &services.own_origin) {
        let detail = "Only this server's own pages may send this form.";
        return Err(Problem::new(ErrorCode::OriginRefused, detail).closing());
    }
    Ok(next.run(request).await)
}

/// Lets through whoever is logged in; everybody else is led to where one does.
async fn require_log_in(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    let desk = match desk(&services) {
        Ok(desk) => desk.clone(),
        Err(problem) => return problem.into_response(),
    };
    match session(&services, &desk, request.headers()).await {
        Ok(Some(session)) => {
            request.extensions_mut().insert(LoggedIn { desk, session });
            next.run(request).await
        }
        Ok(None) => Redirect::to(LOG_IN).into_response(),
        Err(_) => unavailable(&services),
    }
}

/// What stands here is one person's, and never anybody else's: no cache keeps it, no list of pages shows it.
async fn shut(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn session(
    services: &Services,
    desk: &AdminDesk,
    headers: &HeaderMap,
) -> Result<Option<LimitKey>, StoreError> {
    match cookie::secret(headers, &services.own_origin) {
        Some(secret) => desk.session(&secret).await,
        None => Ok(None),
    }
}

fn desk(services: &Services) -> Result<&Arc<AdminDesk>, Problem> {
    services.admin.as_ref().ok_or_else(Problem::no_such_route)
}

/// Who is logged in, on all routes inside.
#[derive(Clone)]
struct LoggedIn {
    desk: Arc<AdminDesk>,
    session: LimitKey,
}

impl FromRequestParts<Services> for LoggedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Services) -> Result<Self, Problem> {
        // The layer has put it there; without it nobody is let in.
        let logged_in = parts.extensions.get::<Self>().cloned();
        logged_in.ok_or_else(|| Problem::new(ErrorCode::Unauthorized, "Log in first."))
    }
}

/// A page with what it shows.
fn page(services: &Services, content: AdminContent) -> Response {
    let page = AdminPage {
        styles: services
            .assets
            .path("admin.css")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        content,
    };
    Html(admin_document(page)).into_response()
}

fn unavailable(services: &Services) -> Response {
    let mut response = page(services, AdminContent::Unavailable);
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

/// A moment for people, to the minute, in UTC: `2026-01-31 23:59`.
fn minute(moment: Timestamp) -> String {
    for_people(moment, 16)
}

/// The same to the second.
fn second(moment: Timestamp) -> String {
    for_people(moment, 19)
}

fn for_people(moment: Timestamp, characters: usize) -> String {
    let text = rfc3339(moment);
    text.get(..characters).unwrap_or_default().replace('T', " ")
}
