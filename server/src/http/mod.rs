//! HTTP: what a request passes on its way in, and the routes.
//!
//! ```text
//! listener -> router (404, 405) -> trace -> headers -> host (421) -> CORS -> panics (500)
//!          -> credentials (401) -> body (415, 413, 400) -> Verifier
//! ```

mod admin;
mod assets;
mod body;
mod caller;
mod client_address;
mod cors;
mod credentials;
mod dev;
mod form;
mod headers;
mod health;
mod host;
mod host_guard;
mod idempotency;
mod json;
mod jwks;
mod listener;
mod openapi;
mod pages;
mod passage;
mod problem;
mod segment;
mod services;
mod trace;
mod twilio_in;
mod v1;
mod verify_v2;

pub use assets::Assets;
pub use client_address::{Peer, client_address};
pub(crate) use headers::{PagePolicy, page_policy};
pub use host_guard::Hosts;
pub use listener::{Limits as ConnectionLimits, serve};
pub(crate) use pages::own_page;
pub use services::{Parts, Services};
pub use twilio_in::TwilioWebhooks;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use problem::Problem;

/// All routes, behind all that a request passes before them. `own` are those of a program that embeds the server.
pub fn router(services: &Services, own: Option<Router>) -> Router {
    let mut routes = Router::new()
        .route("/healthz", get(health::health))
        .route("/readyz", get(health::ready))
        .merge(openapi::routes())
        .route(jwks::PATH, get(jwks::jwks))
        .merge(v1::routes())
        .merge(verify_v2::routes())
        .merge(twilio_in::routes())
        .merge(assets::routes())
        .merge(pages::routes(services))
        .merge(admin::routes(services));
    if services.development {
        routes = routes.nest("/dev", dev::routes());
    }
    let routes = routes
        .fallback(async || Problem::no_such_route())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .with_state(services.clone());
    // Of each router by itself, which alone knows what its routes are called.
    let passed = |routes: Router| routes.layer(from_fn_with_state(services.clone(), passage::pass));
    match own {
        Some(own) => passed(own).fallback_service(passed(routes)),
        None => passed(routes),
    }
}
