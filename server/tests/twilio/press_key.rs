//! With `[calls] press_key` nobody hears a code who has not pressed a key, and no URL or first request holds it.

use crate::front::Front;
use crate::harness::{NUMBER, OTHER_NUMBER, Started};
use crate::world::World;
use fake_twilio::{CallbackRecord, WebhookCall};
use serde_json::json;
use std::time::Duration;

async fn world() -> World {
    let front = Front::open().await;
    let url = front.url.clone();
    let settings = [("HTTP__PUBLIC_URL", url.as_str()), ("CALLS__PRESS_KEY", "true")];
    World::with(Some(front), &settings).await
}

/// A call that was taken: its verification, and the URL that it asks once a key is pressed.
async fn called(world: &World) -> (Started, String) {
    let (started, _) = world.start(NUMBER, "call").await;
    let twiml = world.only_sent_to(NUMBER).twiml.unwrap();
    (started, action(&twiml))
}

fn action(twiml: &str) -> String {
    let (_, rest) = twiml.split_once("action=\"").unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

/// Whoever took the call presses `key`.
async fn pressed(world: &World, action: &str, to: &str, key: &str) -> CallbackRecord {
    let form = [("CallSid", "CA0"), ("To", to), ("Digits", key)];
    world
        .fake
        .call_webhook(WebhookCall {
            url: action.to_owned(),
            form: crate::support::pairs(&form),
            ..WebhookCall::default()
        })
        .await
}

/// The digits that are said one by one.
fn said(twiml: &str) -> String {
    let says = twiml.split("</Say>").filter_map(|part| part.rsplit_once('>'));
    says.filter(|(_, text)| text.len() == 1)
        .map(|(_, text)| text)
        .collect()
}

const GOODBYE: &str = "<Response><Say language=\"en-US\">Goodbye.</Say></Response>";

#[tokio::test]
async fn the_code_is_said_once_a_key_is_pressed_and_again_on_request() {
    let world = world().await;
    let (started, action) = called(&world).await;
    let request = &world.fake.requests()[0];
    assert_eq!(said(request.parameter("Twiml").unwrap()), "");
    assert_eq!(request.parameter("TimeLimit"), Some("240"));
    let first = pressed(&world, &action, NUMBER, "1").await;
    assert_eq!(first.status, Some(200));
    assert_eq!(first.content_type.as_deref(), Some("text/xml"));
    let digits = said(&first.body);
    let (code, rest) = digits.split_at(6);
    assert_eq!(rest, code.repeat(2));
    assert!(!action.contains(code) && !format!("{request:?}").contains(code));
    let again = self::action(&first.body);
    assert_eq!(said(&pressed(&world, &again, NUMBER, "1").await.body), digits);
    let reply = world.server.check(&started, code).await;
    assert_eq!(reply.body["status"], "approved");
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn another_key_is_asked_again_and_an_unsigned_question_is_forbidden() {
    let world = world().await;
    let (_, action) = called(&world).await;
    for key in ["2", "", "11", "*"] {
        let answer = pressed(&world, &action, NUMBER, key).await;
        assert_eq!((answer.status, said(&answer.body)), (Some(200), String::new()));
        assert!(answer.body.contains("<Gather "));
    }
    let unsigned = world
        .fake
        .call_webhook(WebhookCall {
            url: action.clone(),
            form: crate::support::pairs(&[("Digits", "1")]),
            unsigned: true,
            ..WebhookCall::default()
        })
        .await;
    assert_eq!(
        (unsigned.status, said(&unsigned.body)),
        (Some(403), String::new())
    );
}

#[tokio::test]
async fn a_call_elsewhere_or_about_nothing_learns_no_code() {
    let world = world().await;
    let (started, action) = called(&world).await;
    let nobody = action.replace(&started.id, &"0".repeat(32));
    let bare = action.split('?').next().unwrap();
    for (action, to) in [
        (action.as_str(), OTHER_NUMBER),
        (&action, "nobody"),
        (&nobody, NUMBER),
        (bare, NUMBER),
    ] {
        let answer = pressed(&world, action, to, "1").await;
        assert_eq!((answer.status, answer.body.as_str()), (Some(200), GOODBYE));
    }
}

#[tokio::test]
async fn after_the_end_of_its_verification_a_call_says_goodbye() {
    let world = world().await;
    let (canceled, action) = called(&world).await;
    assert_eq!(world.server.cancel(&canceled).await.status, 200);
    assert_eq!(pressed(&world, &action, NUMBER, "1").await.body, GOODBYE);
    world.start(OTHER_NUMBER, "call").await;
    let action = self::action(&world.only_sent_to(OTHER_NUMBER).twiml.unwrap());
    let asking = pressed(&world, &action, OTHER_NUMBER, "2").await;
    assert_ne!(asking.body, GOODBYE);
    world.server.clock.advance(Duration::from_mins(10));
    assert_eq!(pressed(&world, &action, OTHER_NUMBER, "1").await.body, GOODBYE);
}

#[tokio::test]
async fn the_language_is_the_pages_before_and_after_the_key() {
    let world = world().await;
    let body = json!({ "site_key": "demo", "phone_number": NUMBER, "channel": "call", "locale": "tr" });
    assert_eq!(world.server.post("/v1/verifications", &body).await.status, 201);
    let twiml = world.only_sent_to(NUMBER).twiml.unwrap();
    let answer = pressed(&world, &action(&twiml), NUMBER, "1").await;
    for twiml in [&twiml, &answer.body] {
        assert!(
            twiml.contains("language=\"tr-TR\" voice=\"Polly.Filiz\""),
            "{twiml}"
        );
        assert!(!twiml.contains("en-US"), "{twiml}");
    }
}

#[tokio::test]
async fn without_the_setting_no_question_is_answered_with_a_code() {
    let world = World::public().await;
    let (started, _) = world.start(NUMBER, "call").await;
    let action = format!(
        "{}/twilio/calls/code?verification={}&delivery=0",
        world.server.url, started.id
    );
    assert_eq!(pressed(&world, &action, NUMBER, "1").await.body, GOODBYE);
}
