//! Bodies that are not what they should be, on every call that reads one.

use crate::harness::{NUMBER, Reply, Started, TestServer, start_body};
use reqwest::{Method, RequestBuilder};
use std::time::Duration;

/// The calls that read a body, with credentials.
fn calls(server: &TestServer, started: &Started) -> Vec<RequestBuilder> {
    let own = |action: &str| format!("/v1/verifications/{}/{action}", started.id);
    vec![
        server.request(Method::POST, "/v1/verifications"),
        server
            .request(Method::POST, &own("resend"))
            .bearer_auth(&started.secret),
        server
            .request(Method::POST, &own("check"))
            .bearer_auth(&started.secret),
        server
            .request(Method::POST, "/v1/tokens/redeem")
            .basic_auth("demo", Some("demo-secret")),
        server
            .request(Method::POST, "/v1/sessions")
            .basic_auth("demo", Some("demo-secret")),
        server
            .request(Method::PUT, "/v1/subjects/17/number")
            .basic_auth("demo", Some("demo-secret")),
        server
            .request(Method::POST, "/v1/numbers/erase")
            .basic_auth("demo", Some("demo-secret")),
    ]
}

fn json(request: RequestBuilder) -> RequestBuilder {
    request.header("content-type", "application/json")
}

#[tokio::test]
async fn what_is_not_json_of_the_documented_shape_is_400() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let bodies: [&[u8]; 16] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"site_key=demo",
        b"{}",
        b"{\"site_key\": \"demo\"}",
        b"{\"site_key\": 1, \"phone_number\": 2, \"code\": 3, \"channel\": 4, \"token\": 5}",
        b"{\"site_key\": null, \"phone_number\": null, \"code\": null, \"channel\": null, \"token\": null}",
        b"{\"site_key\": [], \"phone_number\": {}, \"code\": {}, \"channel\": [], \"token\": {}}",
        b"{\"site_key\": \"demo\", \"site_key\": \"demo\", \"phone_number\": \"+12025550134\", \"channel\": \"sms\", \"code\": \"1\", \"code\": \"1\", \"channel\": \"sms\", \"token\": \"1\", \"token\": \"1\"}",
        b"{\"site_key\": \"demo\\u0000\", \"phone_number\": \"1\\u0000\", \"code\": \"1\\u0000\", \"channel\": \"sms\\u0000\", \"token\": \"\\u0000\"}",
        b"{\"site_key\": \"\xff\", \"phone_number\": \"\xff\", \"code\": \"\xff\", \"token\": \"\xff\"}",
        b"{\"site_key\": \"demo\", \"phone_number\": \"+12025550134\", \"code\": \"123456\", \"channel\": \"sms\", \"token\": \"x\"} trailing",
        deep.as_bytes(),
    ];
    for body in bodies {
        for call in calls(&server, &started) {
            let reply = Reply::of(json(call).body(body.to_vec())).await;
            reply.assert_problem(400, "invalid_request");
        }
    }
    assert_eq!(server.view(&started).await.body["attempts_left"], 5);
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn the_field_at_fault_is_named_and_no_value_is_repeated() {
    let server = TestServer::start().await;
    for (body, field) in [
        (r#"{"site_key": "demo"}"#, "`phone_number`"),
        (
            r#"{"site_key": "demo", "phone_number": 12025550134}"#,
            "`phone_number`",
        ),
        (
            r#"{"site_key": "demo", "phone_number": "12025550134", "nonce": 12025550134}"#,
            "`nonce`",
        ),
        (
            r#"{"site_key": "demo", "phone_number": "12025550134", "phone_number": "1"}"#,
            "`phone_number`",
        ),
    ] {
        let request = server.request(Method::POST, "/v1/verifications");
        let reply = Reply::of(json(request).body(body)).await;
        reply.assert_problem(400, "invalid_request");
        let detail = reply.body["detail"].as_str().unwrap();
        assert!(
            detail.contains(field) && !detail.contains("12025550134"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn fields_that_are_not_known_are_passed_over() {
    let server = TestServer::start().await;
    let mut body = start_body(NUMBER);
    body["later"] = serde_json::json!({"a": [1, 2.5, null]});
    assert_eq!(server.post("/v1/verifications", &body).await.status, 201);
}

#[tokio::test]
async fn a_body_that_is_not_plain_json_by_its_headers_is_415() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-type", "application/json; boundary=x"),
        ("content-type", "multipart/form-data"),
        ("x-nothing", "no content type at all"),
    ] {
        for call in calls(&server, &started) {
            let reply = Reply::of(call.header(name, value).body("{}")).await;
            reply.assert_problem(415, "unsupported_media_type");
        }
    }
    for encoding in ["gzip", "br", "identity"] {
        for call in calls(&server, &started) {
            let reply = Reply::of(json(call).header("content-encoding", encoding).body("{}")).await;
            reply.assert_problem(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn a_charset_is_no_hindrance() {
    let server = TestServer::start().await;
    let request = server
        .request(Method::POST, "/v1/verifications")
        .header("content-type", "application/json; charset=utf-8");
    assert_eq!(
        Reply::of(request.body(start_body(NUMBER).to_string()))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn eight_kibibytes_are_read_and_one_byte_more_is_413() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let padded = |length: usize| {
        let mut body = start_body(NUMBER).to_string().into_bytes();
        body.resize(length, b' ');
        body
    };
    let request = json(server.request(Method::POST, "/v1/verifications"));
    assert_eq!(Reply::of(request.body(padded(8 * 1024))).await.status, 201);
    for length in [8 * 1024 + 1, 100_000] {
        for call in calls(&server, &started) {
            Reply::of(json(call).body(padded(length)))
                .await
                .assert_problem(413, "too_large");
        }
    }
}

#[tokio::test]
async fn a_body_in_chunks_without_end_is_413() {
    let server = TestServer::start().await;
    let mut wire = server.wire().await;
    let head = format!(
        "POST /v1/verifications HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        server.authority()
    );
    wire.send(head.as_bytes()).await;
    for _ in 0..9 {
        wire.send(format!("400\r\n{}\r\n", " ".repeat(0x400)).as_bytes())
            .await;
    }
    let reply = wire.read_to_end().await;
    assert_eq!(reply.status(), Some(413), "{reply:?}");
}

#[tokio::test]
async fn a_body_that_is_announced_and_does_not_come_is_408_after_five_seconds() {
    let server = TestServer::start().await;
    let mut wire = server.wire().await;
    let head = format!(
        "POST /v1/verifications HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n",
        server.authority()
    );
    wire.send(head.as_bytes()).await;
    let begun = tokio::time::Instant::now();
    let reply = wire
        .drip(b' ', Duration::from_millis(200), Duration::from_secs(8))
        .await;
    assert_eq!(reply.status(), Some(408), "{reply:?}");
    assert!(reply.has("connection: close"));
    assert!(begun.elapsed() >= Duration::from_millis(4_900));
}
