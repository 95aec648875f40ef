use super::home::{page, rendered};
use crate::http::headers::{PagePolicy, page_policy};
use crate::http::services::Services;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::CONTENT_SECURITY_POLICY;
use phone_verify_app::pages::{Choice, Page, preview_document};

/// `GET /configurator`: choose attributes and skin, see the widget, copy the lines. A page like `/`, and as public.
pub(super) async fn configurator(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response<Body> {
    let choice = choice(&services, query);
    let page = page(&services).map(|page| Page {
        choice: Some(choice),
        ..page
    });
    rendered(page, None, None, request).await
}

/// `GET /configurator/preview`: the widget in the configurator's frame, for this server's own pages alone.
pub(super) async fn preview(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response<Body> {
    let Some(page) = page(&services) else {
        return rendered(None, None, None, request).await;
    };
    let choice = choice(&services, query);
    let skin = choice
        .skin()
        .and_then(|skin| services.assets.path(&format!("skins/{}.css", skin.name())));
    let mut response = Html(preview_document(&page, &choice, skin.map(str::to_owned))).into_response();
    let allowed = PagePolicy {
        is_framed: true,
        ..PagePolicy::default()
    };
    if let Some(policy) = page_policy(allowed) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn choice(services: &Services, query: Option<String>) -> Choice {
    let site_key = services.page_site.as_ref().map(ToString::to_string);
    Choice::from_query(&query.unwrap_or_default(), site_key.as_deref())
}
