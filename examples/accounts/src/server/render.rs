//! Pages as answers.

use super::Accounts;
use super::recovery::secret;
use super::routes::files;
use super::stop::Stop;
use crate::app::shell;
use crate::page::{Content, Page};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// What went wrong with a posted form: the answer's status, and the reason in words.
pub(super) type Problem = (StatusCode, String);

/// The page, again with the reason where there is one.
pub(super) async fn page(
    accounts: &Accounts,
    content: Content,
    problem: Option<Problem>,
) -> Result<Response, Stop> {
    let (status, problem) = problem.unzip();
    let page = Page {
        content,
        problem,
        once: secret(&*accounts.random)?,
        outbox: accounts.embedded.nothing_is_sent(),
    };
    let mut styles: Vec<_> = accounts
        .embedded
        .style_sheets()
        .into_iter()
        .map(str::to_owned)
        .collect();
    styles.push(files::STYLE.to_owned());
    let embedded = accounts.embedded.clone();
    let render = leptos_axum::render_app_async(move || {
        // Leptos ends a page with an inline script, under a nonce: the policy lets that one run.
        let policy = use_nonce().and_then(|nonce| embedded.page_policy(&nonce));
        if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
        shell(page.clone(), styles.clone(), files::script_path())
    });
    let mut response = render(Request::new(Body::empty())).await;
    *response.status_mut() = status.unwrap_or(StatusCode::OK);
    Ok(response)
}
