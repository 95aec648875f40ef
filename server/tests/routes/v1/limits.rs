//! Limits as a page sees them: each setting, by name, its status and its wait.

use crate::harness::{NUMBER, Reply, Started, TestServer, start_body, wrong};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

/// Differs from [`NUMBER`] before its last four digits.
const OTHER_PREFIX: &str = "+12125550134";
const ABROAD: &str = "+442079460123";

/// Each setting, a number that it still serves, and one that it does not.
#[tokio::test]
async fn every_limit_of_sends_is_a_429_that_says_how_long() {
    let beside = "+12025550199";
    for (setting, served, refused) in [
        ("LIMITS__NUMBER__PER_HOUR", beside, NUMBER),
        ("LIMITS__PREFIX__PER_HOUR", OTHER_PREFIX, beside),
        ("LIMITS__COUNTRY__PER_HOUR", ABROAD, OTHER_PREFIX),
        ("LIMITS__SITE__PER_HOUR", "", ABROAD),
        ("LIMITS__DEPLOYMENT__PER_HOUR", "", ABROAD),
    ] {
        let spacing = ("LIMITS__NUMBER__SPACING", "0s");
        let server = TestServer::with(&[(setting, "1"), spacing]).await;
        let started = server.started(NUMBER).await;
        let reply = server.try_start(refused).await;
        reply.assert_problem(429, "too_many_requests");
        let wait = reply.body["retry_in"].as_u64().unwrap();
        assert!((3_590..=3_600).contains(&wait), "{setting}: {wait}");
        assert_eq!(reply.header("retry-after"), wait.to_string(), "{setting}");
        let reply = server
            .resend(&started, &json!({"channel": "call", "phone_number": NUMBER}))
            .await;
        reply.assert_problem(429, "too_many_requests");
        assert_eq!(reply.about()["sends_left"], 4, "{setting}: nothing is spent");
        if !served.is_empty() {
            assert_eq!(server.try_start(served).await.status, 201, "{setting}");
        }
    }
}

async fn from(server: &TestServer, forwarded: &str) -> u16 {
    let request = server.request(Method::POST, "/v1/verifications");
    let request = request.header("x-forwarded-for", forwarded);
    Reply::of(request.json(&start_body(NUMBER))).await.status
}

async fn behind_a_proxy(per_10_minutes: &str) -> TestServer {
    TestServer::with(&[
        ("HTTP__TRUSTED_PROXIES", "1"),
        ("LIMITS__ADDRESS__PER_10_MINUTES", per_10_minutes),
        ("LIMITS__NUMBER__SPACING", "0s"),
    ])
    .await
}

#[tokio::test]
async fn an_ipv4_address_is_the_same_in_ipv6_clothes_and_whatever_stands_to_its_left() {
    let server = behind_a_proxy("1").await;
    assert_eq!(from(&server, "203.0.113.1").await, 201);
    for same in [
        "::ffff:203.0.113.1",
        "::ffff:cb00:7101",
        "203.0.113.1:4711",
        "[::ffff:203.0.113.1]:4711",
        "203.0.113.99, 203.0.113.1",
        "2001:db8::1,::ffff:203.0.113.1",
    ] {
        assert_eq!(from(&server, same).await, 429, "{same}");
    }
    assert_eq!(from(&server, "203.0.113.1, 203.0.113.2").await, 201);
}

#[tokio::test]
async fn an_ipv6_64_is_one_address_and_a_48_may_five_times_as_much() {
    let server = behind_a_proxy("1").await;
    assert_eq!(from(&server, "2001:db8:1:1::1").await, 201);
    assert_eq!(from(&server, "2001:db8:1:1:ffff:ffff:ffff:ffff").await, 429);
    for network in 2..=5 {
        assert_eq!(from(&server, &format!("2001:db8:1:{network}::1")).await, 201);
    }
    assert_eq!(
        from(&server, "2001:db8:1:6::1").await,
        429,
        "the /48 has had its five"
    );
    assert_eq!(from(&server, "2001:db8:2:1::1").await, 201);
}

