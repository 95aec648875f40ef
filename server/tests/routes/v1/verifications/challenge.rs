//! Proof of work before a start.

use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer, start_body};
use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const PATH: &str = "/v1/verifications";

async fn always() -> TestServer {
    let settings = [("CHALLENGE__MODE", "always"), ("HTTP__TRUSTED_PROXIES", "1")];
    TestServer::with(&settings).await
}

/// Does the work as ALTCHA's own library does.
fn solved(refusal: &Reply) -> String {
    refusal.assert_problem(403, "challenge_required");
    let challenge: Challenge = serde_json::from_value(refusal.body["challenge"].clone()).unwrap();
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap();
    let payload = Payload {
        challenge,
        solution: solution.unwrap(),
    };
    BASE64_STANDARD.encode(serde_json::to_vec(&payload).unwrap())
}

fn with_proof(number: &str, proof: &str) -> Value {
    let mut body = start_body(number);
    body["challenge"] = proof.into();
    body
}

async fn post_from(server: &TestServer, address: &str, body: &Value) -> Reply {
    let request = server.request(Method::POST, PATH).json(body);
    Reply::of(request.header("x-forwarded-for", address)).await
}

#[tokio::test]
async fn a_start_brings_the_proof_that_the_refusal_asks_for_once() {
    let server = always().await;
    let refused = server.try_start(NUMBER).await;
    let proof = solved(&refused);
    assert!(server.outbox().await.is_empty());
    let started = server.post(PATH, &with_proof(NUMBER, &proof)).await;
    assert_eq!(started.status, 201, "{started:?}");
    let again = server.post(PATH, &with_proof(OTHER_NUMBER, &proof)).await;
    again.assert_problem(403, "challenge_required");
    assert_ne!(again.body["challenge"], refused.body["challenge"]);
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_proof_is_good_for_the_network_and_site_that_asked_and_for_five_minutes() {
    let server = always().await;
    let proof = solved(&post_from(&server, "192.0.2.1", &start_body(NUMBER)).await);
    let body = with_proof(NUMBER, &proof);
    let elsewhere = post_from(&server, "192.0.2.2", &body).await;
    elsewhere.assert_problem(403, "challenge_required");
    server.clock.advance(Duration::from_mins(5));
    let late = post_from(&server, "192.0.2.1", &body).await;
    late.assert_problem(403, "challenge_required");
    let fresh = with_proof(NUMBER, &solved(&late));
    assert_eq!(post_from(&server, "192.0.2.1", &fresh).await.status, 201);
}

#[tokio::test]
async fn it_stands_behind_the_origin_and_before_what_is_wrong_with_the_number() {
    let server = always().await;
    let unparsable = with_proof("12", "nonsense");
    server
        .post(PATH, &unparsable)
        .await
        .assert_problem(403, "challenge_required");
    let request = server.request(Method::POST, PATH).json(&unparsable);
    let foreign = Reply::of(request.header("origin", "https://evil.example")).await;
    foreign.assert_problem(403, "origin_refused");
    let mut nowhere = unparsable.clone();
    nowhere["site_key"] = "nowhere".into();
    server
        .post(PATH, &nowhere)
        .await
        .assert_problem(404, "site_unknown");

    let proof = solved(&server.try_start(NUMBER).await);
    let refused = server.post(PATH, &with_proof("12", &proof)).await;
    refused.assert_problem(422, "invalid_number");
    let corrected = server.post(PATH, &with_proof(NUMBER, &proof)).await;
    assert_eq!(
        corrected.status, 201,
        "a mistyped number costs no work: {corrected:?}"
    );
}

#[tokio::test]
async fn a_repeat_needs_no_further_proof_and_a_host_session_none_at_all() {
    let server = always().await;
    let key = "0123456789abcdef";
    let send = async |body: Value| {
        let request = server.request(Method::POST, PATH).json(&body);
        Reply::of(request.header("idempotency-key", key)).await
    };
    let proof = solved(&send(start_body(NUMBER)).await);
    let first = send(with_proof(NUMBER, &proof)).await;
    let again = send(start_body(NUMBER)).await;
    assert_eq!(
        (first.status, &again.body["id"]),
        (201, &first.body["id"]),
        "{again:?}"
    );
    assert_eq!(server.outbox().await.len(), 1);

    let mut body = start_body(OTHER_NUMBER);
    body["session"] = server.session(&json!({ "subject": "17" })).await.into();
    assert_eq!(server.post(PATH, &body).await.status, 201);
    body["session"] = "made-up".into();
    server
        .post(PATH, &body)
        .await
        .assert_problem(422, "invalid_session");
}

#[tokio::test]
async fn by_itself_it_is_asked_for_from_the_fourth_send_of_a_network_on_and_hardens() {
    let settings = [
        ("CHALLENGE__MODE", "auto"),
        ("HTTP__TRUSTED_PROXIES", "1"),
        ("LIMITS__ADDRESS__PER_10_MINUTES", "10"),
    ];
    let server = TestServer::with(&settings).await;
    for _ in 0..3 {
        assert_eq!(
            post_from(&server, "192.0.2.1", &start_body(NUMBER)).await.status,
            201
        );
    }
    let level = |reply: &Reply| reply.body["challenge"]["parameters"]["data"]["level"].clone();
    let fourth = post_from(&server, "192.0.2.1", &start_body(NUMBER)).await;
    assert_eq!(level(&fourth), 1, "{fourth:?}");
    assert_eq!(
        post_from(&server, "192.0.2.2", &start_body(NUMBER)).await.status,
        201
    );

    let body = with_proof(NUMBER, &solved(&fourth));
    assert_eq!(post_from(&server, "192.0.2.1", &body).await.status, 201);
    let fifth = post_from(&server, "192.0.2.1", &start_body(NUMBER)).await;
    assert_eq!(level(&fifth), 2);
    server.clock.advance(Duration::from_mins(10));
    assert_eq!(
        post_from(&server, "192.0.2.1", &start_body(NUMBER)).await.status,
        201
    );
}

#[tokio::test]
async fn with_a_spray_of_wrong_codes_everybody_is_asked() {
    let settings = [
        ("CHALLENGE__MODE", "auto"),
        ("LIMITS__FAILED_CHECKS__PER_MINUTE", "2"),
    ];
    let server = TestServer::with(&settings).await;
    let started = server.started(NUMBER).await;
    let wrong = crate::harness::wrong(&server.code().await);
    for _ in 0..2 {
        server
            .check(&started, &wrong)
            .await
            .assert_problem(422, "wrong_code");
    }
    let refused = server.try_start(OTHER_NUMBER).await;
    let body = with_proof(OTHER_NUMBER, &solved(&refused));
    assert_eq!(server.post(PATH, &body).await.status, 201);
}

#[tokio::test]
async fn of_16_starts_with_one_proof_one_sends() {
    let server = always().await;
    let proof = solved(&server.try_start(NUMBER).await);
    let body = with_proof(NUMBER, &proof);
    let starts = (0..16).map(|_| server.post(PATH, &body));
    let replies = futures::future::join_all(starts).await;
    let count = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!((count(201), count(403)), (1, 15));
    assert_eq!(server.outbox().await.len(), 1);
}
