use crate::harness::{NUMBER, TestServer, Wire, start_body};
use std::time::Duration;

#[tokio::test]
async fn a_head_that_is_dripped_is_cut_off_after_five_seconds() {
    let server = TestServer::start().await;
    let mut wire = server.wire().await;
    wire.send(b"GET /healthz HTTP/1.1\r\nX: ").await;
    let begun = tokio::time::Instant::now();
    let reply = wire
        .drip(b'x', Duration::from_millis(200), Duration::from_secs(8))
        .await;
    assert!(begun.elapsed() >= Duration::from_millis(4_900), "{reply:?}");
    assert!(!reply.has("200 ok"));
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let server = TestServer::start().await;
    for head in [
        format!("GET /healthz HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000)),
        format!("GET /healthz HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(100)),
    ] {
        let mut wire = server.wire().await;
        wire.send(head.as_bytes()).await;
        let reply = wire.read_to_end().await;
        assert_eq!(reply.status(), Some(431), "{reply:?}");
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections_unless_a_proxy_stands_before() {
    for (proxies, closed) in [("0", true), ("1", false)] {
        let settings = [
            ("HTTP__CONNECTIONS_PER_ADDRESS", "3"),
            ("HTTP__TRUSTED_PROXIES", proxies),
        ];
        let server = TestServer::with(&settings).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut wire = server.wire().await;
            wire.send(b"GET /healthz HTTP/1.1\r\n").await;
            held.push(wire);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut fourth = server.wire().await;
        // The server may have closed before this is written.
        let answered = asks(&mut fourth).await;
        assert_eq!(answered, !closed, "trusted_proxies = {proxies}");
        drop(held);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(asks(&mut server.wire().await).await, "places come back");
    }
}

async fn asks(wire: &mut Wire) -> bool {
    wire.try_send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    wire.read_to_end().await.has("200 ok")
}

#[tokio::test]
async fn a_request_under_way_is_finished_when_the_server_stops() {
    let mut server = TestServer::start().await;
    let body = start_body(NUMBER).to_string();
    let head = format!(
        "POST /v1/verifications HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        server.authority(),
        body.len()
    );
    let mut wire = server.wire().await;
    wire.send(head.as_bytes()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let authority = server.authority().to_owned();
    let rest = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        wire.send(body.as_bytes()).await;
        wire.read_to_end().await
    });
    server.stop().await;
    assert_eq!(rest.await.unwrap().status(), Some(201));
    assert!(
        tokio::net::TcpStream::connect(authority).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn what_was_kept_is_there_after_a_restart() {
    let mut server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    server.restart().await;
    assert_eq!(server.check(&started, &code).await.status, 200);
}
