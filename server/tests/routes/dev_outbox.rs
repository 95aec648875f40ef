use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn messages_are_listed_newest_first_and_by_number() {
    let server = TestServer::start().await;
    let first = server.started(NUMBER).await;
    server.started(OTHER_NUMBER).await;
    let all = server.outbox().await;
    assert_eq!(all.len(), 2);
    assert_eq!(
        (&all[0]["to"], &all[1]["to"]),
        (&json!(OTHER_NUMBER), &json!(NUMBER))
    );

    let entry = &all[1];
    let fields: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        ["at", "body", "channel", "code", "id", "to", "verification"]
    );
    assert_eq!(entry["verification"], first.id.as_str());
    assert_eq!(
        (&entry["channel"], &entry["at"]),
        (&json!("sms"), &json!("2027-01-15T08:00:00Z"))
    );
    let code = entry["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(
        entry["body"],
        format!("{code} is your Demo code. Do not share it with anybody.")
    );

    for query in ["%2B12025550134", "+12025550134", "12025550134"] {
        let request = server.request(Method::GET, &format!("/dev/outbox?to={query}"));
        let reply = Reply::of(request.header("accept", "application/json")).await;
        assert_eq!(reply.body, json!([entry]), "{query}");
    }
}

#[tokio::test]
async fn the_page_shows_the_code_and_runs_no_script() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__NAME", "<b>&\"Shop"),
        ("SITES__0__COUNTRIES", "*"),
    ])
    .await;
    assert!(server.get("/dev/outbox").await.status == 200);
    server.started(NUMBER).await;
    let reply = server.get("/dev/outbox").await;
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    let html = String::from_utf8(reply.bytes).unwrap();
    assert!(html.contains(&server.code().await) && html.contains(NUMBER));
    assert!(html.contains("&lt;b&gt;&amp;&quot;Shop") && !html.contains("<b>"));
    assert!(!html.contains("<script"));
}

#[tokio::test]
async fn only_the_newest_are_kept_and_the_file_has_all() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("logs/outbox.jsonl");
    let server = TestServer::with(&[("OUTBOX__KEEP", "2"), ("OUTBOX__FILE", file.to_str().unwrap())]).await;
    for _ in 0..3 {
        server.started(NUMBER).await;
    }
    let kept = server.outbox().await;
    assert_eq!(kept.len(), 2);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[2], &lines[1]), (&kept[0], &kept[1]));
}

#[tokio::test]
async fn production_has_no_pages_of_development() {
    let production = [
        ("MODE", "production"),
        ("TWILIO__ACCOUNT_SID", "AC1"),
        ("TWILIO__AUTH_TOKEN", "token"),
        ("TWILIO__FROM", "+12025550100"),
    ];
    let server = TestServer::with(&production).await;
    for path in ["/dev/outbox", "/dev/embedded", "/dev/dev.css", "/dev"] {
        server.get(path).await.assert_problem(404, "not_found");
    }
}
