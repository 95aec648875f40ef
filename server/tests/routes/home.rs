use crate::harness::TestServer;

#[tokio::test]
async fn the_page_is_rendered_here_and_its_one_inline_script_has_the_answers_own_nonce() {
    let server = TestServer::start().await;
    let reply = server.get("/").await;
    let html = String::from_utf8(reply.bytes.clone()).unwrap();
    if reply.status == 503 {
        // Compiled without the browser's files: it says how to get them.
        assert!(html.contains("cargo xtask build"), "{html}");
        return;
    }
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    for text in ["Get PIN", "Phone number", "/dev/outbox", &server.url] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let policy = reply.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap();
    assert!(nonce.len() >= 16, "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let inline =
        html.matches("<script").count() - html.matches("<script type=\"module\" src=\"/pkg/").count();
    assert_eq!(
        inline,
        html.matches(&format!("<script nonce=\"{nonce}\">")).count(),
        "{html}"
    );
    assert!(!html.contains(" style=\"") && !html.contains("<style"), "{html}");

    let again = server.get("/").await;
    assert!(
        !again.header("content-security-policy").contains(nonce),
        "a nonce serves once"
    );

    let (_, rest) = html.split_once("src=\"/pkg/").unwrap();
    let script = server
        .get(&format!("/pkg/{}", rest.split('"').next().unwrap()))
        .await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn the_page_sends_nobody_to_the_outbox_where_messages_really_go_out() {
    let twilio = [
        ("TWILIO__ACCOUNT_SID", "AC1"),
        ("TWILIO__AUTH_TOKEN", "token"),
        ("TWILIO__FROM", "+12025550100"),
    ];
    let server = TestServer::with(&twilio).await;
    let html = String::from_utf8(server.get("/").await.bytes).unwrap();
    assert!(!html.contains("/dev/outbox"), "{html}");
}

#[tokio::test]
async fn in_production_nothing_can_be_sent_from_the_page() {
    let production = [
        ("MODE", "production"),
        ("TWILIO__ACCOUNT_SID", "AC1"),
        ("TWILIO__AUTH_TOKEN", "token"),
        ("TWILIO__FROM", "+12025550100"),
        ("SITES__0__KEY", "shop"),
        ("SITES__0__COUNTRIES", "US"),
    ];
    let server = TestServer::with(&production).await;
    let html = String::from_utf8(server.get("/").await.bytes).unwrap();
    assert!(
        !html.contains("Get PIN") && !html.contains("/dev/outbox"),
        "{html}"
    );
}

#[tokio::test]
async fn the_icon_that_browsers_ask_for_unasked_is_there() {
    let server = TestServer::start().await;
    let icon = server.get("/favicon.ico").await;
    assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
}

#[tokio::test]
async fn crawlers_are_kept_out_of_sessions_pages() {
    let server = TestServer::start().await;
    let robots = server.get("/robots.txt").await;
    assert_eq!(
        (robots.status, robots.header("content-type")),
        (200, "text/plain; charset=utf-8")
    );
    assert!(
        String::from_utf8(robots.bytes)
            .unwrap()
            .contains("Disallow: /verify/")
    );
}
