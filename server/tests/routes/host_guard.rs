use crate::harness::{Reply, TestServer};
use reqwest::Method;

async fn asked_as(server: &TestServer, host: &str, path: &str) -> Reply {
    Reply::of(server.request(Method::GET, path).header("host", host)).await
}

#[tokio::test]
async fn with_a_public_url_other_hosts_are_misdirected() {
    let server = TestServer::with(&[("HTTP__PUBLIC_URL", "http://verify.example")]).await;
    for host in [
        "evil.example",
        "verify.example.evil.example",
        "verify.example:8080",
        server.authority(),
    ] {
        for path in [
            "/v1/verifications",
            "/.well-known/jwks.json",
            "/dev/outbox",
            "/nothing",
        ] {
            asked_as(&server, host, path)
                .await
                .assert_problem(421, "misdirected");
        }
    }
    for host in ["verify.example", "VERIFY.EXAMPLE", "verify.example:80"] {
        assert_eq!(
            asked_as(&server, host, "/.well-known/jwks.json").await.status,
            200,
            "{host}"
        );
    }
}

#[tokio::test]
async fn probes_are_answered_under_any_name() {
    let server = TestServer::with(&[("HTTP__PUBLIC_URL", "http://verify.example")]).await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            asked_as(&server, "10.0.0.7:3000", path).await.status,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn development_answers_to_this_machine_only() {
    let server = TestServer::start().await;
    let port = server.authority().rsplit(':').next().unwrap().to_owned();
    for host in ["localhost", "shop.localhost", "127.0.0.1", "[::1]"] {
        let host = format!("{host}:{port}");
        assert_eq!(
            asked_as(&server, &host, "/.well-known/jwks.json").await.status,
            200,
            "{host}"
        );
    }
    for host in ["rebound.example", "192.168.0.10", "localhost.example"] {
        asked_as(&server, host, "/v1/verifications")
            .await
            .assert_problem(421, "misdirected");
    }
}

#[tokio::test]
async fn development_that_was_asked_for_answers_to_all() {
    let server = TestServer::with(&[("MODE", "development")]).await;
    assert_eq!(
        asked_as(&server, "laptop.lan:3000", "/.well-known/jwks.json")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_request_that_names_no_host_or_two_is_misdirected() {
    let server = TestServer::start().await;
    let authority = server.authority();
    for head in [
        "GET /.well-known/jwks.json HTTP/1.0\r\n\r\n".to_owned(),
        format!(
            "GET /.well-known/jwks.json HTTP/1.1\r\nHost: {authority}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "GET http://evil.example/.well-known/jwks.json HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
        ),
    ] {
        let mut wire = server.wire().await;
        wire.send(head.as_bytes()).await;
        let reply = wire.read_to_end().await;
        assert_eq!(reply.status(), Some(421), "{head} {reply:?}");
    }
}
