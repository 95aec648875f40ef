use crate::http::headers::page_policy;
use crate::http::services::Services;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use phone_verify_app::pages::{Page, shell};

/// `GET /`: what this server does, and in development the thing itself to try.
pub(super) async fn home(State(services): State<Services>, request: Request) -> Response<Body> {
    rendered(page(&services), request).await
}

/// A page, or how to get the browser's files where they are not in this binary.
pub(super) async fn rendered(page: Option<Page>, request: Request) -> Response<Body> {
    let Some(page) = page else {
        let text = Html(include_str!("not_built.html"));
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    };
    let render = leptos_axum::render_app_async(move || {
        allow_own_script();
        shell(page.clone())
    });
    render(request).await
}

/// Leptos ends a page with an inline script, under a nonce: the policy lets that one run.
fn allow_own_script() {
    let policy = use_nonce().and_then(|nonce| page_policy(Some(&nonce)));
    if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// What the page needs; nothing where the browser's files are not in this binary.
pub(super) fn page(services: &Services) -> Option<Page> {
    let assets = &services.assets;
    let styles = ["embed/phone-verify.css", "pages.css"];
    Some(Page {
        script: assets.path("pages.js")?.to_owned(),
        styles: styles
            .iter()
            .filter_map(|name| assets.path(name).map(str::to_owned))
            .collect(),
        site_key: services.page_site.as_ref().map(ToString::to_string),
        public_url: services.own_origin.clone(),
        outbox: services.nothing_is_sent.then(|| "/dev/outbox".to_owned()),
        errand: None,
    })
}
