//! Which refusal comes first, and what lies beside the routes.

use crate::harness::{NO_ID, NUMBER, Reply, TestServer, start_body};
use reqwest::Method;

#[tokio::test]
async fn every_unknown_path_is_a_problem() {
    let server = TestServer::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/verifications/",
        "/v1/verifications/a/b/c",
        "/v1/x%2f..%2fverifications",
        "/nothing",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::PATCH] {
            let reply = Reply::of(server.request(method, path)).await;
            reply.assert_problem(404, "not_found");
        }
    }
}

#[tokio::test]
async fn other_methods_are_405_with_those_that_are_allowed() {
    let server = TestServer::start().await;
    let one = format!("/v1/verifications/{NO_ID}");
    let (resend, check) = (format!("{one}/resend"), format!("{one}/check"));
    for (path, allowed) in [
        ("/v1/verifications", "POST"),
        (one.as_str(), "GET,HEAD,DELETE"),
        (resend.as_str(), "POST"),
        (check.as_str(), "POST"),
        ("/v1/tokens/redeem", "POST"),
        ("/v1/sessions", "POST"),
        ("/v1/sessions/x", "GET,HEAD"),
        ("/v1/siteverify", "POST"),
        ("/v1/numbers/erase", "POST"),
        ("/.well-known/jwks.json", "GET,HEAD"),
        ("/healthz", "GET,HEAD"),
    ] {
        for method in [Method::PUT, Method::PATCH, Method::OPTIONS] {
            let reply = Reply::of(server.request(method, path)).await;
            reply.assert_problem(405, "method_not_allowed");
            assert_eq!(reply.header("allow"), allowed, "{path}");
        }
    }
    let reply = server.get("/v1/verifications").await;
    reply.assert_problem(405, "method_not_allowed");
}

/// 421, 405, 401, 415, 413, 400, `site_unknown`, Origin, 422, 429: each request has that fault and all later ones.
#[tokio::test]
async fn refusals_come_in_the_order_of_the_contract() {
    let settings = [
        ("HTTP__PUBLIC_URL", "http://verify.example"),
        ("SITES__0__KEY", "demo"),
        ("SITES__0__COUNTRIES", "US"),
        ("SITES__0__ORIGINS", "https://shop.example"),
        ("LIMITS__NUMBER__SPACING", "60s"),
    ];
    let server = TestServer::with(&settings).await;
    let here = ("host", "verify.example");
    let ask = |method: Method, path: &str| server.request(method, path);
    let check = format!("/v1/verifications/{NO_ID}/check");
    let secret = "a".repeat(43);
    let large = " ".repeat(9_000);

    let reply = Reply::of(ask(Method::PUT, &check).body(large.clone())).await;
    reply.assert_problem(421, "misdirected");
    let reply = Reply::of(
        ask(Method::PUT, &check)
            .header(here.0, here.1)
            .body(large.clone()),
    )
    .await;
    reply.assert_problem(405, "method_not_allowed");
    let reply = Reply::of(
        ask(Method::POST, &check)
            .header(here.0, here.1)
            .body(large.clone()),
    )
    .await;
    reply.assert_problem(401, "unauthorized");
    let known = || {
        ask(Method::POST, &check)
            .header(here.0, here.1)
            .bearer_auth(&secret)
    };
    Reply::of(known().body(large.clone()))
        .await
        .assert_problem(415, "unsupported_media_type");
    let json = || known().header("content-type", "application/json");
    Reply::of(json().body(large))
        .await
        .assert_problem(413, "too_large");
    Reply::of(json().body("x"))
        .await
        .assert_problem(400, "invalid_request");
    Reply::of(json().body("{\"code\": \"1\"}"))
        .await
        .assert_problem(404, "not_found");

    let start = async |site: &str, origin: &str, number: &str| {
        let mut body = start_body(number);
        body["site_key"] = site.into();
        let request = ask(Method::POST, "/v1/verifications").header(here.0, here.1);
        Reply::of(request.header("origin", origin).json(&body)).await
    };
    let (good, bad) = ("https://shop.example", "https://evil.example");
    assert_eq!(start("demo", good, NUMBER).await.status, 201);
    start("nobody", bad, "x")
        .await
        .assert_problem(404, "site_unknown");
    start("demo", bad, "x")
        .await
        .assert_problem(403, "origin_refused");
    start("demo", good, "x")
        .await
        .assert_problem(422, "invalid_number");
    start("demo", good, NUMBER)
        .await
        .assert_problem(429, "too_many_requests");
}
