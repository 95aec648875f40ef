use super::{ACCOUNT, SERVICE, check, get, post, started, text, try_start};
use crate::harness::{NUMBER, OTHER_NUMBER, TestServer, wrong};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn the_right_code_approves_once() {
    let server = TestServer::start().await;
    let sid = started(&server).await["sid"].clone();
    let code = server.code().await;
    let pending = check(&server, &wrong(&code)).await;
    assert_eq!(pending.status, 200, "{pending:?}");
    assert_eq!(
        (&pending.body["status"], &pending.body["valid"]),
        (&json!("pending"), &json!(false))
    );
    let approved = check(&server, &code).await;
    let expected = json!({
        "sid": sid,
        "service_sid": SERVICE,
        "account_sid": ACCOUNT,
        "to": NUMBER,
        "channel": "sms",
        "status": "approved",
        "valid": true,
        "amount": null,
        "payee": null,
        "sna_attempts_error_codes": [],
        "date_created": "2027-01-15T08:00:00Z",
        "date_updated": "2027-01-15T08:00:00Z",
    });
    assert_eq!((approved.status, approved.body), (200, expected));
    check(&server, &code).await.assert_twilio(404, 20404);
    let found = get(&server, &format!("Verifications/{}", sid.as_str().unwrap())).await;
    assert_eq!(
        (&found.body["status"], &found.body["valid"]),
        (&json!("approved"), &json!(true))
    );
}

#[tokio::test]
async fn a_sid_is_as_good_as_a_number() {
    let server = TestServer::start().await;
    let body = started(&server).await;
    let (sid, code) = (text(&body, "sid"), server.code().await);
    let reply = post(
        &server,
        "VerificationCheck",
        &[("VerificationSid", sid), ("To", OTHER_NUMBER), ("Code", &code)],
    )
    .await;
    reply.assert_twilio(404, 20404);
    let reply = post(
        &server,
        "VerificationCheck",
        &[("VerificationSid", sid), ("Code", &code)],
    )
    .await;
    assert_eq!(
        (&reply.body["status"], &reply.body["to"]),
        (&json!("approved"), &json!("+1 ••• ••• ••34"))
    );
}

#[tokio::test]
async fn the_last_wrong_code_says_so_and_then_it_is_60202() {
    let server = TestServer::start().await;
    started(&server).await;
    let code = server.code().await;
    for left in (0..5).rev() {
        let reply = check(&server, &wrong(&code)).await;
        let word = if left == 0 {
            "max_attempts_reached"
        } else {
            "pending"
        };
        assert_eq!(
            (reply.status, &reply.body["status"], &reply.body["valid"]),
            (200, &json!(word), &json!(false))
        );
    }
    check(&server, &code).await.assert_twilio(429, 60202);
    let found = get(&server, &format!("Verifications/{NUMBER}")).await;
    assert_eq!(found.body["status"], "max_attempts_reached");
}

#[tokio::test]
async fn pacing_and_the_number_s_day_are_20429() {
    let server = TestServer::with(&[("LIMITS__CHECKS__PACING_FACTOR", "15s")]).await;
    started(&server).await;
    let code = server.code().await;
    for _ in 0..3 {
        assert_eq!(check(&server, &wrong(&code)).await.status, 200);
    }
    let early = check(&server, &code).await;
    early.assert_twilio(429, 20429);
    assert_eq!(early.header("retry-after"), "15");
    server.clock.advance(Duration::from_secs(15));
    assert_eq!(check(&server, &code).await.body["status"], "approved");

    let server = TestServer::with(&[("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "1")]).await;
    started(&server).await;
    let code = server.code().await;
    assert_eq!(check(&server, &wrong(&code)).await.status, 200);
    check(&server, &code).await.assert_twilio(429, 20429);
}

#[tokio::test]
async fn after_each_end_no_code_is_right() {
    let server = TestServer::start().await;
    check(&server, "123456").await.assert_twilio(404, 20404);
    let body = started(&server).await;
    let code = server.code().await;
    let path = format!("Verifications/{}", text(&body, "sid"));
    assert_eq!(post(&server, &path, &[("Status", "canceled")]).await.status, 200);
    check(&server, &code).await.assert_twilio(404, 20404);

    started(&server).await;
    let code = server.code().await;
    server.clock.advance(Duration::from_mins(10));
    check(&server, &code).await.assert_twilio(404, 20404);
}

#[tokio::test]
async fn what_is_no_code_is_60200_and_spends_nothing() {
    let server = TestServer::start().await;
    started(&server).await;
    let code = server.code().await;
    for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
        for _ in 0..2 {
            check(&server, bad).await.assert_twilio(400, 60200);
        }
    }
    post(&server, "VerificationCheck", &[("Code", &code)])
        .await
        .assert_twilio(400, 60200);
    post(&server, "VerificationCheck", &[("Code", &code), ("To", "12")])
        .await
        .assert_twilio(400, 60200);
    assert_eq!(check(&server, &code).await.body["status"], "approved");
}

#[tokio::test]
async fn a_site_whose_tokens_carry_the_number_and_one_that_keeps_it_are_checked_alike() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__TOKEN_NUMBER", "true"),
        ("SITES__0__NUMBER_STORAGE", "encrypted"),
    ])
    .await;
    let reply = try_start(&server, NUMBER).await;
    let sid = text(&reply.body, "sid");
    let found = get(&server, &format!("Verifications/{sid}")).await;
    assert_eq!(found.body["to"], NUMBER, "it is kept, and shown in full");
    let form = [("VerificationSid", sid), ("Code", &server.code().await)];
    let reply = post(&server, "VerificationCheck", &form).await;
    assert_eq!(
        (&reply.body["status"], &reply.body["to"]),
        (&json!("approved"), &json!(NUMBER))
    );
}
