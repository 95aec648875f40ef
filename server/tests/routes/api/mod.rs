//! The server functions that the server's own page calls.

use crate::harness::{NUMBER, Reply, TestServer, start_body, wrong};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const FUNCTIONS: [&str; 5] = [
    "start_verification",
    "resend_code",
    "check_code",
    "view_verification",
    "cancel_verification",
];

fn call(server: &TestServer, function: &str) -> RequestBuilder {
    let request = server.request(Method::POST, &format!("/api/{function}"));
    request.header("origin", &server.url)
}

async fn ask(server: &TestServer, function: &str, body: &Value) -> Reply {
    Reply::of(call(server, function).json(body)).await
}

fn with(ticket: &Value, fields: &Value) -> Value {
    let mut body = fields.clone();
    body["id"] = ticket["id"].clone();
    body["client_secret"] = ticket["client_secret"].clone();
    body
}

#[tokio::test]
async fn the_whole_job_by_server_functions() {
    let server = TestServer::start().await;
    let started = ask(&server, "start_verification", &start_body(NUMBER)).await;
    assert_eq!(
        (started.status, &started.body["status"]),
        (200, &json!("pending")),
        "{started:?}"
    );
    let ticket = &started.body;
    let fields = json!({"channel": "call", "phone_number": NUMBER});
    let resent = ask(&server, "resend_code", &with(ticket, &fields)).await;
    assert_eq!(
        (resent.status, &resent.body["channel"]),
        (200, &json!("call")),
        "{resent:?}"
    );

    let code = server.code().await;
    let refused = ask(
        &server,
        "check_code",
        &with(ticket, &json!({"code": wrong(&code)})),
    )
    .await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (422, &json!("wrong_code")),
        "{refused:?}"
    );
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.about()["attempts_left"], 4);

    let approved = ask(&server, "check_code", &with(ticket, &json!({ "code": code }))).await;
    assert_eq!(
        (approved.status, &approved.body["status"]),
        (200, &json!("approved")),
        "{approved:?}"
    );
    let claims = server.redeem(approved.body["token"].as_str().unwrap()).await;
    assert_eq!(claims.body["origin"], server.url.as_str());
    let seen = ask(&server, "view_verification", &with(ticket, &json!({}))).await;
    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("approved")));
    let canceled = ask(&server, "cancel_verification", &with(ticket, &json!({}))).await;
    assert_eq!(
        (canceled.status, &canceled.body["status"]),
        (200, &json!("approved"))
    );
}

#[tokio::test]
async fn pages_of_other_origins_and_no_pages_are_refused() {
    let server = TestServer::start().await;
    for function in FUNCTIONS {
        for (name, value) in [
            ("x-nothing", "no origin at all"),
            ("origin", "null"),
            ("origin", "https://evil.example"),
            ("origin", "http://localhost:8080"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let request = server.request(Method::POST, &format!("/api/{function}"));
            let reply = Reply::of(request.header(name, value).json(&start_body(NUMBER))).await;
            reply.assert_problem(403, "origin_refused");
        }
    }
    assert!(server.outbox().await.is_empty());
    let request = server.request(Method::POST, "/api/start_verification");
    let reply = Reply::of(
        request
            .header("sec-fetch-site", "same-origin")
            .json(&start_body(NUMBER)),
    )
    .await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn only_post_and_only_the_named_functions() {
    let server = TestServer::start().await;
    for function in FUNCTIONS {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = server.request(method, &format!("/api/{function}"));
            let reply = Reply::of(request.header("origin", &server.url)).await;
            reply.assert_problem(405, "method_not_allowed");
            assert_eq!(reply.header("allow"), "POST");
        }
    }
    for path in ["/api", "/api/", "/api/nothing", "/api/start_verification/x"] {
        let request = server.request(Method::POST, path).header("origin", &server.url);
        Reply::of(request.json(&json!({})))
            .await
            .assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn bodies_are_read_as_strictly_as_the_browser_apis() {
    let server = TestServer::start().await;
    for function in FUNCTIONS {
        for body in [
            "",
            "[]",
            "{",
            "{\"a\": 1, \"a\": 2}",
            "{\"site_key\": \"\\u0000\"}",
            "{}",
            "{\"id\": 1}",
        ] {
            let request = call(&server, function).header("content-type", "application/json");
            let reply = Reply::of(request.body(body)).await;
            assert_eq!(
                (reply.status, &reply.body["code"]),
                (400, &json!("invalid_request")),
                "{function} {body} {reply:?}"
            );
        }
        let form = call(&server, function).header("content-type", "application/x-www-form-urlencoded");
        Reply::of(form.body("site_key=demo"))
            .await
            .assert_problem(415, "unsupported_media_type");
        let large = call(&server, function).header("content-type", "application/json");
        Reply::of(large.body(" ".repeat(9_000)))
            .await
            .assert_problem(413, "too_large");
    }
}

#[tokio::test]
async fn a_refusal_is_never_a_redirect_nor_a_5xx() {
    let server = TestServer::start().await;
    let start = async |body: &Value| {
        let request = call(&server, "start_verification")
            .header("accept", "text/html")
            .header("referer", format!("{}/secret?page", server.url));
        Reply::of(request.json(body)).await
    };
    for (body, status, code) in [
        (start_body("nonsense"), 422, "invalid_number"),
        (
            json!({"site_key": "nobody", "phone_number": NUMBER}),
            404,
            "site_unknown",
        ),
        (
            json!({"site_key": "demo", "phone_number": NUMBER, "channel": "fax"}),
            400,
            "invalid_request",
        ),
        (
            json!({"site_key": "demo", "phone_number": NUMBER, "idempotency_key": "short"}),
            400,
            "invalid_request",
        ),
    ] {
        let reply = start(&body).await;
        assert_eq!(
            (reply.status, &reply.body["code"]),
            (status, &json!(code)),
            "{reply:?}"
        );
        assert_eq!(
            (reply.header("location"), reply.header("serverfnerror")),
            ("", "")
        );
    }
    let nobody = json!({"id": "0".repeat(32), "client_secret": "a".repeat(43)});
    let reply = ask(&server, "view_verification", &nobody).await;
    assert_eq!(
        (reply.status, &reply.body["code"]),
        (404, &json!("not_found")),
        "{reply:?}"
    );
    let malformed = json!({"id": "0".repeat(32), "client_secret": "short"});
    let reply = ask(&server, "view_verification", &malformed).await;
    assert_eq!(
        (reply.status, &reply.body["code"]),
        (401, &json!("unauthorized")),
        "{reply:?}"
    );
}

#[tokio::test]
async fn waits_are_told_and_a_repeat_sends_nothing() {
    let server = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    let mut body = start_body(NUMBER);
    body["idempotency_key"] = json!("0123456789abcdef");
    let first = ask(&server, "start_verification", &body).await;
    let again = ask(&server, "start_verification", &body).await;
    assert_eq!(
        (&first.body["id"], first.status),
        (&again.body["id"], again.status)
    );
    assert_eq!(server.outbox().await.len(), 1);
    let limited = ask(&server, "start_verification", &start_body(NUMBER)).await;
    limited.assert_problem(429, "too_many_requests");
}
