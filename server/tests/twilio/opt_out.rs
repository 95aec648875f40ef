//! STOP and START: no text message to whoever asked for none.

use crate::harness::{BrokenStore, NUMBER, OTHER_NUMBER, TestServer};
use crate::world::{INCOMING, World, refusing};
use fake_twilio::{Behaviour, CallbackRecord, FakeTwilio, ScriptedCallback, WebhookCall};
use phone_verify::compose::Overrides;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Somebody writes to the sending number.
async fn writes(world: &World, number: &str, sid: &str, body: &str) -> CallbackRecord {
    let form = [("From", number), ("MessageSid", sid), ("Body", body)];
    inbound(world, &form).await
}

async fn inbound(world: &World, form: &[(&str, &str)]) -> CallbackRecord {
    let record = world
        .fake
        .call_webhook(WebhookCall {
            url: format!("{}/twilio/messages/inbound", world.server.url),
            form: crate::support::pairs(form),
            ..WebhookCall::default()
        })
        .await;
    assert_eq!(record.status, Some(200), "{record:?}");
    assert_eq!(record.content_type.as_deref(), Some("text/xml"));
    record
}

#[tokio::test]
async fn after_stop_no_text_message_leaves_until_start_and_calls_stay_allowed() {
    let world = World::public().await;
    let (started, _) = world.start(NUMBER, "sms").await;
    writes(&world, NUMBER, "SM1", "Stop").await;
    world
        .try_start(NUMBER, "sms")
        .await
        .assert_problem(422, "opted_out");
    let by = |channel: &str| json!({ "channel": channel, "phone_number": NUMBER });
    let refused = world.server.resend(&started, &by("sms")).await;
    refused.assert_problem(422, "opted_out");
    assert_eq!(refused.body["verification"]["sends_left"], 4, "nothing is spent");
    assert_eq!(world.fake.sent_to(NUMBER).len(), 1);
    // The others are not concerned.
    world.start(OTHER_NUMBER, "sms").await;
    assert_eq!(world.server.resend(&started, &by("call")).await.status, 200);
    world.start(NUMBER, "call").await;
    writes(&world, NUMBER, "SM2", "START").await;
    world.start(NUMBER, "sms").await;
}

#[tokio::test]
async fn a_refused_start_spends_nothing() {
    let world_settings = [("LIMITS__NUMBER__PER_HOUR", "1")];
    let front = crate::front::Front::open().await;
    let url = front.url.clone();
    let settings = [world_settings[0], ("HTTP__PUBLIC_URL", url.as_str())];
    let world = World::with(Some(front), &settings).await;
    writes(&world, NUMBER, "SM1", "STOP").await;
    for _ in 0..3 {
        world
            .try_start(NUMBER, "sms")
            .await
            .assert_problem(422, "opted_out");
    }
    assert!(world.fake.sent().is_empty());
    world.start(NUMBER, "call").await;
}

#[tokio::test]
async fn the_same_message_reported_again_changes_nothing() {
    let world = World::public().await;
    for _ in 0..2 {
        writes(&world, NUMBER, "SM1", "STOP").await;
    }
    writes(&world, NUMBER, "SM2", "START").await;
    // Twilio reports the first one once more.
    writes(&world, NUMBER, "SM1", "STOP").await;
    world.start(NUMBER, "sms").await;
}

#[tokio::test]
async fn whoever_stops_gets_no_answer_and_all_others_get_the_one() {
    let world = World::public().await;
    let stop = writes(&world, NUMBER, "SM1", "UNSUBSCRIBE").await;
    assert_eq!(stop.body, "<Response></Response>");
    let first_word = INCOMING.split(':').next().unwrap();
    for (sid, body) in [("SM2", "START"), ("SM3", "HELP"), ("SM4", "Hello")] {
        let answer = writes(&world, NUMBER, sid, body).await;
        assert!(answer.body.contains(first_word), "{body}");
    }
}

#[tokio::test]
async fn what_twilio_has_read_counts_and_a_sender_without_a_number_is_nobody() {
    let world = World::public().await;
    let read = [
        ("From", NUMBER),
        ("MessageSid", "SM1"),
        ("OptOutType", "STOP"),
        ("Body", "ARRET"),
    ];
    inbound(&world, &read).await;
    world
        .try_start(NUMBER, "sms")
        .await
        .assert_problem(422, "opted_out");
    for nobody in ["", "12345", "Shop", "whatsapp:+447400123456"] {
        inbound(&world, &[("From", nobody), ("Body", "STOP")]).await;
    }
    inbound(&world, &[("Body", "STOP")]).await;
    world.start(OTHER_NUMBER, "sms").await;
}

#[tokio::test]
async fn an_opt_out_survives_a_restart() {
    let mut world = World::new().await;
    world.fake.behave(refusing(400, 21610));
    world
        .try_start(NUMBER, "sms")
        .await
        .assert_problem(422, "opted_out");
    world.fake.behave_well();
    world.server.restart().await;
    world
        .try_start(NUMBER, "sms")
        .await
        .assert_problem(422, "opted_out");
}

#[tokio::test]
async fn what_twilio_refuses_as_opted_out_is_not_asked_of_it_again() {
    let world = World::public().await;
    world.fake.behave(refusing(400, 21610));
    for _ in 0..3 {
        world
            .try_start(NUMBER, "sms")
            .await
            .assert_problem(422, "opted_out");
    }
    world.fake.behave_well();
    assert_eq!(world.fake.requests().len(), 1);
    writes(&world, NUMBER, "SM1", "UNSTOP").await;
    world.start(NUMBER, "sms").await;
}

#[tokio::test]
async fn what_twilio_reports_as_opted_out_counts_too() {
    let world = World::public().await;
    world.fake.behave(Behaviour {
        callbacks: vec![ScriptedCallback {
            status: "undelivered".to_owned(),
            error_code: Some(21610),
            ..ScriptedCallback::default()
        }],
        ..Behaviour::default()
    });
    let (started, _) = world.start(NUMBER, "sms").await;
    world.fake.behave_well();
    for _ in 0..100 {
        if !world.fake.callbacks().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.delivery(&started).await.1.as_deref(), Some("opted_out"));
    world
        .try_start(NUMBER, "sms")
        .await
        .assert_problem(422, "opted_out");
}

#[tokio::test]
async fn a_stop_that_cannot_be_written_is_not_acknowledged() {
    let fake = FakeTwilio::start().await.unwrap();
    let overrides = Overrides {
        store: Some(Arc::new(BrokenStore::default())),
        ..Overrides::default()
    };
    let settings = [("TWILIO__AUTH_TOKEN", fake.account().auth_token.as_str())];
    let server = TestServer::compose(&settings, overrides).await;
    let record = fake
        .call_webhook(WebhookCall {
            url: format!("{}/twilio/messages/inbound", server.url),
            form: crate::support::pairs(&[("From", NUMBER), ("Body", "STOP")]),
            ..WebhookCall::default()
        })
        .await;
    assert_eq!(record.status, Some(503));
}
