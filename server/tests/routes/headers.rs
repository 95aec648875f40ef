use crate::harness::{BrokenStore, NUMBER, Started, TestServer};
use phone_verify::clock::SystemClock;
use phone_verify::compose::Overrides;
use phone_verify::keys::{GivenKeys, Keys};
use phone_verify::random::SystemRandom;
use phone_verify_domain::VerificationId;
use std::sync::Arc;

#[tokio::test]
async fn answers_of_the_api_are_kept_by_nobody() {
    let server = TestServer::start().await;
    for reply in [server.try_start(NUMBER).await, server.get("/v1/nothing").await] {
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-request-id").len(), 16);
        assert_eq!(reply.header("server"), "");
    }
}

#[tokio::test]
async fn pages_allow_nothing_inline_and_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    for path in ["/dev/outbox", "/dev/embedded", "/openapi"] {
        let reply = server.get(path).await;
        let policy = reply.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        let html = String::from_utf8(reply.bytes).unwrap();
        assert!(!html.contains("<style") && !html.contains(" style="), "{path}");
        assert!(
            !html.contains("<script>") && !html.contains(" onclick="),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing_and_can_be_read_by_the_page() {
    let store = Arc::new(BrokenStore { panics: true });
    let server = TestServer::compose(
        &[],
        Overrides {
            store: Some(store),
            ..Overrides::default()
        },
    )
    .await;
    let keys = Keys::load(
        &server.folder().join("keys"),
        &GivenKeys::default(),
        &SystemRandom,
        Arc::new(SystemClock),
    )
    .unwrap();
    let id = VerificationId::from_bytes([7; 16]);
    let started = Started {
        id: id.to_string(),
        secret: keys.client_secret(id).expose().to_owned(),
    };
    let reply = server.view(&started).await;
    reply.assert_problem(500, "unavailable");
    assert!(!reply.body["detail"].as_str().unwrap().contains("purpose"));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(server.get("/healthz").await.status, 200);
}
