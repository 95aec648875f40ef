//! `/api`: the server functions that [`phone_verify_app`] names, and no others, behind one layer.

use super::own_page;
use crate::http::body;
use crate::http::json;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::HeaderValue;
use http::header::{ACCEPT, HeaderName, REFERER};
use leptos::prelude::provide_context;
use phone_verify_app::gateway::actions::{
    CancelVerification, CheckCode, ResendCode, StartVerification, ViewVerification,
};
use phone_verify_domain::{ErrorCode, Verifier};
use server_fn::ServerFn;
use std::sync::Arc;

/// All of them.
const PATHS: [&str; 5] = [
    StartVerification::PATH,
    ResendCode::PATH,
    CheckCode::PATH,
    ViewVerification::PATH,
    CancelVerification::PATH,
];

/// Leptos names the failed function in it; nobody here asks.
const SERVER_FUNCTION_ERROR: HeaderName = HeaderName::from_static("serverfnerror");

/// A route for each server function.
pub(super) fn routes(services: &Services) -> Router<Services> {
    phone_verify_app::register_server_functions();
    let mut routes = Router::new();
    for path in PATHS {
        routes = routes.route(path, post(call));
    }
    routes.route_layer(from_fn_with_state(services.clone(), admit))
}

async fn call(State(services): State<Services>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let caller = own_page::caller(&parts, &services);
    let verifier: Arc<dyn Verifier> = services.verifier.clone();
    let context = move || {
        provide_context(verifier.clone());
        provide_context(caller.clone());
    };
    leptos_axum::handle_server_fns_with_context(context, Request::from_parts(parts, body))
        .await
        .into_response()
}

/// Lets through what this server's own pages send: from their origin, JSON as strict as the browser API's, and asking for
/// JSON, so that nothing is answered by a redirect.
async fn admit(State(services): State<Services>, request: Request, next: Next) -> Response {
    match admitted(&services, request).await {
        Ok(request) => {
            let mut response = next.run(request).await;
            response.headers_mut().remove(SERVER_FUNCTION_ERROR);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admitted(services: &Services, request: Request) -> Result<Request, Problem> {
    let (mut parts, body) = request.into_parts();
    if !own_page::asks(&parts.headers, &services.own_origin) {
        return Err(Problem::new(
            ErrorCode::OriginRefused,
            "Only this server's own pages may call this address.",
        )
        .closing());
    }
    let bytes = body::read_json(&parts.headers, body).await?;
    json::object(&bytes)?;
    parts.headers.remove(REFERER);
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(Request::from_parts(parts, Body::from(bytes)))
}
