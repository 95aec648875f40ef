//! Limits as a page sees them: each setting, by name, its status and its wait.

use crate::harness::{NUMBER, Reply, Started, TestServer, start_body};
use reqwest::Method;
use serde_json::json;

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
