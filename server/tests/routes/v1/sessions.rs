use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer, start_body};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SITES: [(&str, &str); 7] = [
    ("SITES__0__KEY", "demo"),
    ("SITES__0__SECRET", "demo-secret"),
    ("SITES__0__COUNTRIES", "*"),
    ("SITES__0__ORIGINS", "https://shop.example,https://other.example"),
    ("SITES__1__KEY", "other"),
    ("SITES__1__SECRET", "other-secret"),
    ("SITES__1__COUNTRIES", "*"),
];

fn in_session(session: &str) -> Value {
    let mut body = start_body(NUMBER);
    body["session"] = session.into();
    body
}

async fn state(server: &TestServer, session: &str) -> Reply {
    let path = format!("/v1/sessions/{session}");
    server.host(Method::GET, &path, &Value::Null).await
}

#[tokio::test]
async fn what_is_done_in_a_session_is_bound_to_it() {
    let server = TestServer::with(&SITES).await;
    let body = json!({
        "subject": "user/17 é", "nonce": "n-1", "purpose": "login", "origin": "https://shop.example",
        "return_url": "https://shop.example/done?a=1",
    });
    let opened = server.host(Method::POST, "/v1/sessions", &body).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let session = opened.body["session"].as_str().unwrap();
    assert!(session.len() == 43 && opened.body["expires_in"] == 3_600);
    assert!(opened.body["url"].as_str().unwrap().starts_with(&server.url));
    let pending = state(&server, session).await;
    assert_eq!(pending.body, json!({"status": "pending", "token": null}));

    let token = server.token_of(&in_session(session)).await;
    let approved = state(&server, session).await;
    assert_eq!(approved.body["status"], "approved");
    let claims = server.redeem(&token).await.body;
    assert_eq!(
        (&claims["sub"], &claims["nonce"], &claims["purpose"]),
        (&json!("user/17 é"), &json!("n-1"), &json!("login"))
    );
    // The token that the session shows is the same one.
    let shown = approved.body["token"].as_str().unwrap();
    server.redeem(shown).await.assert_problem(409, "already_redeemed");
    server.clock.advance(Duration::from_secs(301));
    assert_eq!(
        state(&server, session).await.body,
        json!({"status": "approved", "token": null})
    );
}

#[tokio::test]
async fn what_a_session_leaves_open_the_page_may_say() {
    let server = TestServer::start().await;
    let session = server.session(&json!({"subject": "17"})).await;
    let mut body = in_session(&session);
    body["nonce"] = "n-page".into();
    body["purpose"] = "order".into();
    let claims = server.redeem(&server.token_of(&body).await).await.body;
    assert_eq!(
        (&claims["sub"], &claims["nonce"], &claims["purpose"]),
        (&json!("17"), &json!("n-page"), &json!("order"))
    );
}

