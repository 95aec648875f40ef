//! This server's own page for a host's session.

use crate::harness::{NUMBER, TestServer, start_body};
use serde_json::json;
use std::time::Duration;

const RETURN_URL: &str = "http://shop.localhost:81/done?order=17";

#[tokio::test]
async fn the_page_works_in_its_session_and_leads_back_to_the_host() {
    let server = TestServer::start().await;
    let session = server
        .session(&json!({"subject": "17", "return_url": RETURN_URL}))
        .await;
    let path = format!("/verify/{session}");
    let onward = format!("{path}/continue");
    let page = server.get(&path).await;
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    if page.status == 503 {
        // Compiled without the browser's files: it says how to get them.
        assert!(html.contains("cargo xtask build"), "{html}");
    } else {
        assert_eq!(page.status, 200, "{html}");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        for text in ["Phone number", "data-site-key=\"demo\"", &session, &onward] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(!html.contains("shop.localhost"), "{html}");
    }
    let early = server.get_here(&onward).await;
    assert_eq!((early.status, early.header("location")), (303, path.as_str()));

    let mut body = start_body(NUMBER);
    body["session"] = session.as_str().into();
    server.token_of(&body).await;
    for path in [&path, &onward] {
        let done = server.get_here(path).await;
        assert_eq!((done.status, done.header("location")), (303, RETURN_URL));
    }
}

#[tokio::test]
async fn a_session_that_never_was_or_is_over_has_no_page() {
    let server = TestServer::start().await;
    let session = server
        .session(&json!({"subject": "17", "return_url": RETURN_URL}))
        .await;
    server.clock.advance(Duration::from_hours(1));
    for session in [session.as_str(), "x", &"a".repeat(43)] {
        for path in [
            format!("/verify/{session}"),
            format!("/verify/{session}/continue"),
        ] {
            let reply = server.get_here(&path).await;
            assert_eq!((reply.status, reply.header("location")), (404, ""), "{path}");
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        }
    }
}
