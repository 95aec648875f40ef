use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer, start_body};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const PATH: &str = "/v1/subjects/17/number";

fn path(subject: &str) -> String {
    format!("/v1/subjects/{subject}/number")
}

async fn claim(server: &TestServer, subject: &str, token: &str) -> Reply {
    let body = json!({ "token": token });
    server.host(Method::PUT, &path(subject), &body).await
}

async fn held(server: &TestServer, subject: &str) -> Reply {
    server.host(Method::GET, &path(subject), &Value::Null).await
}

async fn release(server: &TestServer, subject: &str) -> Reply {
    server.host(Method::DELETE, &path(subject), &Value::Null).await
}

async fn token(server: &TestServer) -> String {
    server.token_of(&start_body(NUMBER)).await
}

#[tokio::test]
async fn a_subject_holds_the_number_that_it_proved_until_it_is_released() {
    let server = TestServer::start().await;
    held(&server, "17").await.assert_problem(404, "not_found");
    let token = token(&server).await;
    let reply = claim(&server, "17", &token).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["released"], json!([]));
    assert_eq!(claim(&server, "17", &token).await.body, reply.body, "repeatable");
    server
        .redeem(&token)
        .await
        .assert_problem(409, "already_redeemed");
    claim(&server, "18", &token)
        .await
        .assert_problem(409, "already_redeemed");

    let shown = held(&server, "17").await;
    assert_eq!(shown.status, 200, "{shown:?}");
    assert_eq!(
        (&shown.body["verified"], &shown.body["to"], &shown.body["channel"]),
        (&json!(true), &json!("+1 ••• ••• ••34"), &json!("sms"))
    );
    assert_eq!(shown.body["verified_at"], "2027-01-15T08:00:00Z");
    assert_eq!(shown.body["phone_number_index"].as_str().unwrap().len(), 64);
    assert_eq!(
        (shown.body.get("phone_number"), shown.body.get("released")),
        (None, None)
    );

    for _ in 0..2 {
        let released = release(&server, "17").await;
        assert_eq!((released.status, released.bytes.len()), (204, 0));
    }
    held(&server, "17").await.assert_problem(404, "not_found");
    claim(&server, "17", &token)
        .await
        .assert_problem(409, "already_redeemed");
}

#[tokio::test]
async fn one_number_is_one_accounts_and_a_refused_claim_spends_nothing() {
    let server = TestServer::start().await;
    let (first, second) = (token(&server).await, token(&server).await);
    assert_eq!(claim(&server, "17", &first).await.status, 200);
    claim(&server, "18", &second)
        .await
        .assert_problem(409, "number_taken");
    held(&server, "18").await.assert_problem(404, "not_found");
    assert_eq!(release(&server, "17").await.status, 204);
    assert_eq!(claim(&server, "18", &second).await.status, 200);
}

#[tokio::test]
async fn with_move_the_older_holder_is_told_to_the_host() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__ON_CONFLICT", "move"),
    ])
    .await;
    let (first, second) = (token(&server).await, token(&server).await);
    assert_eq!(claim(&server, "user 17", &first).await.status, 200);
    let moved = claim(&server, "18", &second).await;
    assert_eq!(
        (moved.status, &moved.body["released"]),
        (200, &json!(["user 17"]))
    );
    assert_eq!(claim(&server, "18", &second).await.body, moved.body, "repeatable");
    held(&server, "user 17").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn a_number_proved_too_long_ago_is_unverified_and_gives_way() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__REVERIFY_AFTER", "45d"),
    ])
    .await;
    let day = Duration::from_hours(24);
    assert_eq!(claim(&server, "17", &token(&server).await).await.status, 200);
    server.clock.advance(day * 44);
    assert_eq!(held(&server, "17").await.body["verified"], true);
    claim(&server, "18", &token(&server).await)
        .await
        .assert_problem(409, "number_taken");
    server.clock.advance(day);
    assert_eq!(held(&server, "17").await.body["verified"], false);
    let taken_over = claim(&server, "18", &token(&server).await).await;
    assert_eq!(
        (taken_over.status, &taken_over.body["released"]),
        (200, &json!(["17"])),
        "{taken_over:?}"
    );
}

