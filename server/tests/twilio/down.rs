//! Faults F9 and F11: credentials that are refused, and a Twilio that is away.

use crate::harness::{NUMBER, OTHER_NUMBER};
use crate::world::{World, refusing};
use fake_twilio::{Behaviour, Fault};
use serde_json::json;
use std::time::Duration;

async fn senders_down(world: &World) -> serde_json::Value {
    let ready = world.server.get("/readyz").await;
    assert_eq!(
        ready.status, 200,
        "codes that were sent are still checked: {ready:?}"
    );
    ready.body["senders_down"].clone()
}

#[tokio::test]
async fn refused_credentials_and_senders_are_soon_left_alone_and_codes_that_were_sent_are_checked_all_the_same()
 {
    let world = World::with(None, &[("LIMITS__NUMBER__PER_HOUR", "1")]).await;
    let (before, _) = world.start(OTHER_NUMBER, "sms").await;
    let sent = world.only_sent_to(OTHER_NUMBER);
    for code in [20003, 21606] {
        world.fake.behave(refusing(400, code));
        let asked = world.fake.requests().len();
        for _ in 0..9 {
            let reply = world.try_start(NUMBER, "sms").await;
            reply.assert_problem(503, "sender_unavailable");
        }
        let reply = world.try_start(NUMBER, "sms").await;
        assert_eq!(reply.body["retry_in"], 15);
        // Five before it was known; then one probe.
        let expected = if code == 20003 { 5 } else { 1 };
        assert_eq!(world.fake.requests().len() - asked, expected, "{code}");
        assert_eq!(senders_down(&world).await, json!(["sms: messages"]));
        world.fake.behave_well();
        world.server.clock.advance(Duration::from_secs(15));
    }
    world.approve(&before, &sent).await;
    world.start(NUMBER, "sms").await;
    world.only_sent_to(NUMBER);
    assert_eq!(senders_down(&world).await, json!(null));
}

#[tokio::test]
async fn through_an_hour_without_twilio_few_are_asked_none_is_sent_twice_and_it_heals_by_itself() {
    let world = World::new().await;
    world.fake.behave(Behaviour {
        fault: Some(Fault::Drop),
        ..Behaviour::default()
    });
    let mut numbers = (0..).map(|line| format!("+1202555{:04}", 1_000 + line));
    let mut started = Vec::new();
    for _minute in 0..60 {
        for _ in 0..3 {
            let number = numbers.next().unwrap();
            let reply = world.try_start(&number, "sms").await;
            match reply.status {
                201 => {
                    assert_eq!(reply.body["delivery"]["state"], "unknown");
                    started.push(number);
                }
                _ => reply.assert_problem(503, "sender_unavailable"),
            }
        }
        world.server.clock.advance(Duration::from_mins(1));
    }
    // Five before it was known, then one probe a minute.
    assert_eq!((started.len(), world.fake.requests().len()), (63, 63));
    for number in &started {
        world.only_sent_to(number);
    }
    world.fake.behave_well();
    world.start(NUMBER, "sms").await;
    assert_eq!(senders_down(&world).await, json!(null));
}
