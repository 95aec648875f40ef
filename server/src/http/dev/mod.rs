//! Pages of development; production has none of them.

mod embedded;
mod outbox;

use super::services::Services;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/outbox", get(outbox::outbox))
        .route("/embedded", get(embedded::page))
        .route(
            "/embedded.js",
            get(async || file("text/javascript; charset=utf-8", include_str!("embedded.js"))),
        )
        .route(
            "/dev.css",
            get(async || file("text/css; charset=utf-8", include_str!("dev.css"))),
        )
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, content_type)], text).into_response()
}
