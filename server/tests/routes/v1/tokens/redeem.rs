use crate::harness::{NUMBER, Reply, TestServer};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const TWO_SITES: [(&str, &str); 6] = [
    ("SITES__0__KEY", "demo"),
    ("SITES__0__SECRET", "demo-secret"),
    ("SITES__0__COUNTRIES", "*"),
    ("SITES__1__KEY", "other"),
    ("SITES__1__SECRET", "other-secret"),
    ("SITES__1__PREVIOUS_SECRET", "the-one-before"),
];

#[tokio::test]
async fn the_claims_come_once() {
    let server = TestServer::start().await;
    let (started, token) = server.approved().await;
    let reply = server.redeem(&token).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let claims = &reply.body;
    assert_eq!(
        (&claims["aud"], &claims["iss"]),
        (&json!("demo"), &json!(server.url))
    );
    assert_eq!(claims["phone_number_verified"], true);
    assert_eq!(claims["country"], "US");
    assert_eq!(claims["amr"], json!(["sms"]));
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
    assert_eq!(claims["phone_number_index"].as_str().unwrap().len(), 64);
    assert_eq!((claims.get("phone_number"), claims.get("sub")), (None, None));
    server
        .redeem(&token)
        .await
        .assert_problem(409, "already_redeemed");
    assert_eq!(server.view(&started).await.body["status"], "approved");
}

#[tokio::test]
async fn of_64_at_once_one_gets_the_claims() {
    let server = TestServer::start().await;
    let (_, token) = server.approved().await;
    let replies = join_all((0..64).map(|_| server.redeem(&token))).await;
    let count = |status: u16| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(200), count(409)), (1, 63));
}

#[tokio::test]
async fn another_sites_server_gets_nothing_and_spends_nothing() {
    let server = TestServer::with(&TWO_SITES).await;
    let (_, token) = server.approved().await;
    server
        .redeem_as("other", "other-secret", &token)
        .await
        .assert_problem(422, "invalid_token");
    assert_eq!(server.redeem(&token).await.status, 200);
}

#[tokio::test]
async fn what_is_no_live_token_is_422() {
    let server = TestServer::start().await;
    let (_, token) = server.approved().await;
    let mut forged: Vec<&str> = token.split('.').collect();
    forged[2] = "AAAA";
    for text in [
        "",
        "x",
        "a.b.c",
        &token[1..],
        &forged.join("."),
        &"x".repeat(4_000),
    ] {
        server.redeem(text).await.assert_problem(422, "invalid_token");
    }
    server.clock.advance(Duration::from_secs(301));
    server.redeem(&token).await.assert_problem(422, "invalid_token");
}

#[tokio::test]
async fn only_the_sites_own_server_may_ask_and_it_is_told_how() {
    let server = TestServer::with(&TWO_SITES).await;
    for (key, secret) in [
        ("demo", ""),
        ("demo", "other-secret"),
        ("", "demo-secret"),
        ("nobody", "demo-secret"),
        ("demo", "demo-secret "),
    ] {
        let reply = server.redeem_as(key, secret, "x").await;
        reply.assert_problem(401, "unauthorized");
        assert!(
            reply.header("www-authenticate").starts_with("Basic realm="),
            "{reply:?}"
        );
    }
    for value in ["", "Basic", "Basic %%%", "Basic ZGVtbw==", "Bearer x"] {
        let request = server
            .request(Method::POST, "/v1/tokens/redeem")
            .header("authorization", value);
        Reply::of(request.json(&json!({"token": "x"})))
            .await
            .assert_problem(401, "unauthorized");
    }
    for secret in ["other-secret", "the-one-before"] {
        server
            .redeem_as("other", secret, "x")
            .await
            .assert_problem(422, "invalid_token");
    }
}

#[tokio::test]
async fn credentials_are_looked_at_before_the_body_is_read() {
    let server = TestServer::start().await;
    let mut wire = server.wire().await;
    let head = format!(
        "POST /v1/tokens/redeem HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n",
        server.authority()
    );
    wire.send(head.as_bytes()).await;
    let begun = tokio::time::Instant::now();
    let reply = wire.read_to_end().await;
    assert_eq!(reply.status(), Some(401), "{reply:?}");
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "it did not wait for the body"
    );
}

#[tokio::test]
async fn the_token_carries_what_page_and_site_asked_for() {
    let settings = [
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__TOKEN_NUMBER", "true"),
    ];
    let server = TestServer::with(&settings).await;
    let body = json!({"site_key": "demo", "phone_number": NUMBER, "channel": "call", "nonce": "n-1", "purpose": "order"});
    let request = server
        .request(Method::POST, "/v1/verifications")
        .header("origin", &server.url);
    let started = crate::harness::Started::of(&Reply::of(request.json(&body)).await);
    let path = format!("/v1/verifications/{}/check", started.id);
    let request = server.request(Method::POST, &path).bearer_auth(&started.secret);
    let checked =
        Reply::of(request.json(&json!({"code": server.code().await, "phone_number": NUMBER}))).await;
    let claims = server.redeem(checked.body["token"].as_str().unwrap()).await.body;
    assert_eq!(
        (&claims["nonce"], &claims["purpose"]),
        (&json!("n-1"), &json!("order"))
    );
    assert_eq!(
        (&claims["phone_number"], &claims["amr"]),
        (&json!(NUMBER), &json!(["tel"]))
    );
    assert_eq!(claims["origin"], server.url.as_str());
}