#[tokio::test]
async fn a_change_of_number_leaves_the_old_one_free() {
    let server = TestServer::start().await;
    assert_eq!(claim(&server, "17", &token(&server).await).await.status, 200);
    let other = server.token_of(&start_body(OTHER_NUMBER)).await;
    assert_eq!(claim(&server, "17", &other).await.status, 200);
    assert_eq!(held(&server, "17").await.body["to"], "+44 ••• ••• ••56");
    assert_eq!(claim(&server, "18", &token(&server).await).await.status, 200);
}

#[tokio::test]
async fn of_64_subjects_at_once_as_many_as_may_hold_the_number() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__SUBJECTS_PER_NUMBER", "3"),
        ("LIMITS__NUMBER__PENDING", "100"),
        ("LIMITS__NUMBER__PER_HOUR", "1000"),
        ("LIMITS__NUMBER__PER_DAY", "1000"),
        ("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "1000"),
    ])
    .await;
    let mut tokens = Vec::new();
    for _ in 0..64 {
        tokens.push(token(&server).await);
    }
    let claims = tokens.iter().enumerate().map(async |(subject, token)| {
        let reply = claim(&server, &subject.to_string(), token).await;
        (reply.status, reply.body["code"].clone())
    });
    let replies = join_all(claims).await;
    let count = |status: u16| replies.iter().filter(|(got, _)| *got == status).count();
    assert_eq!((count(200), count(409)), (3, 61), "{replies:?}");
    let taken = replies.iter().filter(|(_, code)| code == "number_taken").count();
    assert_eq!(taken, 61);
}

#[tokio::test]
async fn with_encrypted_storage_the_sites_server_reads_the_number_and_the_database_does_not() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__NUMBER_STORAGE", "encrypted"),
        ("SITES__0__TOKEN_NUMBER", "true"),
    ])
    .await;
    // The browser need not present the number for the token to carry it: the server keeps it.
    let session = server.session(&json!({"subject": "17"})).await;
    let mut body = start_body(NUMBER);
    body["session"] = session.as_str().into();
    let token = server.token_of(&body).await;
    let path = format!("/v1/sessions/{session}");
    let state = server.host(Method::GET, &path, &Value::Null).await;
    for token in [token.as_str(), state.body["token"].as_str().unwrap()] {
        let reply = claim(&server, "17", token).await;
        assert_eq!((reply.status, &reply.body["phone_number"]), (200, &json!(NUMBER)));
    }
    assert_eq!(held(&server, "17").await.body["phone_number"], NUMBER);
    let mut files = std::fs::read_dir(server.folder().join("data")).unwrap();
    let found = files.any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        bytes.windows(10).any(|window| window == b"2025550134")
    });
    assert!(!found);
}

#[tokio::test]
async fn bad_names_and_tokens_are_refused() {
    let server = TestServer::start().await;
    for token in ["", "x", "a.b.c"] {
        claim(&server, "17", token)
            .await
            .assert_problem(422, "invalid_token");
    }
    for subject in ["%0A", "a%00b", &"x".repeat(256)] {
        for method in [Method::GET, Method::DELETE] {
            let reply = server.host(method, &path(subject), &Value::Null).await;
            reply.assert_problem(400, "invalid_request");
        }
        claim(&server, subject, "x")
            .await
            .assert_problem(400, "invalid_request");
    }
    let reply = server.host(Method::GET, &path("%ff"), &Value::Null).await;
    reply.assert_problem(400, "invalid_request");
    let reply = Reply::of(server.request(Method::PATCH, PATH)).await;
    reply.assert_problem(405, "method_not_allowed");
}
