//! With `[twilio] lookup` a number's line type decides before anything is sent, and is asked once.

use crate::harness::{NUMBER, OTHER_NUMBER};
use crate::world::World;
use fake_twilio::{Line, RequestRecord};
use serde_json::json;

async fn world() -> World {
    // The fake serves Lookup beside the rest.
    let world = World::with_lookup().await;
    assert_eq!(world.fake.requests().len(), 0);
    world
}

fn lookups(world: &World) -> Vec<RequestRecord> {
    let requests = world.fake.requests().into_iter();
    requests
        .filter(|request| request.path.starts_with("/v2/PhoneNumbers/"))
        .collect()
}

#[tokio::test]
async fn a_number_is_looked_up_once_over_sends_and_restarts() {
    let mut world = world().await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let by_call = json!({ "channel": "call", "phone_number": NUMBER });
    assert_eq!(world.server.resend(&started, &by_call).await.status, 200);
    world.server.restart().await;
    world.start(NUMBER, "sms").await;
    let [lookup] = &lookups(&world)[..] else {
        panic!("not asked once")
    };
    assert_eq!(lookup.path, format!("/v2/PhoneNumbers/{NUMBER}"));
    assert_eq!(world.fake.requests()[0].path, lookup.path, "it is asked first");
    assert_eq!(world.fake.sent_to(NUMBER).len(), 3);
    world.start(OTHER_NUMBER, "sms").await;
    assert_eq!(lookups(&world).len(), 2);
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_landline_is_offered_a_call_and_no_message_is_paid_for() {
    let world = world().await;
    world.fake.line(NUMBER, Line::of("landline"));
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(
        view["delivery"],
        json!({ "state": "rejected", "reason": "not_textable" })
    );
    assert_eq!(view["next_call_in"], 0);
    assert!(world.fake.sent().is_empty());
    let by_call = json!({ "channel": "call", "phone_number": NUMBER });
    assert_eq!(world.server.resend(&started, &by_call).await.status, 200);
    let call = world.only_sent_to(NUMBER);
    world.approve(&started, &call).await;
}

#[tokio::test]
async fn a_line_of_nobody_in_particular_is_refused_and_spends_nothing() {
    let world = world().await;
    for line_type in ["tollFree", "premium", "sharedCost", "uan", "voicemail", "pager"] {
        world.fake.line(NUMBER, Line::of(line_type));
        for channel in ["sms", "call"] {
            let reply = world.try_start(NUMBER, channel).await;
            reply.assert_problem(422, "number_type_refused");
        }
    }
    assert!(world.fake.sent().is_empty());
}

#[tokio::test]
async fn what_lookup_cannot_tell_stops_nobody_and_is_asked_again() {
    let world = world().await;
    let cases = [
        Line::of("unknown"),
        Line::default(),
        Line {
            error_code: Some(60601),
            ..Line::of("landline")
        },
        Line {
            refused: Some((429, 20429)),
            ..Line::default()
        },
        Line {
            refused: Some((404, 20404)),
            ..Line::default()
        },
        Line {
            delay_ms: 2_500,
            ..Line::of("landline")
        },
    ];
    for (index, line) in cases.into_iter().enumerate() {
        let number = format!("+1202555014{index}");
        world.fake.line(&number, line.clone());
        let (_, view) = world.start(&number, "sms").await;
        assert_eq!(view["delivery"]["state"], "accepted", "{line:?}");
    }
    let asked = lookups(&world).len();
    world.start("+12025550140", "sms").await;
    assert_eq!(lookups(&world).len(), asked + 1);
}

#[tokio::test]
async fn nobody_is_looked_up_unless_it_is_asked_for() {
    let world = World::new().await;
    world.fake.line(NUMBER, Line::of("landline"));
    world.start(NUMBER, "sms").await;
    assert!(lookups(&world).is_empty());
}
