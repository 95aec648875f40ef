use crate::harness::{NUMBER, Reply, TestServer, start_body};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const PATH: &str = "/v1/siteverify";

async fn site_verify(server: &TestServer, form: &[(&str, &str)]) -> Reply {
    Reply::of(server.request(Method::POST, PATH).form(form)).await
}

async fn failure(server: &TestServer, form: &[(&str, &str)]) -> String {
    let reply = site_verify(server, form).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        (&reply.body["success"], reply.body.get("aud")),
        (&json!(false), None)
    );
    reply.body["error-codes"][0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_answers_as_captchas_do_once() {
    let server = TestServer::start().await;
    let request = server.request(Method::POST, "/v1/verifications");
    let started = Reply::of(
        request
            .header("origin", "http://shop.localhost:81")
            .json(&start_body(NUMBER)),
    )
    .await;
    let started = crate::harness::Started::of(&started);
    let checked = server.check(&started, &server.code().await).await;
    let token = checked.body["token"].as_str().unwrap();
    let form = [
        ("secret", "demo-secret"),
        ("response", token),
        ("remoteip", "192.0.2.1"),
    ];
    let reply = site_verify(&server, &form).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = &reply.body;
    assert_eq!(
        (&body["success"], &body["error-codes"], &body["hostname"]),
        (&json!(true), &json!([]), &json!("shop.localhost"))
    );
    assert_eq!(body["challenge_ts"], "2027-01-15T08:00:00Z");
    assert_eq!(
        (&body["aud"], &body["phone_number_verified"]),
        (&json!("demo"), &json!(true))
    );
    assert_eq!(failure(&server, &form).await, "timeout-or-duplicate");
    server.redeem(token).await.assert_problem(409, "already_redeemed");
}

#[tokio::test]
async fn what_is_wrong_has_the_usual_words() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__PREVIOUS_SECRET", "the-one-before"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__1__KEY", "other"),
        ("SITES__1__SECRET", "other-secret"),
    ])
    .await;
    let (_, token) = server.approved().await;
    for (form, word) in [
        (vec![], "missing-input-secret"),
        (vec![("secret", ""), ("response", &token)], "missing-input-secret"),
        (
            vec![("secret", "x"), ("response", &token)],
            "invalid-input-secret",
        ),
        (vec![("secret", "demo-secret")], "missing-input-response"),
        (
            vec![("secret", "demo-secret"), ("response", "x")],
            "invalid-input-response",
        ),
        (
            vec![("secret", "other-secret"), ("response", &token)],
            "invalid-input-response",
        ),
    ] {
        assert_eq!(failure(&server, &form).await, word, "{form:?}");
    }
    let reply = site_verify(&server, &[("secret", "the-one-before"), ("response", &token)]).await;
    assert_eq!(reply.body["success"], true, "{reply:?}");
    let (_, token) = server.approved().await;
    server.clock.advance(Duration::from_secs(301));
    let form = [("secret", "demo-secret"), ("response", token.as_str())];
    assert_eq!(failure(&server, &form).await, "timeout-or-duplicate");
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    let server = TestServer::start().await;
    let post = || server.request(Method::POST, PATH);
    Reply::of(post().json(&json!({"secret": "demo-secret"})))
        .await
        .assert_problem(415, "unsupported_media_type");
    let form = "application/x-www-form-urlencoded";
    let twice = post()
        .header("content-type", form)
        .body("secret=a&secret=demo-secret&response=x");
    Reply::of(twice).await.assert_problem(400, "invalid_request");
    let large = post().header("content-type", form).body("x".repeat(9_000));
    Reply::of(large).await.assert_problem(413, "too_large");
}
