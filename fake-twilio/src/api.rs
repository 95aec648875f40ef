//! Twilio's own paths.

use crate::behaviour::{Behaviour, Fault};
use crate::call;
use crate::console;
use crate::journal::Ticket;
use crate::listener::{HangUp, Shared};
use crate::lookup::{self, Line};
use crate::message;
use crate::parameters::{self, Form};
use crate::refusal::Refusal;
use crate::request::ApiRequest;
use crate::resource::{Item, Kind, rfc2822};
use crate::verify;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Answers a request to Twilio.
pub(crate) async fn handle(
    State(fake): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = ApiRequest::read(method, &uri, &headers, &body);
    let ticket = fake.journal().receive(&request);
    match answer(&fake, &request, ticket).await {
        Ok(response) => response,
        Err(refusal) => {
            let mut journal = fake.journal();
            if refusal.violation {
                journal.violated(ticket, refusal.message.clone());
            }
            journal.answered(ticket, refusal.status, Some(refusal.code));
            refusal.into_response()
        }
    }
}

async fn answer(fake: &Arc<Shared>, request: &ApiRequest, ticket: Ticket) -> Result<Response, Refusal> {
    if let Some(number) = lookup::number_in(&request.path) {
        return look_up(fake, request, &number, ticket).await;
    }
    if let Some(segments) = console::segments(&request.path) {
        let sid = if segments[0] == "Accounts" {
            segments[1]
        } else {
            &fake.account.sid
        };
        authenticate(fake, request, sid)?;
        let console = fake.console().clone();
        let answer = console.answer(&segments, request, &fake.account)?;
        fake.journal().answered(ticket, 200, None);
        let now = Timestamp::now() + jiff::SignedDuration::from_secs(console.clock_ahead);
        let date = rfc2822(now).replace("+0000", "GMT");
        return Ok(([(header::DATE, date)], axum::Json(answer)).into_response());
    }

    if let Some(route) = verify::Route::of(&request.path) {
        authenticate(fake, request, &fake.account.sid)?;
        return verify::answer(fake, request, &route, ticket).await;
    }
    let segments = request
        .segments()
        .ok_or_else(|| Refusal::not_found(&request.path))?;
    authenticate(fake, request, segments.first().map_or("", |sid| sid))?;
    if request.strange_body {
        return Err(Refusal::violation(20422, "The body is not a form"));
    }
    let ok = |value: Value| {
        fake.journal().answered(ticket, 200, None);
        Ok(axum::Json(value).into_response())
    };
    let resource = match segments.get(1).copied() {
        Some("Messages") => Kind::Messages,
        Some("Calls") => Kind::Calls,
        _ => return Err(Refusal::not_found(&request.path)),
    };
    match (segments.get(2..).unwrap_or_default(), &request.method) {
        ([], &Method::POST) => create(fake, request, resource, ticket).await,
        ([], &Method::GET) => ok(list(fake, request, resource)?),
        ([sid], &Method::GET) => {
            parameters::check(&request.query, parameters::NONE)?;
            ok(fake.json(&find(fake, request, resource, sid)?))
        }
        ([sid], &Method::POST) => ok(update(fake, request, resource, sid)?),
        ([] | [_], _) => Err(Refusal::new(405, 20004, "Method not allowed")),
        _ => Err(Refusal::not_found(&request.path)),
    }
}

async fn look_up(
    fake: &Shared,
    request: &ApiRequest,
    number: &str,
    ticket: Ticket,
) -> Result<Response, Refusal> {
    authenticate(fake, request, &fake.account.sid)?;
    if request.method != Method::GET {
        return Err(Refusal::new(405, 20004, "Method not allowed"));
    }
    let line = fake.lines().get(number).cloned();
    let line = line.unwrap_or_else(|| Line::of("mobile"));
    tokio::time::sleep(Duration::from_millis(line.delay_ms)).await;
    let answer = lookup::answer(number, &request.query, &line)?;
    fake.journal().answered(ticket, 200, None);
    Ok(axum::Json(answer).into_response())
}

fn authenticate(fake: &Shared, request: &ApiRequest, path_sid: &str) -> Result<(), Refusal> {
    let (Some(user), Some(password)) = (&request.user, &request.password) else {
        return Err(Refusal::new(
            401,
            20003,
            "Authentication Error - No credentials provided",
        ));
    };
    if !fake.account.admits(user, password) {
        return Err(Refusal::new(401, 20003, "Authenticate"));
    }
    if path_sid.starts_with("SK") {
        return Err(Refusal::violation(
            21470,
            "The path holds an API key, not the Account SID",
        ));
    }
    if path_sid != fake.account.sid {
        return Err(Refusal::new(401, 20003, "Authenticate"));
    }
    Ok(())
}

async fn create(
    fake: &Arc<Shared>,
    request: &ApiRequest,
    resource: Kind,
    ticket: Ticket,
) -> Result<Response, Refusal> {
    let mut item = match resource {
        Kind::Messages => message::create(&request.form)?,
        Kind::Calls => call::create(&request.form)?,
    };
    parameters::check(&request.query, parameters::NONE)?;
    let behaviour = fake.script().take(resource.resource(), &item.to);
    item.price.clone_from(&behaviour.price);
    let body = fake.json(&item);
    if behaviour.sends() {
        let sid = item.sid.clone();
        fake.journal().take(item);
        let (early, late) = behaviour
            .callbacks
            .clone()
            .into_iter()
            .partition::<Vec<_>, _>(|callback| callback.early);
        fake.report(resource, &sid, &early).await;
        let reporter = Arc::clone(fake);
        tokio::spawn(async move { reporter.report(resource, &sid, &late).await });
    }
    tokio::time::sleep(Duration::from_millis(behaviour.delay_ms)).await;
    let (status, code, response) = scripted(&behaviour, StatusCode::CREATED, &body);
    fake.journal().answered(ticket, status.as_u16(), code);
    Ok(response)
}

