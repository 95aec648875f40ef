use crate::harness::{
    BrokenStore, Gate, NUMBER, OTHER_NUMBER, Reply, SendersOf, Started, TestServer, start_body,
};
use phone_verify::compose::Overrides;
use phone_verify::senders::SendOutcome;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

async fn start(server: &TestServer, fields: &Value) -> Reply {
    let mut body = start_body(NUMBER);
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    server.post("/v1/verifications", &body).await
}

async fn with_header(server: &TestServer, name: &str, value: &str, body: &Value) -> Reply {
    let request = server.request(Method::POST, "/v1/verifications");
    Reply::of(request.header(name, value).json(body)).await
}

#[tokio::test]
async fn the_answer_is_201_and_a_view_and_the_code_is_in_the_outbox_by_then() {
    let server = TestServer::start().await;
    let reply = server.try_start("(202) 555-0134 ").await;
    reply.assert_problem(422, "invalid_number");

    let reply = start(
        &server,
        &json!({"phone_number": "(202) 555-0134", "country": "us"}),
    )
    .await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let view = &reply.body;
    assert_eq!(view["status"], "pending");
    assert_eq!(view["channel"], "sms");
    assert_eq!(view["to"], "+1 ••• ••• ••34");
    assert_eq!(view["code_length"], 6);
    assert_eq!(
        (&view["attempts_left"], &view["sends_left"]),
        (&json!(5), &json!(4))
    );
    assert_eq!(view["expires_in"], 600);
    assert_eq!(view["next_check_in"], 0);
    assert_eq!(view["delivery"], json!({"state": "accepted", "reason": null}));
    assert_eq!(view["client_secret"].as_str().unwrap().len(), 43);
    assert_eq!(view["id"].as_str().unwrap().len(), 32);
    assert_eq!(view.get("token"), None);

    let outbox = server.outbox().await;
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0]["to"], NUMBER);
    assert_eq!(outbox[0]["verification"], view["id"]);
}

#[tokio::test]
async fn an_unknown_site_key_is_404() {
    let server = TestServer::start().await;
    for key in ["nobody", "", "no such key", "é"] {
        start(&server, &json!({"site_key": key}))
            .await
            .assert_problem(404, "site_unknown");
    }
}

