//! The server's own pages: rendered here, taken over by the wasm in the browser, talking by server functions.

mod actions;
mod home;

use super::services::Services;
use any_spawner::Executor;
use axum::Router;
use axum::routing::get;

pub(super) fn routes(services: &Services) -> Router<Services> {
    // Leptos spawns what it renders; that somebody in this process has told it how before is as good.
    let _ = Executor::init_tokio();
    Router::new()
        .route("/", get(home::home))
        .merge(actions::routes(services))
}
