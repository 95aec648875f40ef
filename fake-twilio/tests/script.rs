//! The fake's own paths: behaviour on demand, and what is remembered.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use fake_twilio::{FakeTwilio, WebhookCall};
use serde_json::{Value, json};
use std::time::Duration;

const TO: &str = "+12025550134";

#[expect(clippy::disallowed_methods, reason = "tests are their own composition")]
fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn post_message(
    http: &reqwest::Client,
    fake: &FakeTwilio,
    to: &str,
) -> reqwest::Result<reqwest::Response> {
    let account = fake.account();
    http.post(format!(
        "{}/2010-04-01/Accounts/{}/Messages.json",
        fake.url(),
        account.sid
    ))
    .basic_auth(&account.sid, Some(&account.auth_token))
    .form(&[("To", to), ("From", "+15005550006"), ("Body", "Shop: 012345")])
    .send()
    .await
}

async fn behave(http: &reqwest::Client, fake: &FakeTwilio, behaviour: Value) {
    let response = http
        .post(format!("{}/fake/behaviour", fake.url()))
        .json(&behaviour)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
}

async fn get(http: &reqwest::Client, fake: &FakeTwilio, path: &str) -> Value {
    let response = http.get(format!("{}{path}", fake.url())).send().await.unwrap();
    response.json().await.unwrap()
}

#[tokio::test]
async fn what_was_asked_and_what_went_out_is_remembered_until_it_is_forgotten() {
    let fake = FakeTwilio::start().await.unwrap();
    let http = http();
    assert_eq!(post_message(&http, &fake, TO).await.unwrap().status(), 201);
    assert_eq!(
        post_message(&http, &fake, "12025550134").await.unwrap().status(),
        400
    );
    let requests = get(&http, &fake, "/fake/requests").await;
    assert_eq!(requests[0]["form"][0], json!(["To", TO]));
    assert_eq!(requests[0]["user"], fake.account().sid.as_str());
    assert_eq!(requests[0]["violations"], json!([]));
    assert_eq!(
        requests[1]["violations"],
        json!(["Invalid To: the value is not allowed"])
    );
    assert!(!requests.to_string().contains(&fake.account().auth_token));
    for query in ["", "?to=%2B12025550134", "?to=+12025550134"] {
        let messages = get(&http, &fake, &format!("/fake/messages{query}")).await;
        assert_eq!(messages.as_array().unwrap().len(), 1);
        assert_eq!(messages[0]["code"], "012345");
    }
    let others = get(&http, &fake, "/fake/messages?to=%2B12025550135").await;
    assert_eq!(others, json!([]));
    http.delete(format!("{}/fake/requests", fake.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(get(&http, &fake, "/fake/requests").await, json!([]));
    assert_eq!(get(&http, &fake, "/fake/messages").await, json!([]));
}

#[tokio::test]
async fn scripted_answers_and_faults_come_as_often_as_asked_for() {
    let fake = FakeTwilio::start().await.unwrap();
    let http = http();
    behave(
        &http,
        &fake,
        json!([
            {"times": 1, "answer": {"status": 429, "code": 20429, "headers": {"Retry-After": "2"}}},
            {"times": 1, "answer": {"status": 503}},
            {"times": 1, "fault": "drop"},
            {"times": 1, "fault": "half"},
            {"times": 1, "fault": "garbage"},
        ]),
    )
    .await;
    let throttled = post_message(&http, &fake, TO).await.unwrap();
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "2");
    assert_eq!(throttled.json::<Value>().await.unwrap()["code"], 20429);
    assert_eq!(fake.sent_to(TO).len(), 0);

    assert_eq!(post_message(&http, &fake, TO).await.unwrap().status(), 503);
    assert!(post_message(&http, &fake, TO).await.unwrap_err().is_request());
    let half = post_message(&http, &fake, TO).await.unwrap();
    assert_eq!(half.status(), 201);
    assert!(half.bytes().await.is_err());
    let garbage = post_message(&http, &fake, TO).await.unwrap();
    assert_eq!(garbage.status(), 201);
    assert!(garbage.json::<Value>().await.is_err());
    assert_eq!(fake.sent_to(TO).len(), 4, "what a fault hides counts as sent");

    let normal = post_message(&http, &fake, TO).await.unwrap();
    assert!(normal.json::<Value>().await.unwrap()["sid"].is_string());
}

#[tokio::test]
async fn an_outage_refuses_connections_and_ends() {
    let fake = FakeTwilio::start().await.unwrap();
    let http = http();
    let response = http
        .post(format!("{}/fake/outage", fake.url()))
        .json(&json!({"for_ms": 600}))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert!(post_message(&http, &fake, TO).await.unwrap_err().is_connect());
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(post_message(&http, &fake, TO).await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_webhook_that_does_not_answer_is_recorded_too() {
    let fake = FakeTwilio::start().await.unwrap();
    let record = fake
        .call_webhook(WebhookCall {
            url: "http://127.0.0.1:1/".to_owned(),
            ..WebhookCall::default()
        })
        .await;
    assert_eq!(record.status, None);
    assert_eq!(
        get(&http(), &fake, "/fake/callbacks").await[0]["status"],
        Value::Null
    );
}
