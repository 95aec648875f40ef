//! The server's own pages: rendered here, taken over by the wasm in the browser, talking by server functions.

mod actions;
mod home;
mod verify;

use super::services::Services;
use any_spawner::Executor;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

pub(super) fn routes(services: &Services) -> Router<Services> {
    // Leptos spawns what it renders; that somebody in this process has told it how before is as good.
    let _ = Executor::init_tokio();
    Router::new()
        .route("/", get(home::home))
        .route("/verify/{session}", get(verify::verify))
        .route("/verify/{session}/continue", get(verify::onward_from))
        .route("/favicon.ico", get(favicon))
        .merge(actions::routes(services))
}

/// Browsers ask for it unasked, and note in the console where it is missing.
async fn favicon() -> Response {
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, include_str!("favicon.svg")).into_response()
}
