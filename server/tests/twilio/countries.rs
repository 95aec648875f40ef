//! `[twilio.senders]`: who messages come from, by where they go.

use crate::harness::{NUMBER, OTHER_NUMBER};
use crate::world::{World, refusing};
use phone_verify::config::Config;
use std::collections::BTreeMap;

const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_country_has_a_sender_of_its_own_and_the_others_have_the_usual_one() {
    let senders = [
        ("TWILIO__SENDERS__GB", "My Shop"),
        ("TWILIO__SENDERS__DE", SERVICE),
        ("TWILIO__SENDERS__ca", "+15005550006"),
    ];
    let world = World::with(None, &senders).await;
    for (number, parameter, value) in [
        (NUMBER, "From", "+15005550006"),
        (OTHER_NUMBER, "From", "My Shop"),
        ("+4915112345678", "MessagingServiceSid", SERVICE),
        ("+14165550134", "From", "+15005550006"),
    ] {
        world.start(number, "sms").await;
        let request = world.fake.requests().pop().unwrap();
        assert_eq!(request.parameter(parameter), Some(value), "{number}");
    }
    world.start(OTHER_NUMBER, "call").await;
    let call = world.fake.requests().pop().unwrap();
    assert_eq!(
        call.parameter("From"),
        Some("+15005550006"),
        "calls come from the number"
    );
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_countrys_own_sender_that_is_refused_takes_no_other_country_down() {
    let world = World::with(None, &[("TWILIO__SENDERS__GB", "Shop")]).await;
    world.fake.behave(refusing(400, 21606));
    for _ in 0..6 {
        world
            .try_start(OTHER_NUMBER, "sms")
            .await
            .assert_problem(503, "sender_unavailable");
    }
    world.fake.behave_well();
    world.start(NUMBER, "sms").await;
    assert_eq!(world.fake.requests().len(), 7);
}

fn checked(name: &str, value: &str) -> Result<Vec<String>, String> {
    let environment = BTreeMap::from([
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001"),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("TWILIO_FROM_NUMBER", "+15005550006"),
        (name, value),
    ]);
    let environment = environment
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    match Config::parse(None, &environment.collect()) {
        Ok(config) => Ok(config
            .warnings
            .into_iter()
            .filter(|line| line.starts_with("twilio"))
            .collect()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn what_cannot_send_to_a_country_is_told_by_config_check() {
    for (name, value) in [
        ("PHONE_VERIFY__TWILIO__SENDERS__ENGLAND", "Shop"),
        ("PHONE_VERIFY__TWILIO__SENDERS__GB", "A shop whose name is long"),
        ("PHONE_VERIFY__TWILIO__SENDERS__GB", "Shop!"),
        ("PHONE_VERIFY__TWILIO__SENDERS__GB", "+44"),
    ] {
        let error = checked(name, value).unwrap_err();
        assert!(
            error.starts_with("twilio.senders.") && error.lines().count() == 1,
            "{error}"
        );
    }
    assert_eq!(checked("PHONE_VERIFY__TWILIO__SENDERS__GB", "Shop"), Ok(vec![]));
    let warnings = checked("PHONE_VERIFY__TWILIO__SENDERS__US", "Shop").unwrap();
    assert!(
        warnings.len() == 1 && warnings[0].contains("numbers only"),
        "{warnings:?}"
    );
}
