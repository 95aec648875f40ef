use crate::harness::{NUMBER, OTHER_NUMBER, Reply, Started, TestServer};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

fn by(channel: &str, number: &str) -> serde_json::Value {
    json!({"channel": channel, "phone_number": number})
}

#[tokio::test]
async fn the_same_code_travels_again_on_any_channel() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let reply = server.resend(&started, &by("call", "+1 202-555-0134")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        (&reply.body["channel"], &reply.body["sends_left"]),
        (&json!("call"), &json!(3))
    );
    assert_eq!(reply.body.get("client_secret"), None);
    let outbox = server.outbox().await;
    assert_eq!(outbox.len(), 2);
    assert_eq!(outbox[0]["code"], outbox[1]["code"]);
    assert_eq!(
        (&outbox[0]["channel"], &outbox[1]["channel"]),
        (&json!("call"), &json!("sms"))
    );
}

#[tokio::test]
async fn another_number_is_refused() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    server
        .resend(&started, &by("sms", OTHER_NUMBER))
        .await
        .assert_problem(422, "number_mismatch");
    server
        .resend(&started, &by("sms", "nonsense"))
        .await
        .assert_problem(422, "invalid_number");
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_field_that_is_missing_or_malformed_is_400() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    for body in [
        json!({"phone_number": NUMBER}),
        json!({"channel": "sms"}),
        by("fax", NUMBER),
        by("", NUMBER),
    ] {
        server
            .resend(&started, &body)
            .await
            .assert_problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn the_wait_is_told_and_enforced() {
    let server = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    let started = server.started(NUMBER).await;
    let view = server.view(&started).await;
    assert_eq!(
        (&view.body["next_sms_in"], &view.body["next_call_in"]),
        (&json!(60), &json!(60))
    );
    let reply = server.resend(&started, &by("sms", NUMBER)).await;
    reply.assert_problem(429, "too_many_requests");
    assert_eq!(reply.body["retry_in"], 60);
    assert_eq!(reply.about()["id"], started.id.as_str());
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(server.resend(&started, &by("sms", NUMBER)).await.status, 200);
}

#[tokio::test]
async fn sends_run_out() {
    let server = TestServer::with(&[("LIMITS__SENDS__PER_VERIFICATION", "2")]).await;
    let started = server.started(NUMBER).await;
    let second = server.resend(&started, &by("sms", NUMBER)).await;
    assert_eq!(
        (&second.body["sends_left"], &second.body["next_sms_in"]),
        (&json!(0), &json!(null))
    );
    let third = server.resend(&started, &by("sms", NUMBER)).await;
    assert_eq!(third.status, 429, "{third:?}");
    assert_eq!(server.outbox().await.len(), 2);
}

#[tokio::test]
async fn after_the_end_nothing_is_sent() {
    let server = TestServer::start().await;
    let canceled = server.started(NUMBER).await;
    server.cancel(&canceled).await;
    server
        .resend(&canceled, &by("sms", NUMBER))
        .await
        .assert_problem(410, "canceled");

    let (approved, _) = server.approved().await;
    server
        .resend(&approved, &by("sms", NUMBER))
        .await
        .assert_problem(409, "already_approved");

    let expired = server.started(NUMBER).await;
    server.clock.advance(Duration::from_mins(10));
    server
        .resend(&expired, &by("sms", NUMBER))
        .await
        .assert_problem(410, "expired");
}

#[tokio::test]
async fn a_repeated_resend_sends_nothing_again() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let path = format!("/v1/verifications/{}/resend", started.id);
    for _ in 0..3 {
        let request = server.request(Method::POST, &path).bearer_auth(&started.secret);
        let reply = Reply::of(
            request
                .header("idempotency-key", "0123456789abcdef")
                .json(&by("sms", NUMBER)),
        )
        .await;
        assert_eq!(
            (reply.status, &reply.body["sends_left"]),
            (200, &json!(3)),
            "{reply:?}"
        );
    }
    assert_eq!(server.outbox().await.len(), 2);
    let bad = server.request(Method::POST, &path).bearer_auth(&started.secret);
    let bad = Reply::of(bad.header("idempotency-key", "short").json(&by("sms", NUMBER))).await;
    bad.assert_problem(400, "invalid_request");
}

#[tokio::test]
async fn the_wrong_secret_is_404() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let other = server.started(OTHER_NUMBER).await;
    let thief = Started {
        id: started.id,
        secret: other.secret,
    };
    server
        .resend(&thief, &by("sms", NUMBER))
        .await
        .assert_problem(404, "not_found");
}