#[tokio::test]
async fn a_test_number_takes_its_code_and_nothing_is_sent() {
    let server = TestServer::with(&[
        ("TEST_NUMBERS__0__PATTERN", "+1212555*"),
        ("TEST_NUMBERS__0__CODE", "000000"),
        ("LIMITS__NUMBER__PER_DAY", "1"),
        ("LIMITS__SITE__PER_DAY", "1"),
    ])
    .await;
    for _ in 0..3 {
        let reply = server.try_start(OTHER_PREFIX).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        assert_eq!(reply.body["delivery"]["state"], "accepted");
        let started = Started::of(&reply);
        server
            .check(&started, "123456")
            .await
            .assert_problem(422, "wrong_code");
        let reply = server.check(&started, "000000").await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &json!("approved")));
    }
    assert!(server.outbox().await.is_empty());
    assert_eq!(server.try_start(NUMBER).await.status, 201);
    assert_eq!(server.outbox().await.len(), 1);
}

/// T23: a stranger delays a first verification by a day at most, and a known user's not at all.
#[tokio::test]
async fn strangers_neither_use_up_a_known_subjects_checks_nor_end_its_verification() {
    let server = TestServer::with(&[
        ("LIMITS__NUMBER__SPACING", "0s"),
        ("LIMITS__NUMBER__PENDING", "2"),
        ("LIMITS__SUBJECT__SPACING", "0s"),
        ("LIMITS__SUBJECT__CHECKS_PER_DAY", "2"),
        ("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "3"),
        ("LIMITS__CHECKS__PACING_FACTOR", "0s"),
        ("LIMITS__LOCK_DAYS", "7"),
    ])
    .await;
    let session = server.session(&json!({"subject": "17"})).await;
    let mut in_session = start_body(NUMBER);
    in_session["session"] = json!(session);
    let token = server.token_of(&in_session).await;
    let body = json!({ "token": token });
    let claim = server.host(Method::PUT, "/v1/subjects/17/number", &body).await;
    assert_eq!(claim.status, 200, "{claim:?}");

    let mine = Started::of(&server.post("/v1/verifications", &in_session).await);
    let code = server.code().await;
    server.started(NUMBER).await;
    let strangers = server.started(NUMBER).await;
    // The claim was the first check of the number's day.
    for _ in 0..2 {
        let reply = server.check(&strangers, &wrong(&server.code().await)).await;
        reply.assert_problem(422, "wrong_code");
    }
    let reply = server.check(&strangers, &server.code().await).await;
    reply.assert_problem(429, "too_many_requests");
    let reply = server.try_start(NUMBER).await;
    reply.assert_problem(429, "too_many_requests");
    assert!(
        reply.body["retry_in"].as_u64().unwrap() > 6 * 86_400,
        "locked: {reply:?}"
    );

    let reply = server.check(&mine, &code).await;
    assert_eq!((reply.status, &reply.body["status"]), (200, &json!("approved")));
    let again = Started::of(&server.post("/v1/verifications", &in_session).await);
    let reply = server.check(&again, &wrong(&server.code().await)).await;
    reply.assert_problem(422, "wrong_code");
    let reply = server.check(&again, &server.code().await).await;
    reply.assert_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_held_number_counts_as_unverified_once_the_limits_time_is_over_unless_its_site_says_otherwise() {
    for (of_the_site, verified) in [("", false), ("45d", true)] {
        let server = TestServer::with(&[
            ("LIMITS__REVERIFY_AFTER", "30d"),
            ("SITES__0__KEY", "demo"),
            ("SITES__0__SECRET", "demo-secret"),
            ("SITES__0__COUNTRIES", "*"),
            ("SITES__0__ORIGINS", "loopback"),
            if of_the_site.is_empty() {
                ("SITES__0__NAME", "Demo")
            } else {
                ("SITES__0__REVERIFY_AFTER", of_the_site)
            },
        ])
        .await;
        let (_, token) = server.approved().await;
        let body = json!({ "token": token });
        let claim = server.host(Method::PUT, "/v1/subjects/17/number", &body).await;
        assert_eq!(claim.status, 200, "{claim:?}");
        server.clock.advance(Duration::from_hours(24 * 30));
        let held = server
            .host(Method::GET, "/v1/subjects/17/number", &json!(null))
            .await;
        assert_eq!(
            (held.status, &held.body["verified"]),
            (200, &json!(verified)),
            "{held:?}"
        );
    }
}
