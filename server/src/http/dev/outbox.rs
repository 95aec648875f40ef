use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::senders::outbox::Entry;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::HeaderMap;
use http::header::{ACCEPT, VARY};
use serde::Deserialize;
use std::fmt::Write;

/// Which messages.
#[derive(Deserialize)]
pub(super) struct Filter {
    /// Those to this number, in E.164.
    to: Option<String>,
}

/// `GET /dev/outbox`: a page, or with `Accept: application/json` a list.
pub(super) async fn outbox(
    State(services): State<Services>,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Response {
    let Some(outbox) = &services.outbox else {
        return Problem::no_such_route().into_response();
    };
    // A `+` that was not encoded arrives as a space.
    let to = filter
        .to
        .map(|to| to.trim().to_owned())
        .filter(|to| !to.is_empty());
    let to = to.map(|to| if to.starts_with('+') { to } else { format!("+{to}") });
    let entries = outbox.newest_first(to.as_deref());
    let wants_json = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    if wants_json {
        ([(VARY, "accept")], axum::Json(entries)).into_response()
    } else {
        ([(VARY, "accept")], Html(page(&entries))).into_response()
    }
}

fn page(entries: &[Entry]) -> String {
    let mut list = String::new();
    for entry in entries {
        // Writing to a string does not fail.
        let _ = write!(
            list,
            "<li><p class=\"what\"><span class=\"to\">{}</span> <span class=\"channel\">{}</span> <time>{}</time></p>\
             <p class=\"code\">{}</p><p class=\"body\">{}</p></li>",
            escape(&entry.to),
            entry.channel,
            escape(&entry.at),
            escape(&entry.code),
            escape(&entry.body),
        );
    }
    if list.is_empty() {
        list.push_str("<li class=\"none\">Nothing yet. A code that is asked for appears here.</li>");
    }
    include_str!("outbox.html").replace("{{entries}}", &list)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
