use super::{ACCOUNT, SERVICE, get, post, started, text, try_start};
use crate::harness::{NUMBER, OTHER_NUMBER, SendersOf, TestServer};
use phone_verify::compose::Overrides;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_start_answers_with_twilios_resource() {
    let server = TestServer::start().await;
    let body = started(&server).await;
    let sid = text(&body, "sid").to_owned();
    assert!(sid.len() == 34 && sid.starts_with("VE"), "{sid}");
    let attempt = &body["send_code_attempts"][0];
    assert!(text(attempt, "attempt_sid").starts_with("VL"));
    let expected = json!({
        "sid": sid,
        "service_sid": SERVICE,
        "account_sid": ACCOUNT,
        "to": NUMBER,
        "channel": "sms",
        "status": "pending",
        "valid": false,
        "lookup": {},
        "amount": null,
        "payee": null,
        "send_code_attempts": [{
            "time": "2027-01-15T08:00:00Z", "channel": "SMS", "attempt_sid": attempt["attempt_sid"],
        }],
        "sna": null,
        "date_created": "2027-01-15T08:00:00Z",
        "date_updated": "2027-01-15T08:00:00Z",
        "url": format!("{}/v2/Services/{SERVICE}/Verifications/{sid}", server.url),
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_same_number_while_pending_is_the_same_verification_with_the_same_code() {
    let server = TestServer::start().await;
    let first = started(&server).await;
    server.clock.advance(Duration::from_secs(90));
    let again = post(&server, "Verifications", &[("To", NUMBER), ("Channel", "call")]).await;
    assert_eq!(again.status, 201, "{again:?}");
    assert_eq!(again.body["sid"], first["sid"]);
    let attempts = again.body["send_code_attempts"].as_array().unwrap();
    let told: Vec<_> = attempts
        .iter()
        .map(|attempt| (text(attempt, "channel"), text(attempt, "time")))
        .collect();
    assert_eq!(
        told,
        [("SMS", "2027-01-15T08:00:00Z"), ("CALL", "2027-01-15T08:01:30Z")]
    );
    assert_eq!(again.body["channel"], "call");
    assert_eq!(again.body["date_updated"], "2027-01-15T08:01:30Z");
    let codes: Vec<Value> = server
        .outbox()
        .await
        .iter()
        .map(|entry| entry["code"].clone())
        .collect();
    assert_eq!(codes.len(), 2);
    assert_eq!(codes[0], codes[1]);
    assert_ne!(try_start(&server, OTHER_NUMBER).await.body["sid"], first["sid"]);
}

#[tokio::test]
async fn after_the_end_the_same_number_is_another_verification() {
    let server = TestServer::start().await;
    let first = started(&server).await;
    server.clock.advance(Duration::from_mins(10));
    assert_ne!(started(&server).await["sid"], first["sid"]);
}

#[tokio::test]
async fn to_finds_only_what_this_door_started_and_a_sid_finds_all_of_the_site() {
    let server = TestServer::start().await;
    let browser = server.started(NUMBER).await;
    get(&server, &format!("Verifications/{NUMBER}"))
        .await
        .assert_twilio(404, 20404);
    super::check(&server, &server.code().await)
        .await
        .assert_twilio(404, 20404);
    let body = started(&server).await;
    assert_ne!(body["sid"], format!("VE{}", browser.id));
    let found = get(&server, &format!("Verifications/VE{}", browser.id)).await;
    assert_eq!(
        (found.status, &found.body["to"]),
        (200, &"+1 ••• ••• ••34".into()),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_code_of_the_caller_s_own_is_sent_and_checked_as_any_other() {
    let server = TestServer::start().await;
    let form = [("To", NUMBER), ("Channel", "sms"), ("CustomCode", "0012345678")];
    let reply = post(&server, "Verifications", &form).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(server.code().await, "0012345678");
    // A live one keeps its code, whatever is asked for.
    let form = [("To", NUMBER), ("Channel", "sms"), ("CustomCode", "999999")];
    assert_eq!(
        post(&server, "Verifications", &form).await.body["sid"],
        reply.body["sid"]
    );
    assert_eq!(server.code().await, "0012345678");
    super::check(&server, "123456").await.assert_twilio(400, 60200);
    assert_eq!(
        super::check(&server, "0012345679").await.body["status"],
        "pending"
    );
    assert_eq!(
        super::check(&server, "0012345678").await.body["status"],
        "approved"
    );
}

#[tokio::test]
async fn the_message_has_the_caller_s_name_and_language() {
    let server = TestServer::start().await;
    let form = [
        ("To", NUMBER),
        ("Channel", "sms"),
        ("CustomFriendlyName", "Bakery"),
        ("Locale", "de"),
    ];
    assert_eq!(post(&server, "Verifications", &form).await.status, 201);
    let german = text(&server.outbox().await[0], "body").to_owned();
    assert!(german.contains("Bakery") && german.contains("ist"), "{german}");
    assert_eq!(try_start(&server, NUMBER).await.status, 201);
    let usual = text(&server.outbox().await[0], "body").to_owned();
    assert!(!usual.contains("Bakery"), "{usual}");
}

#[tokio::test]
async fn address_limits_count_the_device_s_address_and_no_other() {
    let server = TestServer::with(&[("LIMITS__ADDRESS__PER_HOUR", "1")]).await;
    let start = async |number: &str, address: Option<&str>| {
        let mut form = vec![("To", number), ("Channel", "sms")];
        form.extend(address.map(|address| ("DeviceIp", address)));
        post(&server, "Verifications", &form).await
    };
    for number in [NUMBER, OTHER_NUMBER] {
        assert_eq!(start(number, None).await.status, 201);
    }
    assert_eq!(start("+12025550135", Some("192.0.2.7")).await.status, 201);
    let refused = start("+12025550136", Some("192.0.2.7")).await;
    refused.assert_twilio(429, 20429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(start("+12025550136", Some("2001:db8::1")).await.status, 201);
    start("+12025550137", Some("192.0.2.300"))
        .await
        .assert_twilio(400, 60200);
}

#[tokio::test]
async fn bad_parameters_are_60200_and_send_nothing() {
    let server = TestServer::start().await;
    let bad: &[&[(&str, &str)]] = &[
        &[("Channel", "sms")],
        &[("To", NUMBER)],
        &[("To", ""), ("Channel", "sms")],
        &[("To", "(202) 555-0134"), ("Channel", "sms")],
        &[("To", "someone@shop.example"), ("Channel", "sms")],
        &[("To", NUMBER), ("Channel", "fax")],
        &[("To", NUMBER), ("Channel", "whatsapp")],
        &[("To", "+18005550199"), ("Channel", "sms")],
        &[("To", NUMBER), ("To", OTHER_NUMBER), ("Channel", "sms")],
        &[("To", NUMBER), ("Channel", "sms"), ("CustomCode", "12345")],
        &[("To", NUMBER), ("Channel", "sms"), ("CustomCode", "12345678901")],
        &[("To", NUMBER), ("Channel", "sms"), ("CustomCode", "12-3456")],
        &[("To", NUMBER), ("Channel", "sms"), ("CustomFriendlyName", "a\nb")],
    ];
    for form in bad {
        let reply = post(&server, "Verifications", form).await;
        reply.assert_twilio(400, 60200);
        assert!(!text(&reply.body, "message").contains("5550134"), "{reply:?}");
    }
    assert!(server.outbox().await.is_empty());
    let unknown = [
        ("To", NUMBER),
        ("Channel", "sms"),
        ("Tags", "{}"),
        ("RiskCheck", "enable"),
    ];
    assert_eq!(post(&server, "Verifications", &unknown).await.status, 201);
}

#[tokio::test]
async fn used_up_sends_are_60203_and_spacing_is_20429() {
    let server = TestServer::with(&[("LIMITS__SENDS__PER_VERIFICATION", "2")]).await;
    started(&server).await;
    started(&server).await;
    try_start(&server, NUMBER).await.assert_twilio(429, 60203);
    assert_eq!(server.outbox().await.len(), 2);

    let server = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    started(&server).await;
    let refused = try_start(&server, NUMBER).await;
    refused.assert_twilio(429, 20429);
    assert_eq!(refused.header("retry-after"), "60");
    server.clock.advance(Duration::from_mins(1));
    started(&server).await;
}

#[tokio::test]
async fn what_the_number_cannot_get_has_twilios_code() {
    let server = TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "US"),
        ("SITES__0__CHANNELS", "sms"),
    ])
    .await;
    try_start(&server, OTHER_NUMBER).await.assert_twilio(403, 60605);
    let call = [("To", NUMBER), ("Channel", "call")];
    post(&server, "Verifications", &call)
        .await
        .assert_twilio(400, 60200);
}

#[tokio::test]
async fn what_the_sender_refuses_has_twilios_code_and_what_it_does_not_take_is_503() {
    use phone_verify::senders::SendOutcome;
    use phone_verify_domain::{DeliveryReason, ErrorCode};
    let rejected = |reason, error| SendOutcome::Rejected { reason, error };
    let cases = [
        (rejected(Some(DeliveryReason::NotTextable), None), 400, 60205),
        (rejected(Some(DeliveryReason::Blocked), None), 403, 60410),
        (rejected(Some(DeliveryReason::Unreachable), None), 400, 60200),
        (
            rejected(Some(DeliveryReason::OptedOut), Some(ErrorCode::OptedOut)),
            400,
            21610,
        ),
        (
            rejected(Some(DeliveryReason::NotServed), Some(ErrorCode::CountryNotServed)),
            403,
            60605,
        ),
        (SendOutcome::NotSent, 503, 20503),
    ];
    for (outcome, status, code) in cases {
        let overrides = Overrides {
            senders: Some(SendersOf::always(outcome.clone())),
            ..Overrides::default()
        };
        let server = TestServer::compose(&[], overrides).await;
        let reply = try_start(&server, NUMBER).await;
        reply.assert_twilio(status, code);
        assert_eq!(
            reply.header("retry-after").is_empty(),
            status != 503,
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_asked_denies() {
    let overrides = Overrides {
        store: Some(std::sync::Arc::new(crate::harness::BrokenStore::default())),
        ..Overrides::default()
    };
    let server = TestServer::compose(&[], overrides).await;
    try_start(&server, NUMBER).await.assert_twilio(503, 20503);
    super::check(&server, "123456").await.assert_twilio(503, 20503);
}