/// The answer to a request that was taken with `success`, with what the script changes of it.
pub(crate) fn scripted(
    behaviour: &Behaviour,
    success: StatusCode,
    body: &Value,
) -> (StatusCode, Option<u32>, Response) {
    let script = behaviour.answer.as_ref();
    let status = script
        .and_then(|answer| StatusCode::from_u16(answer.status).ok())
        .unwrap_or(success);
    let code = script.and_then(|answer| answer.code);
    let mut response = match script {
        None => broken(behaviour.fault, body.to_string()),
        Some(answer) => match answer.code {
            Some(code) => {
                let message = answer.message.clone().unwrap_or_else(|| format!("Error {code}"));
                let refusal = json!({
                    "code": code,
                    "message": message,
                    "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
                    "status": status.as_u16(),
                });
                broken(behaviour.fault, refusal.to_string())
            }
            None if status.is_success() => broken(behaviour.fault, body.to_string()),
            None => broken(Some(behaviour.fault.unwrap_or(Fault::Garbage)), String::new()),
        },
    };
    *response.status_mut() = status;
    for (name, value) in script.iter().flat_map(|answer| &answer.headers) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    (status, code, response)
}

fn broken(fault: Option<Fault>, body: String) -> Response {
    const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];
    match fault {
        None => (JSON, body).into_response(),
        Some(Fault::Drop) => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(HangUp);
            response
        }
        Some(Fault::Half) => {
            let length = body.len();
            let half = Bytes::from(body).slice(..length / 2);
            let parts = stream::unfold(Some(half), |half| async move {
                if let Some(half) = half {
                    return Some((Ok(half), None));
                }
                // The first half must have left before the connection breaks.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::other("scripted")), None))
            });
            let mut response = (JSON, Body::from_stream(parts)).into_response();
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            response
        }
        Some(Fault::Garbage) => {
            let page = "<html><body><h1>Gateway</h1></body></html>";
            ([(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
    }
}

fn find(fake: &Shared, request: &ApiRequest, resource: Kind, sid: &str) -> Result<Item, Refusal> {
    fake.journal()
        .item(resource, sid)
        .cloned()
        .ok_or_else(|| Refusal::not_found(&request.path))
}

fn list(fake: &Shared, request: &ApiRequest, resource: Kind) -> Result<Value, Refusal> {
    let (table, key) = match resource {
        Kind::Messages => (parameters::LIST_MESSAGES, "messages"),
        Kind::Calls => (parameters::LIST_CALLS, "calls"),
    };
    parameters::check(&request.query, table)?;
    let number = |name, default| {
        request
            .query
            .get(name)
            .and_then(|value| value.parse::<usize>().ok())
            .unwrap_or(default)
    };
    let (page, page_size) = (number("Page", 0), number("PageSize", 50));
    let items = fake.journal().list(resource, &request.query);
    let start = page.saturating_mul(page_size).min(items.len());
    let shown: Vec<Value> = items
        .iter()
        .skip(start)
        .take(page_size)
        .map(|item| fake.json(item))
        .collect();
    let uri = |page: usize| {
        let mut query = Form(request.query.0.clone());
        query
            .0
            .retain(|(name, _)| !matches!(name.as_str(), "Page" | "PageSize" | "PageToken"));
        query.0.push(("PageSize".to_owned(), page_size.to_string()));
        query.0.push(("Page".to_owned(), page.to_string()));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&query.0)
            .finish();
        format!("{}?{query}", request.path)
    };
    Ok(json!({
        "end": (start + shown.len()).saturating_sub(1),
        "first_page_uri": uri(0),
        "next_page_uri": (start + shown.len() < items.len()).then(|| uri(page + 1)),
        "page": page,
        "page_size": page_size,
        "previous_page_uri": page.checked_sub(1).map(uri),
        "start": start,
        "uri": uri(page),
        key: shown,
    }))
}

/// Cancels or ends, where that is possible any more.
fn update(fake: &Shared, request: &ApiRequest, resource: Kind, sid: &str) -> Result<Value, Refusal> {
    let table = match resource {
        Kind::Messages => parameters::UPDATE_MESSAGE,
        Kind::Calls => parameters::UPDATE_CALL,
    };
    parameters::check(&request.form, table)?;
    let mut journal = fake.journal();
    let item = journal
        .item(resource, sid)
        .ok_or_else(|| Refusal::not_found(&request.path))?;
    if let Some(status) = request.form.get("Status") {
        let possible = match resource {
            Kind::Messages => matches!(item.status.as_str(), "queued" | "accepted" | "scheduled"),
            Kind::Calls if status == "canceled" => {
                matches!(item.status.as_str(), "queued" | "initiated" | "ringing")
            }
            Kind::Calls => !call::ended(&item.status),
        };
        if possible {
            status.clone_into(&mut item.status);
            item.updated = Timestamp::now();
        } else {
            return Err(Refusal::new(
                400,
                21220,
                format!("It is {} already.", item.status),
            ));
        }
    }
    Ok(fake.json(item))
}
