//! The description of the API: `OpenAPI` 3.1, made of the handlers and types themselves, and a page of it for people.

mod document;
mod page;
mod refusal;
mod schema;

pub(super) use refusal::{Refusals, TwilioRefusals, refusals};
pub(super) use schema::{name, one_of};

use super::services::Services;
use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use std::sync::LazyLock;

/// Both change with a release only.
const HOUR: &str = "public, max-age=3600";

/// The document as it is served.
static JSON: LazyLock<String> = LazyLock::new(|| document::document().to_string());

/// The page as it is served.
static PAGE: LazyLock<String> = LazyLock::new(|| page::page(&document::document()));

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/openapi.json", get(async || json()))
        .route(
            "/openapi",
            get(async || ([(CACHE_CONTROL, HOUR)], Html(PAGE.as_str()))),
        )
        .route("/openapi.css", get(async || style()))
}

fn json() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, HOUR),
        // Editors and generators on other people's pages read it.
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, JSON.as_str()).into_response()
}

fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, HOUR)];
    (headers, include_str!("page.css")).into_response()
}