#[tokio::test]
async fn an_origin_that_is_not_on_the_list_is_refused() {
    let site = [
        ("SITES__0__KEY", "demo"),
        ("SITES__0__ORIGINS", "https://shop.example"),
        ("SITES__0__COUNTRIES", "*"),
    ];
    let server = TestServer::with(&site).await;
    for origin in [
        "null",
        "https://evil.example",
        "http://shop.example",
        "https://shop.example.evil.example",
    ] {
        let reply = with_header(&server, "origin", origin, &start_body(NUMBER)).await;
        reply.assert_problem(403, "origin_refused");
        assert_eq!(
            reply.header("access-control-allow-origin"),
            "*",
            "the page can read the refusal"
        );
    }
    let own = server.url.clone();
    for origin in ["https://shop.example", own.as_str()] {
        let reply = with_header(&server, "origin", origin, &start_body(NUMBER)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    assert_eq!(server.try_start(NUMBER).await.status, 201, "no browser");
}

#[tokio::test]
async fn numbers_that_are_not_verified_are_told_apart() {
    let site = [
        ("SITES__0__KEY", "demo"),
        ("SITES__0__COUNTRIES", "US,GB"),
        ("SITES__0__CHANNELS", "sms"),
    ];
    let server = TestServer::with(&site).await;
    for (fields, code) in [
        (json!({"phone_number": ""}), "invalid_number"),
        (
            json!({"phone_number": "202-CALL-NOW", "country": "US"}),
            "invalid_number",
        ),
        (
            json!({"phone_number": "+1 202 555 0134 ext. 5"}),
            "invalid_number",
        ),
        (
            json!({"phone_number": "+12025550134".repeat(300)}),
            "invalid_number",
        ),
        (json!({"phone_number": "+4915123456789"}), "country_not_served"),
        (json!({"phone_number": "+870776001234"}), "country_not_served"),
        (json!({"phone_number": "+18002345678"}), "number_type_refused"),
        (json!({"channel": "call"}), "channel_unavailable"),
        (json!({"session": "nobody's"}), "invalid_session"),
    ] {
        start(&server, &fields).await.assert_problem(422, code);
    }
    assert!(server.outbox().await.is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_field_that_is_not_of_the_documented_shape_is_400() {
    let server = TestServer::start().await;
    for (fields, field) in [
        (json!({"channel": "fax"}), "`channel`"),
        (json!({"country": "USA"}), "`country`"),
        (json!({"nonce": "x".repeat(256)}), "`nonce`"),
        (json!({"purpose": "a\u{7}b"}), "`purpose`"),
        (json!({"session": "a\nb"}), "`session`"),
    ] {
        let reply = start(&server, &fields).await;
        reply.assert_problem(400, "invalid_request");
        assert!(
            reply.body["detail"].as_str().unwrap().contains(field),
            "{reply:?}"
        );
    }
    assert_eq!(
        start(&server, &json!({"nonce": "", "country": "", "channel": ""}))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_number_waits_between_two_sends() {
    let server = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    server.started(NUMBER).await;
    server.clock.advance(Duration::from_millis(500));
    let reply = server.try_start(NUMBER).await;
    reply.assert_problem(429, "too_many_requests");
    assert_eq!(reply.body["retry_in"], 60, "rounded up");
    assert_eq!(server.outbox().await.len(), 1);
    server.started(OTHER_NUMBER).await;
    server.clock.advance(Duration::from_mins(1));
    server.started(NUMBER).await;
}

#[tokio::test]
async fn an_address_has_so_many_sends_behind_its_proxy() {
    let settings = [
        ("HTTP__TRUSTED_PROXIES", "1"),
        ("LIMITS__ADDRESS__PER_10_MINUTES", "1"),
    ];
    let server = TestServer::with(&settings).await;
    let from =
        async |forwarded: &str| with_header(&server, "x-forwarded-for", forwarded, &start_body(NUMBER)).await;
    assert_eq!(from("203.0.113.1").await.status, 201);
    from("6.6.6.6, 203.0.113.1")
        .await
        .assert_problem(429, "too_many_requests");
    assert_eq!(from("203.0.113.2").await.status, 201);
}

#[tokio::test]
async fn a_repeated_start_gets_the_first_answer_and_sends_nothing() {
    let server = TestServer::start().await;
    let key = "0123456789abcdef";
    let first = with_header(&server, "idempotency-key", key, &start_body(NUMBER)).await;
    let again = with_header(&server, "idempotency-key", key, &start_body(NUMBER)).await;
    assert_eq!((first.status, again.status), (201, 201), "{again:?}");
    let (first, again) = (Started::of(&first), Started::of(&again));
    assert_eq!((first.id, first.secret), (again.id, again.secret));
    assert_eq!(server.outbox().await.len(), 1);

    let other = with_header(&server, "idempotency-key", key, &start_body(OTHER_NUMBER)).await;
    other.assert_problem(422, "idempotency_mismatch");
}

#[tokio::test]
async fn a_bad_idempotency_key_is_400() {
    let server = TestServer::start().await;
    let long = "k".repeat(65);
    for key in ["", "short", "0123456789 abcdef", &long] {
        let reply = with_header(&server, "idempotency-key", key, &start_body(NUMBER)).await;
        reply.assert_problem(400, "invalid_request");
    }
    let twice = server
        .request(Method::POST, "/v1/verifications")
        .header("idempotency-key", "0123456789abcdef")
        .header("idempotency-key", "0123456789abcdef")
        .json(&start_body(NUMBER));
    Reply::of(twice).await.assert_problem(400, "invalid_request");
    assert!(server.outbox().await.is_empty());
}

#[tokio::test]
async fn the_same_call_while_the_first_is_under_way_is_409_after_five_seconds() {
    let gate = Arc::new(Gate::default());
    let senders = Some(SendersOf::both(gate.clone()));
    let server = Arc::new(
        TestServer::compose(
            &[],
            Overrides {
                senders,
                ..Overrides::default()
            },
        )
        .await,
    );
    let key = "0123456789abcdef";
    let first = tokio::spawn({
        let server = server.clone();
        async move { with_header(&server, "idempotency-key", key, &start_body(NUMBER)).await }
    });
    while gate.asked() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = with_header(&server, "idempotency-key", key, &start_body(NUMBER)).await;
    second.assert_problem(409, "request_in_progress");
    gate.open();
    assert_eq!(first.await.unwrap().status, 201);
    assert_eq!(gate.asked(), 1);
}

#[tokio::test]
async fn a_sender_that_refuses_or_is_down_is_503_and_nothing_is_spent() {
    let senders = Some(SendersOf::always(SendOutcome::NotSent));
    let settings = [("LIMITS__NUMBER__SPACING", "60s")];
    let server = TestServer::compose(
        &settings,
        Overrides {
            senders,
            ..Overrides::default()
        },
    )
    .await;
    for _ in 0..3 {
        server
            .try_start(NUMBER)
            .await
            .assert_problem(503, "sender_unavailable");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_asked_denies() {
    let overrides = Overrides {
        store: Some(Arc::new(BrokenStore::default())),
        ..Overrides::default()
    };
    let server = TestServer::compose(&[], overrides).await;
    server.try_start(NUMBER).await.assert_problem(503, "unavailable");
    assert!(server.outbox().await.is_empty());
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, &ready.body["status"]), (503, &json!("not ready")));
}

/// Whoever asks learns nothing of a number's past on the site (threat T24): only what is drawn at random differs.
#[tokio::test]
async fn a_number_that_is_known_gets_the_same_answer_as_one_that_is_not() {
    let server = TestServer::start().await;
    server.approved().await;
    // The same last two digits, so that the mask is the same.
    let unknown = "+12025550934";
    let mut answers = Vec::new();
    for number in [NUMBER, unknown] {
        let started = server.try_start(number).await;
        let wrong = server.check(&Started::of(&started), "000000").await;
        let plain = |reply: &Reply| {
            let mut body = reply.body.clone();
            for drawn in ["/id", "/client_secret", "/verification/id"] {
                if let Some(value) = body.pointer_mut(drawn) {
                    *value = Value::Null;
                }
            }
            let mut headers: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
            headers.sort();
            (reply.status, body, headers, reply.bytes.len())
        };
        answers.push([plain(&started), plain(&wrong)]);
    }
    assert_eq!(answers[0], answers[1]);
}
