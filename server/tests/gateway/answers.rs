use crate::gateway::Gateway;
use crate::harness::{NUMBER, Started, TestServer};
use phone_verify::config::Config;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const BODY: &str = r#"{"message": {"to": "{to}", "text": "{text}", "lang": "{locale}", "by": "{channel}"}, "ref": "{delivery}"}"#;

async fn with(gateway: &Gateway, more: &[(&str, &str)]) -> TestServer {
    let mut settings = vec![
        ("HTTP_SENDER__URL", gateway.url.as_str()),
        ("HTTP_SENDER__HEADERS__AUTHORIZATION", "Bearer header-secret"),
        ("HTTP_SENDER__BODY", BODY),
        ("HTTP_SENDER__MESSAGE_ID", "/data/0/id"),
        ("HTTP_SENDER__TIMEOUT", "500ms"),
        ("HTTP_SENDER__NOT_SENT_STATUSES", "400,429,503"),
        ("SENDERS__SMS", "http"),
        ("SENDERS__CALL", "http"),
        ("LIMITS__NUMBER__PER_HOUR", "1"),
    ];
    settings.extend_from_slice(more);
    TestServer::with(&settings).await
}

/// The digits in what the gateway was last asked to send.
fn code(gateway: &Gateway) -> String {
    let body: Value = serde_json::from_str(&gateway.requests().last().unwrap().body).unwrap();
    let text = body["message"]["text"].as_str().unwrap().to_owned();
    let mut runs = text.split(|character: char| !character.is_ascii_digit());
    runs.find(|run| run.len() == 6).unwrap().to_owned()
}

