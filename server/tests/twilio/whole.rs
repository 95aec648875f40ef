//! The whole job through a real server: what the user gets, and what reaches the phone.

use crate::harness::{NUMBER, OTHER_NUMBER, Reply, Started};
use crate::world::{World, refusing};
use fake_twilio::{Behaviour, Fault};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn by_text_message_from_the_number_to_the_redeemed_token() {
    let world = World::new().await;
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(view["delivery"], json!({"state": "accepted", "reason": null}));
    let sent = world.only_sent_to(NUMBER);
    assert_eq!(sent.channel, "sms");
    let body = sent.body.as_deref().unwrap();
    assert_eq!(fake_twilio::segments(body), 1);
    let request = &world.fake.requests()[0];
    assert_eq!(request.parameter("ValidityPeriod"), Some("600"));
    assert_eq!(
        request.parameter("StatusCallback"),
        None,
        "there is no public URL"
    );
    let token = world.approve(&started, &sent).await;
    let claims = world.server.redeem(&token).await.body;
    assert_eq!(claims["amr"], json!(["sms"]));
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn by_call_from_the_number_to_the_redeemed_token() {
    let world = World::new().await;
    let (started, view) = world.start(NUMBER, "call").await;
    assert_eq!(view["channel"], "call");
    let sent = world.only_sent_to(NUMBER);
    assert_eq!(sent.channel, "call");
    let token = world.approve(&started, &sent).await;
    let claims = world.server.redeem(&token).await.body;
    assert_eq!(claims["amr"], json!(["tel"]));
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_call_after_a_message_speaks_the_same_code() {
    let world = World::new().await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let body = json!({ "channel": "call", "phone_number": NUMBER });
    assert_eq!(world.server.resend(&started, &body).await.status, 200);
    let [call, message] = &world.fake.sent_to(NUMBER)[..] else {
        panic!("not two")
    };
    assert_eq!((call.channel, message.channel), ("call", "sms"));
    assert_eq!(call.code, message.code);
}

#[tokio::test]
async fn what_may_have_been_sent_is_shown_as_unknown_and_its_code_verifies() {
    let world = World::new().await;
    let faults = [
        Behaviour {
            fault: Some(Fault::Drop),
            ..Behaviour::default()
        },
        Behaviour {
            fault: Some(Fault::Half),
            ..Behaviour::default()
        },
        Behaviour {
            fault: Some(Fault::Garbage),
            ..Behaviour::default()
        },
        refusing(500, 20500),
        refusing(503, 20503),
    ];
    for (index, fault) in faults.into_iter().enumerate() {
        let number = format!("+1202555014{index}");
        world.fake.behave(fault.clone());
        let (started, view) = world.start(&number, "sms").await;
        world.fake.behave_well();
        assert_eq!(
            view["delivery"],
            json!({"state": "unknown", "reason": null}),
            "{fault:?}"
        );
        let sent = world.only_sent_to(&number);
        world.approve(&started, &sent).await;
    }
}

#[tokio::test]
async fn a_repeat_of_an_unknown_start_sends_nothing_again() {
    let world = World::new().await;
    world.fake.behave(Behaviour {
        fault: Some(Fault::Drop),
        times: Some(1),
        ..Behaviour::default()
    });
    let body = json!({ "site_key": "demo", "phone_number": NUMBER, "channel": "sms" });
    let mut answers = Vec::new();
    for _ in 0..3 {
        let request = world
            .server
            .request(Method::POST, "/v1/verifications")
            .header("idempotency-key", "0123456789abcdef")
            .json(&body);
        answers.push(Reply::of(request).await);
    }
    for answer in &answers {
        assert_eq!(answer.status, 201);
        assert_eq!(Started::of(answer).id, Started::of(&answers[0]).id);
    }
    world.only_sent_to(NUMBER);
    assert_eq!(world.fake.requests().len(), 1);
}

#[tokio::test]
async fn refusals_reach_the_user_as_the_contract_names_them() {
    let world = World::new().await;
    for (code, status, word) in [
        (21211, 422, "invalid_number"),
        (21408, 422, "country_not_served"),
        (21202, 422, "number_type_refused"),
        (20003, 503, "sender_unavailable"),
        (21606, 503, "sender_unavailable"),
        (20429, 503, "sender_unavailable"),
        // Kept from then on, so it is the last.
        (21610, 422, "opted_out"),
    ] {
        world.fake.behave(refusing(400, code));
        let reply = world.try_start(NUMBER, "sms").await;
        world.fake.behave_well();
        reply.assert_problem(status, word);
        assert!(!String::from_utf8_lossy(&reply.bytes).contains("2025550134"));
    }
    assert_eq!(world.fake.sent().len(), 0);
    // Nothing was spent by any of them.
    world.start(NUMBER, "call").await;
}

#[tokio::test]
async fn refusals_give_back_what_they_took() {
    let world = World::with(None, &[("LIMITS__NUMBER__PER_HOUR", "1")]).await;
    for code in [21211, 20003, 20429] {
        world.fake.behave(refusing(400, code));
        assert_ne!(world.try_start(NUMBER, "sms").await.status, 429, "{code}");
        world.fake.behave_well();
    }
    world.start(NUMBER, "sms").await;
    let reply = world.try_start(NUMBER, "sms").await;
    reply.assert_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_landline_is_offered_a_call() {
    let world = World::new().await;
    for (code, number) in [(21614, NUMBER), (21612, OTHER_NUMBER)] {
        let mut no_texts = refusing(400, code);
        no_texts.on = Some(fake_twilio::Resource::Messages);
        world.fake.behave(no_texts);
        let (started, view) = world.start(number, "sms").await;
        assert_eq!(
            view["delivery"],
            json!({"state": "rejected", "reason": "not_textable"})
        );
        assert_eq!(view["next_call_in"], 0);
        let body = json!({ "channel": "call", "phone_number": number });
        assert_eq!(world.server.resend(&started, &body).await.status, 200);
        let sent = world.only_sent_to(number);
        world.approve(&started, &sent).await;
        world.fake.behave_well();
    }
}

#[tokio::test]
async fn whoever_is_blocked_as_a_fraud_sees_what_everybody_sees() {
    let world = World::new().await;
    let (_, usual) = world.start(NUMBER, "sms").await;
    for (code, number) in [(30450, "+12025550141"), (60410, "+12025550142")] {
        world.fake.behave(refusing(403, code));
        let (_, blocked) = world.start(number, "sms").await;
        world.fake.behave_well();
        assert_eq!(world.fake.sent_to(number).len(), 0);
        let same = |view: &Value| {
            let mut view = view.clone();
            for own in ["id", "client_secret", "to"] {
                view[own] = Value::Null;
            }
            view
        };
        assert_eq!(same(&blocked), same(&usual), "{code}");
    }
}

#[tokio::test]
async fn when_twilio_cannot_be_reached_nothing_is_spent() {
    let world = World::with(None, &[("LIMITS__NUMBER__PER_HOUR", "1")]).await;
    world.fake.refuse_for(std::time::Duration::from_secs(1));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let reply = world.try_start(NUMBER, "sms").await;
    reply.assert_problem(503, "sender_unavailable");
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    world.start(NUMBER, "sms").await;
    world.only_sent_to(NUMBER);
}
