use super::{check, get, post, started, text};
use crate::harness::{NUMBER, Reply, Started, TestServer};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

async fn end(server: &TestServer, name: &str, status: &str) -> Reply {
    post(server, &format!("Verifications/{name}"), &[("Status", status)]).await
}

#[tokio::test]
async fn the_caller_ends_it_by_sid_or_number() {
    let server = TestServer::start().await;
    for (status, valid) in [("canceled", false), ("approved", true)] {
        for by_number in [false, true] {
            // The last one is meant where none is live.
            server.clock.advance(Duration::from_secs(1));
            let body = started(&server).await;
            let name = if by_number { NUMBER } else { text(&body, "sid") };
            for _ in 0..2 {
                let reply = end(&server, name, status).await;
                assert_eq!(
                    (
                        reply.status,
                        &reply.body["status"],
                        &reply.body["valid"],
                        &reply.body["sid"]
                    ),
                    (200, &json!(status), &json!(valid), &body["sid"]),
                    "{reply:?}"
                );
            }
            let other = if valid { "canceled" } else { "approved" };
            end(&server, name, other).await.assert_twilio(404, 20404);
            check(&server, &server.code().await)
                .await
                .assert_twilio(404, 20404);
        }
    }
}

#[tokio::test]
async fn a_plus_in_a_path_is_one_in_either_spelling() {
    let server = TestServer::start().await;
    let sid = started(&server).await["sid"].clone();
    for name in ["+12025550134", "%2B12025550134"] {
        let found = get(&server, &format!("Verifications/{name}")).await;
        assert_eq!(
            (&found.body["sid"], &found.body["to"]),
            (&sid, &json!(NUMBER)),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn another_status_and_another_name_are_refused() {
    let server = TestServer::start().await;
    let body = started(&server).await;
    let sid = text(&body, "sid");
    for status in ["", "pending", "APPROVED"] {
        end(&server, sid, status).await.assert_twilio(400, 60200);
    }
    for name in [
        "VE00000000000000000000000000000000",
        &sid.to_uppercase(),
        "VE1",
        "nobody",
        "+12025550135",
        "%ff",
    ] {
        end(&server, name, "canceled").await.assert_twilio(404, 20404);
    }
}

#[tokio::test]
async fn what_the_site_s_server_approves_is_approved_for_its_browser_too() {
    let server = TestServer::start().await;
    let session = server.session(&json!({"subject": "user-1"})).await;
    let mut body = crate::harness::start_body(NUMBER);
    body["session"] = session.clone().into();
    let started = Started::of(&server.post("/v1/verifications", &body).await);
    let reply = end(&server, &format!("VE{}", started.id), "approved").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(server.view(&started).await.body["status"], "approved");
    let state = server
        .host(Method::GET, &format!("/v1/sessions/{session}"), &json!(null))
        .await;
    assert_eq!(state.body["status"], "approved", "{state:?}");
    let token = state.body["token"].as_str().unwrap();
    assert_eq!(server.redeem(token).await.body["sub"], "user-1");
    server.redeem(token).await.assert_problem(409, "already_redeemed");
}
