use super::plain::Place;
use crate::http::headers::{PagePolicy, page_policy};
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use phone_verify_app::pages::{Page, PlainForm, plain_document, shell};
use phone_verify_app::words::Words;

/// `GET /`: what this server does, and in development the thing itself to try.
pub(super) async fn home(
    State(services): State<Services>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let plain = place(&services).map(|place| place.first(&services)).transpose()?;
    Ok(rendered(page(&services), plain, None, request).await)
}

/// `POST /`: the same without JavaScript.
pub(super) async fn try_plainly(
    State(services): State<Services>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let place = place(&services).ok_or_else(Problem::method_not_allowed)?;
    let posted = place.posted(&services, request).await?;
    let form = place.answer(&services, posted).await?;
    Ok(plainly(&services, &form, None, place.words))
}

fn place(services: &Services) -> Option<Place<'_>> {
    services.page_site.as_ref().map(|site| Place {
        action: "/".to_owned(),
        site,
        session: None,
        words: Words::ENGLISH,
    })
}

/// A page, or how to get the browser's files where they are not in this binary. `target` is the origin that the page's forms
/// lead on to.
pub(super) async fn rendered(
    page: Option<Page>,
    plain: Option<PlainForm>,
    target: Option<String>,
    request: Request,
) -> Response<Body> {
    let Some(page) = page else {
        let text = Html(include_str!("not_built.html"));
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    };
    let has_frame = page.choice.is_some();
    let render = leptos_axum::render_app_async(move || {
        allow_own_script(target.as_deref(), has_frame);
        shell(page.clone(), plain.clone())
    });
    render(request).await
}

/// A page that needs no script, with the status that the refusal in it has.
pub(super) fn plainly(
    services: &Services,
    form: &PlainForm,
    target: Option<&str>,
    words: Words,
) -> Response<Body> {
    // Without the browser's files it has no looks, and works all the same.
    let page = Page {
        words,
        ..page(services).unwrap_or_default()
    };
    let refusal = form.problem.as_ref();
    let mut response = Html(plain_document(&page, form)).into_response();
    let allowed = PagePolicy {
        form_target: target,
        ..PagePolicy::default()
    };
    if let Some(policy) = page_policy(allowed) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(error) = refusal {
        *response.status_mut() = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
        if let Some(seconds) = error.retry_in {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    response
}

/// Leptos ends a page with an inline script, under a nonce: the policy lets that one run.
fn allow_own_script(target: Option<&str>, has_frame: bool) {
    let policy = use_nonce().and_then(|nonce| {
        page_policy(PagePolicy {
            nonce: Some(&nonce),
            form_target: target,
            has_frame,
            is_framed: false,
        })
    });
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
        choice: None,
        words: Words::ENGLISH,
    })
}
