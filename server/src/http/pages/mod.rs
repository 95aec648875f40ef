//! The server's own pages: rendered here, taken over by the wasm in the browser, talking by server functions.

mod actions;
mod configurator;
mod home;
pub(crate) mod own_page;
mod plain;
mod verify;

use super::services::Services;
use any_spawner::Executor;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use phone_verify_app::pages::{CONFIGURATOR_PATH, PREVIEW_PATH};

pub(super) fn routes(services: &Services) -> Router<Services> {
    // Leptos spawns what it renders; that somebody in this process has told it how before is as good.
    let _ = Executor::init_tokio();
    let home = if services.page_site.is_some() {
        get(home::home).post(home::try_plainly)
    } else {
        get(home::home)
    };
    Router::new()
        .route("/", home)
        .route(CONFIGURATOR_PATH, get(configurator::configurator))
        .route(PREVIEW_PATH, get(configurator::preview))
        .route(
            "/verify/{session}",
            get(verify::verify).post(verify::verify_plainly),
        )
        .route("/verify/{session}/continue", get(verify::onward_from))
        .route("/favicon.ico", get(favicon))
        .route("/robots.txt", get(robots))
        .merge(actions::routes(services))
}

/// Browsers ask for it unasked, and note in the console where it is missing.
async fn favicon() -> Response {
    public_file("image/svg+xml", include_str!("../../../../public/favicon.svg"))
}

/// Sessions' pages are for one person each, and what is under `/dev` is for nobody else.
async fn robots() -> Response {
    public_file(
        "text/plain; charset=utf-8",
        include_str!("../../../../public/robots.txt"),
    )
}

fn public_file(content_type: &'static str, body: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, body).into_response()
}
