//! Verify with our codes (`verify_custom_code`): it sends them, we compare them, and it hears how it ended.

use crate::harness::{NUMBER, wrong};
use crate::verify::until;
use crate::world::{World, refusing};
use fake_twilio::Resource;
use serde_json::json;

const CUSTOM: &[(&str, &str)] = &[("TWILIO__VERIFY_CUSTOM_CODE", "true")];

#[tokio::test]
async fn our_code_is_passed_and_compared_here_and_the_approval_is_reported() {
    let world = World::verify(CUSTOM).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let sent = world.only_sent_to(NUMBER);
    let code = sent.code.clone().unwrap();
    let passed = world.fake.requests()[0]
        .parameter("CustomCode")
        .map(str::to_owned);
    assert_eq!(passed.as_ref(), Some(&code));
    world
        .server
        .check(&started, &wrong(&code))
        .await
        .assert_problem(422, "wrong_code");
    world.approve(&started, &sent).await;
    until(|| world.fake.verifications_of(NUMBER)[0].status == "approved").await;
    assert_eq!(world.checks_asked(), 0);
    assert_eq!(world.asked_of_verify().len(), 2);
    assert_eq!(world.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn the_user_does_not_wait_for_the_report_nor_depend_on_it() {
    let world = World::verify(CUSTOM).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let sent = world.only_sent_to(NUMBER);
    world.fake.refuse_for(std::time::Duration::from_secs(1));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    world.approve(&started, &sent).await;
}

#[tokio::test]
async fn it_stands_beside_another_sender_which_carries_the_same_code() {
    let mut settings = CUSTOM.to_vec();
    settings.push(("SENDERS__SMS", "verify,messages"));
    settings.push(("SENDERS__CALL", "calls"));
    let world = World::verify(&settings).await;
    world.fake.behave(fake_twilio::Behaviour {
        on: Some(Resource::Verifications),
        ..refusing(403, 60223)
    });
    let (started, _) = world.start(NUMBER, "sms").await;
    let sms = world.only_sent_to(NUMBER);
    let body = json!({ "channel": "call", "phone_number": NUMBER });
    assert_eq!(world.server.resend(&started, &body).await.status, 200);
    let call = world.fake.sent_to(NUMBER)[0].clone();
    assert_eq!(call.code, sms.code);
    world.approve(&started, &call).await;
}