#[tokio::test]
async fn the_whole_job_goes_through_a_gateway_by_its_own_json_and_headers() {
    let gateway = Gateway::open().await;
    gateway.answer(202, r#"{"data": [{"id": 4711}]}"#);
    for (number, channel) in [(NUMBER, "sms"), ("+12025550135", "call")] {
        let server = with(
            &gateway,
            &[
                ("SITES__0__KEY", "demo"),
                ("SITES__0__NAME", "Tom \"&\" {code}"),
                ("SITES__0__COUNTRIES", "*"),
            ],
        )
        .await;
        let body = json!({"site_key": "demo", "phone_number": number, "channel": channel, "locale": "de"});
        let reply = server.post("/v1/verifications", &body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        assert_eq!(
            reply.body["delivery"],
            json!({"state": "accepted", "reason": null})
        );
        let request = gateway.requests().pop().unwrap();
        assert!(
            request.head.starts_with("POST /send?key=url-secret HTTP/1.1"),
            "{request:?}"
        );
        assert_eq!(request.header("authorization"), Some("Bearer header-secret"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        let sent: Value = serde_json::from_str(&request.body).unwrap();
        let message = sent["message"].as_object().unwrap();
        assert_eq!(
            (&message["to"], &message["lang"], &message["by"]),
            (&number.into(), &"de".into(), &channel.into())
        );
        assert!(
            message["text"].as_str().unwrap().contains("Tom \"&\" {code}"),
            "{sent}"
        );
        assert_eq!(sent["ref"].as_str().unwrap().len(), 32);
        let checked = server.check(&Started::of(&reply), &code(&gateway)).await;
        assert_eq!(
            (checked.status, &checked.body["status"]),
            (200, &"approved".into())
        );
    }
    assert_eq!(gateway.requests().len(), 2);
}

#[tokio::test]
async fn what_the_gateway_says_it_did_not_send_is_given_back() {
    let gateway = Gateway::open().await;
    let server = with(&gateway, &[]).await;
    for status in [400, 429, 503] {
        gateway.answer(status, r#"{"error": "+12025550134 header-secret"}"#);
        server
            .try_start(NUMBER)
            .await
            .assert_problem(503, "sender_unavailable");
    }
    assert_eq!(gateway.requests().len(), 3, "asked once each");
    gateway.answer(200, "taken");
    server.started(NUMBER).await;
}

#[tokio::test]
async fn what_may_have_been_sent_is_unknown_asked_once_and_its_code_verifies() {
    let gateway = Gateway::open().await;
    let half = "HTTP/1.1 400 Status\r\nContent-Length: 9";
    for answer in [Some(500), Some(502), Some(404), Some(302), None] {
        let server = with(&gateway, &[]).await;
        let before = gateway.requests().len();
        match answer {
            Some(status) => gateway.answer(status, ""),
            None => gateway.answer_bytes(half),
        }
        let reply = server.try_start(NUMBER).await;
        assert_eq!(reply.status, 201, "{answer:?} {reply:?}");
        assert_eq!(reply.body["delivery"]["state"], "unknown", "{answer:?}");
        assert_eq!(gateway.requests().len() - before, 1, "{answer:?}");
        let checked = server.check(&Started::of(&reply), &code(&gateway)).await;
        assert_eq!(checked.body["status"], "approved");
    }
    // It holds the connection open, longer than the time-out.
    let server = with(&gateway, &[]).await;
    gateway.answer_bytes("");
    let before = gateway.requests().len();
    let reply = server.try_start(NUMBER).await;
    assert_eq!(reply.body["delivery"]["state"], "unknown", "{reply:?}");
    assert_eq!(gateway.requests().len() - before, 1);
}

#[tokio::test]
async fn an_answer_of_any_shape_with_2xx_is_sent() {
    let gateway = Gateway::open().await;
    let endless = "x".repeat(70_000);
    for body in ["", "<html>", "{}", r#"{"data": [{"id": "a b\n"}]}"#, &endless] {
        let server = with(&gateway, &[]).await;
        gateway.answer(200, body);
        let reply = server.try_start(NUMBER).await;
        assert_eq!(reply.body["delivery"]["state"], "accepted", "{reply:?}");
    }
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_costs_nothing_and_the_next_sender_is_asked() {
    let gateway = Gateway::open().await;
    let closed = ("HTTP_SENDER__URL", "http://127.0.0.1:9/");
    let server = with(&gateway, &[closed]).await;
    server
        .try_start(NUMBER)
        .await
        .assert_problem(503, "sender_unavailable");
    let server = with(&gateway, &[closed, ("SENDERS__SMS", "http,outbox")]).await;
    server.started(NUMBER).await;
    assert_eq!(server.outbox().await.len(), 1);
    assert_eq!(gateway.requests().len(), 0);
}

fn problems(mode: &str, settings: &[(&str, &str)]) -> String {
    let mut environment: BTreeMap<String, String> = BTreeMap::new();
    let all = [
        ("MODE", mode),
        ("SENDERS__SMS", "http"),
        ("HTTP_SENDER__URL", "https://sms.example/?key=url-secret"),
    ];
    for (name, value) in all.iter().chain(settings) {
        environment.insert(format!("PHONE_VERIFY__{name}"), (*value).to_owned());
    }
    match Config::parse(None, &environment) {
        Ok(config) => {
            let printed = format!("{config:?}");
            assert!(
                !printed.contains("url-secret") && !printed.contains("header-secret"),
                "{printed}"
            );
            String::new()
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn settings_that_could_not_work_are_refused_in_one_line_without_their_values() {
    let authorization = "HTTP_SENDER__HEADERS__AUTHORIZATION";
    assert_eq!(
        problems("production", &[(authorization, "Bearer header-secret")]),
        ""
    );
    for (name, value, told) in [
        (
            "HTTP_SENDER__URL",
            "http://sms.example/?key=url-secret",
            "http_sender.url: it is not https",
        ),
        ("HTTP_SENDER__URL", "url-secret", "http_sender.url: expected"),
        (
            "HTTP_SENDER__URL",
            "",
            "senders.sms: `http` needs http_sender.url",
        ),
        (
            authorization,
            "header-secret\n",
            "http_sender.headers.authorization: ",
        ),
        (
            "HTTP_SENDER__BODY",
            "{to} {code}",
            "http_sender.body: it is not JSON",
        ),
        ("HTTP_SENDER__BODY", r#"["{to}"]"#, "http_sender.body: it needs"),
        (
            "HTTP_SENDER__BODY",
            r#"["{to} {code} {name}"]"#,
            "http_sender.body: `{name}`",
        ),
        (
            "HTTP_SENDER__NOT_SENT_STATUSES",
            "200",
            "http_sender.not_sent_statuses: ",
        ),
        ("HTTP_SENDER__MESSAGE_ID", "data.id", "http_sender.message_id: "),
        ("HTTP_SENDER__TIMEOUT", "11s", "http_sender.timeout: "),
    ] {
        let problems = problems("production", &[(name, value)]);
        assert!(
            problems.starts_with(told) && problems.lines().count() == 1,
            "{name}: {problems}"
        );
        assert!(!problems.contains("-secret"), "{problems}");
    }
    assert_eq!(
        problems("production", &[("HTTP_SENDER__URL", "http://127.0.0.1:8080/sms")]),
        ""
    );
}