#[tokio::test]
async fn a_page_that_says_otherwise_than_its_session_is_refused_and_nothing_is_sent() {
    let server = TestServer::with(&SITES).await;
    let body = json!({"subject": "17", "nonce": "n-1", "purpose": "login", "origin": "https://shop.example"});
    let session = server.session(&body).await;
    for (field, value) in [("nonce", "n-2"), ("purpose", "order")] {
        let mut body = in_session(&session);
        body[field] = value.into();
        let reply = server.post("/v1/verifications", &body).await;
        reply.assert_problem(422, "invalid_session");
    }
    for (origin, status, code) in [
        ("https://other.example", 422, "invalid_session"),
        ("https://evil.example", 403, "origin_refused"),
        ("null", 403, "origin_refused"),
    ] {
        let request = server.request(Method::POST, "/v1/verifications");
        let reply = Reply::of(request.header("origin", origin).json(&in_session(&session))).await;
        reply.assert_problem(status, code);
    }
    assert_eq!(server.outbox().await.len(), 0);
    for origin in ["https://shop.example", server.url.as_str()] {
        let request = server.request(Method::POST, "/v1/verifications");
        let reply = Reply::of(request.header("origin", origin).json(&in_session(&session))).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
}

#[tokio::test]
async fn unknown_expired_and_foreign_sessions_are_refused() {
    let server = TestServer::with(&SITES).await;
    let body = json!({"subject": "17"});
    let session = server.session(&body).await;
    let foreign = server.host_as("other", Method::POST, "/v1/sessions", &body).await;
    let foreign = foreign.body["session"].as_str().unwrap().to_owned();
    let (unknown, longest) = ("a".repeat(43), "é".repeat(255));
    let others = [foreign.as_str(), &unknown, "x", &session[1..], &longest];
    for value in others {
        let reply = server.post("/v1/verifications", &in_session(value)).await;
        reply.assert_problem(422, "invalid_session");
    }
    for value in [foreign.as_str(), &unknown, "x"] {
        state(&server, value).await.assert_problem(404, "not_found");
    }
    server.clock.advance(Duration::from_secs(3_599));
    let reply = server.post("/v1/verifications", &in_session(&session)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    server.clock.advance(Duration::from_secs(1));
    let reply = server.post("/v1/verifications", &in_session(&session)).await;
    reply.assert_problem(422, "invalid_session");
    assert_eq!(state(&server, &session).await.body["status"], "expired");
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_field_at_fault_is_named_and_nothing_leads_away_from_the_sites_origins() {
    let server = TestServer::with(&SITES).await;
    let long = "x".repeat(256);
    let mut bad = vec![
        (json!({}), "`subject`"),
        (json!({"subject": ""}), "`subject`"),
        (json!({"subject": 17}), "`subject`"),
        (json!({"subject": "a\nb"}), "`subject`"),
        (json!({"subject": long}), "`subject`"),
        (json!({"subject": "17", "nonce": long}), "`nonce`"),
        (json!({"subject": "17", "purpose": "a\u{7}"}), "`purpose`"),
        (
            json!({"subject": "17", "origin": "https://evil.example"}),
            "`origin`",
        ),
        (
            json!({"subject": "17", "origin": "https://shop.example/"}),
            "`origin`",
        ),
        (json!({"subject": "17", "origin": "null"}), "`origin`"),
    ];
    for url in [
        "https://evil.example/",
        "http://shop.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://user@shop.example/",
        "https://shop.example:444/",
        "//shop.example/",
        "//evil.example",
        "/\\evil.example",
        "https:\\\\evil.example",
        "\thttps://evil.example",
        "/done",
        "done",
        "javascript:alert(1)",
        "javascript://shop.example/%0aalert(1)",
        "data:text/html,x",
        "https://",
    ] {
        bad.push((json!({"subject": "17", "return_url": url}), "`return_url`"));
    }
    for (body, field) in bad {
        let reply = server.host(Method::POST, "/v1/sessions", &body).await;
        reply.assert_problem(400, "invalid_request");
        let detail = reply.body["detail"].as_str().unwrap();
        assert!(detail.starts_with(field), "{body}: {detail}");
    }
    let body = json!({"subject": "17", "nonce": "", "return_url": "https://shop.example/%2f%2fevil.example"});
    server.session(&body).await;
}

#[tokio::test]
async fn another_number_in_the_same_session_is_another_verification_and_the_last_approved_one_counts() {
    let server = TestServer::start().await;
    let session = server.session(&json!({"subject": "17"})).await;
    let first = server.token_of(&in_session(&session)).await;
    server.clock.advance(Duration::from_secs(1));
    let mut body = in_session(&session);
    body["phone_number"] = OTHER_NUMBER.into();
    let second = server.token_of(&body).await;
    let (first, second) = (
        server.redeem(&first).await.body,
        server.redeem(&second).await.body,
    );
    assert_ne!(first["jti"], second["jti"]);
    let shown = state(&server, &session).await.body["token"].clone();
    server
        .redeem(shown.as_str().unwrap())
        .await
        .assert_problem(409, "already_redeemed");
}

#[tokio::test]
async fn only_the_sites_own_server_begins_and_sees_sessions() {
    let server = TestServer::start().await;
    for (method, path) in [
        (Method::POST, "/v1/sessions"),
        (Method::GET, "/v1/sessions/x"),
        (Method::GET, "/v1/subjects/17/number"),
        (Method::PUT, "/v1/subjects/17/number"),
        (Method::DELETE, "/v1/subjects/17/number"),
        (Method::POST, "/v1/numbers/erase"),
    ] {
        let request = server.request(method, path).basic_auth("demo", Some("wrong"));
        let reply = Reply::of(request).await;
        reply.assert_problem(401, "unauthorized");
        assert!(reply.header("www-authenticate").starts_with("Basic realm="));
    }
}

#[tokio::test]
async fn strangers_do_not_use_up_the_sends_of_the_subject_that_holds_the_number() {
    let server = TestServer::with(&[
        ("LIMITS__NUMBER__PER_HOUR", "2"),
        ("LIMITS__SUBJECT__SPACING", "0s"),
    ])
    .await;
    let mine = server.session(&json!({"subject": "17"})).await;
    let token = server.token_of(&in_session(&mine)).await;
    let body = json!({ "token": token });
    let claim = server.host(Method::PUT, "/v1/subjects/17/number", &body).await;
    assert_eq!(claim.status, 200, "{claim:?}");
    server.started(NUMBER).await;
    server
        .try_start(NUMBER)
        .await
        .assert_problem(429, "too_many_requests");
    let strangers = server.session(&json!({"subject": "18"})).await;
    let reply = server.post("/v1/verifications", &in_session(&strangers)).await;
    reply.assert_problem(429, "too_many_requests");
    server.token_of(&in_session(&mine)).await;
    let released = server
        .host(Method::DELETE, "/v1/subjects/17/number", &Value::Null)
        .await;
    assert_eq!(released.status, 204);
    let reply = server.post("/v1/verifications", &in_session(&mine)).await;
    reply.assert_problem(429, "too_many_requests");
}
