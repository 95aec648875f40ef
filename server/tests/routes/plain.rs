//! The server's own pages by plain form posts, as a browser without JavaScript sends them.

use crate::harness::{NUMBER, Reply, TestServer, wrong};
use reqwest::Method;
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

const RETURN_URL: &str = "http://shop.localhost:81/done?order=17";

type Fields = HashMap<String, String>;

async fn post_from(server: &TestServer, path: &str, fields: &Fields, origin: Option<&str>) -> Reply {
    let mut request = server.request_here(Method::POST, path).form(fields);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    Reply::of(request).await
}

async fn post(server: &TestServer, path: &str, fields: &Fields) -> Reply {
    post_from(server, path, fields, Some(&server.url)).await
}

fn html(reply: &Reply) -> String {
    String::from_utf8(reply.bytes.clone()).unwrap()
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The hidden fields of a page's form, and one button of it.
fn press(page: &Reply, button: &str, typed: &[(&str, &str)]) -> Fields {
    let html = html(page);
    let mut all = fields(typed);
    for input in html
        .split("<input ")
        .skip(1)
        .filter(|input| input.starts_with("type=\"hidden\""))
    {
        let attribute = |name: &str| {
            let rest = input.split_once(&format!("{name}=\"")).unwrap().1;
            rest.split_once('"').unwrap().0.to_owned()
        };
        all.insert(attribute("name"), attribute("value"));
    }
    assert!(html.contains(&format!("value=\"{button}\"")), "{button}: {html}");
    all.insert("do".to_owned(), button.to_owned());
    all
}

fn start(number: &str, nonce: &str) -> Fields {
    fields(&[
        ("do", "start"),
        ("phone_number", number),
        ("country", "US"),
        ("nonce", nonce),
    ])
}

#[tokio::test]
async fn the_whole_job_needs_no_script_and_ends_at_the_hosts_address() {
    let server = TestServer::start().await;
    let session = server
        .session(&json!({"subject": "17", "return_url": RETURN_URL}))
        .await;
    let path = format!("/verify/{session}");
    let asked = post(&server, &path, &start(NUMBER, "a")).await;
    assert_eq!(asked.status, 200, "{}", html(&asked));
    assert!(html(&asked).contains("Enter the 6-digit PIN sent to") && !html(&asked).contains("<script"));
    let policy = asked.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http://shop.localhost:81;"),
        "{policy}"
    );
    assert_eq!(asked.header("referrer-policy"), "same-origin");

    let code = server.code().await;
    let mistaken = post(
        &server,
        &path,
        &press(&asked, "check", &[("code", &wrong(&code))]),
    )
    .await;
    assert_eq!(mistaken.status, 422);
    assert!(
        html(&mistaken).contains("This PIN is wrong. You can try 4 more times."),
        "{}",
        html(&mistaken)
    );

    let proved = post(&server, &path, &press(&mistaken, "check", &[("code", &code)])).await;
    assert_eq!(
        (proved.status, proved.header("location")),
        (303, RETURN_URL),
        "{}",
        html(&proved)
    );
    let state = server
        .host(Method::GET, &format!("/v1/sessions/{session}"), &json!(null))
        .await;
    assert_eq!(state.body["status"], "approved");
    // Sent again, as after going back: it leads on, and nothing is sent.
    let again = post(&server, &path, &start(NUMBER, "a")).await;
    assert_eq!(again.header("location"), RETURN_URL);
    assert_eq!(server.outbox().await.len(), 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_sends_one_message() {
    let server = TestServer::start().await;
    let first = post(&server, "/", &start(NUMBER, "a")).await;
    let second = post(&server, "/", &start(NUMBER, "a")).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(server.outbox().await.len(), 1);
    server.clock.advance(Duration::from_mins(1));
    let again = press(&second, "send-again", &[]);
    for _ in 0..2 {
        let page = post(&server, "/", &again).await;
        assert_eq!(page.status, 200, "{}", html(&page));
    }
    assert_eq!(server.outbox().await.len(), 2);
    let called = post(&server, "/", &press(&second, "call", &[])).await;
    assert!([200, 429].contains(&called.status), "{}", html(&called));
}

#[tokio::test]
async fn a_refusal_stands_in_words_on_the_form_with_what_was_typed() {
    let server = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    let refused = post(&server, "/", &start("12 \"<b>", "a")).await;
    assert_eq!(refused.status, 422);
    assert!(
        html(&refused).contains("This is not a valid phone number."),
        "{}",
        html(&refused)
    );
    assert!(html(&refused).contains("12 &quot;"), "{}", html(&refused));
    let asked = post(&server, "/", &start(NUMBER, "b")).await;
    let early = post(&server, "/", &press(&asked, "send-again", &[])).await;
    assert_eq!(early.status, 429);
    assert!(early.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(
        html(&early).contains("Please wait before you try again. (in "),
        "{}",
        html(&early)
    );
    server.clock.advance(Duration::from_mins(11));
    let late = post(&server, "/", &press(&asked, "check", &[("code", "123456")])).await;
    assert_eq!(late.status, 410);
    assert!(html(&late).contains("The PIN has expired.") && html(&late).contains("Start again"));
    let anew = post(&server, "/", &press(&late, "change", &[])).await;
    assert!(
        anew.status == 200 && html(&anew).contains(NUMBER),
        "{}",
        html(&anew)
    );
}

#[tokio::test]
async fn only_this_servers_own_pages_may_send_the_form() {
    let server = TestServer::start().await;
    for origin in [
        None,
        Some("null"),
        Some("https://evil.example"),
        Some("http://shop.localhost:81"),
    ] {
        let reply = post_from(&server, "/", &start(NUMBER, "a"), origin).await;
        reply.assert_problem(403, "origin_refused");
    }
    let json = server
        .request(Method::POST, "/")
        .header("origin", &server.url)
        .json(&json!({}));
    Reply::of(json)
        .await
        .assert_problem(415, "unsupported_media_type");
    let nothing = post(&server, "/", &fields(&[("do", "buy")])).await;
    nothing.assert_problem(400, "invalid_request");
    assert!(server.outbox().await.is_empty());
}

#[tokio::test]
async fn in_production_there_is_nothing_to_try_at_the_root() {
    let production = [
        ("MODE", "production"),
        ("TWILIO__ACCOUNT_SID", "AC1"),
        ("TWILIO__AUTH_TOKEN", "token"),
        ("TWILIO__FROM", "+12025550100"),
        ("SITES__0__KEY", "shop"),
        ("SITES__0__COUNTRIES", "US"),
    ];
    let server = TestServer::with(&production).await;
    let request = server.request(Method::POST, "/").form(&start(NUMBER, "a"));
    assert_eq!(Reply::of(request).await.status, 405);
}
