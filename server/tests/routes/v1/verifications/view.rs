use crate::harness::{NO_ID, NUMBER, OTHER_NUMBER, Reply, Started, TestServer};
use reqwest::Method;
use std::time::Duration;

#[tokio::test]
async fn the_view_counts_down_with_the_servers_clock_and_holds_no_secret() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    server.clock.advance(Duration::from_millis(60_500));
    let reply = server.view(&started).await;
    assert_eq!((reply.status, &reply.body["expires_in"]), (200, &540.into()));
    assert_eq!(reply.body["id"], started.id.as_str());
    assert_eq!(
        (reply.body.get("client_secret"), reply.body.get("token")),
        (None, None)
    );
    server.clock.advance(Duration::from_mins(10));
    assert_eq!(server.view(&started).await.body["status"], "expired");
}

#[tokio::test]
async fn who_does_not_hold_the_secret_finds_nothing() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let other = server.started(OTHER_NUMBER).await;
    for id in [
        started.id.as_str(),
        NO_ID,
        "x",
        &started.id.to_uppercase(),
        "%00",
        &"0".repeat(3_000),
    ] {
        let thief = Started {
            id: id.to_owned(),
            secret: other.secret.clone(),
        };
        server.view(&thief).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn without_credentials_of_the_right_shape_it_is_401() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let path = format!("/v1/verifications/{}", started.id);
    server.get(&path).await.assert_problem(401, "unauthorized");
    let padded = format!("Bearer {}=", started.secret);
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer short",
        "Basic ZGVtbzpkZW1v",
        &started.secret,
        &padded,
    ] {
        let request = server.request(Method::GET, &path).header("authorization", value);
        Reply::of(request).await.assert_problem(401, "unauthorized");
    }
    let request = server.request(Method::GET, &path).bearer_auth(&started.secret);
    let twice = Reply::of(request.bearer_auth(&started.secret)).await;
    twice.assert_problem(401, "unauthorized");
    let lower = server
        .request(Method::GET, &path)
        .header("authorization", format!("bearer {}", started.secret));
    assert_eq!(Reply::of(lower).await.status, 200);
}
