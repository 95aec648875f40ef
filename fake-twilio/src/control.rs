//! The fake's own paths under `/fake`.

use crate::behaviour::Behaviour;
use crate::callback::WebhookCall;
use crate::console::Console;
use crate::journal::{CallbackRecord, RequestRecord, Sent};
use crate::listener::Shared;
use crate::lookup::Line;
use crate::verify::VerificationRecord;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// All of them.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/fake/requests", get(requests).delete(forget))
        .route("/fake/messages", get(messages))
        .route("/fake/behaviour", post(behave).delete(behave_well))
        .route("/fake/console", post(console))
        .route("/fake/lines", post(lines))
        .route("/fake/verifications", get(verifications).delete(expire))
        .route("/fake/outage", post(outage))
        .route("/fake/callbacks", get(callbacks))
        .route("/fake/callback", post(callback))
}

async fn requests(State(fake): State<Arc<Shared>>) -> Json<Vec<RequestRecord>> {
    Json(fake.journal().requests())
}

async fn forget(State(fake): State<Arc<Shared>>) -> StatusCode {
    fake.journal().forget();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

async fn messages(State(fake): State<Arc<Shared>>, Query(query): Query<To>) -> Json<Vec<Sent>> {
    // A `+` that was not escaped arrives as a space.
    let to = query.to.map(|to| to.replacen(' ', "+", 1));
    Json(fake.journal().sent(to.as_deref()))
}

async fn verifications(
    State(fake): State<Arc<Shared>>,
    Query(query): Query<To>,
) -> Json<Vec<VerificationRecord>> {
    let to = query.to.map(|to| to.replacen(' ', "+", 1));
    Json(fake.verifications().records(to.as_deref()))
}

async fn expire(State(fake): State<Arc<Shared>>) -> StatusCode {
    fake.verifications().expire();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(Box<Behaviour>),
    More(Vec<Behaviour>),
}

async fn behave(State(fake): State<Arc<Shared>>, Json(behaviours): Json<OneOrMore>) -> StatusCode {
    let mut script = fake.script();
    match behaviours {
        OneOrMore::One(behaviour) => script.add(*behaviour),
        OneOrMore::More(behaviours) => behaviours.into_iter().for_each(|one| script.add(one)),
    }
    StatusCode::NO_CONTENT
}

async fn behave_well(State(fake): State<Arc<Shared>>) -> StatusCode {
    fake.script().clear();
    StatusCode::NO_CONTENT
}

async fn console(State(fake): State<Arc<Shared>>, Json(console): Json<Console>) -> StatusCode {
    *fake.console() = console;
    StatusCode::NO_CONTENT
}

async fn lines(State(fake): State<Arc<Shared>>, Json(lines): Json<HashMap<String, Line>>) -> StatusCode {
    fake.lines().extend(lines);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Outage {
    for_ms: u64,
}

async fn outage(State(fake): State<Arc<Shared>>, Json(outage): Json<Outage>) -> StatusCode {
    fake.refuse_for(Duration::from_millis(outage.for_ms));
    StatusCode::NO_CONTENT
}

async fn callbacks(State(fake): State<Arc<Shared>>) -> Json<Vec<CallbackRecord>> {
    Json(fake.journal().callbacks())
}

async fn callback(State(fake): State<Arc<Shared>>, Json(call): Json<WebhookCall>) -> Json<CallbackRecord> {
    Json(fake.call_webhook(call).await)
}
