//! Verify with Twilio's own codes: the whole job, and that our limits, states and counts stand around it.

use crate::harness::{NUMBER, Reply, Started, wrong};
use crate::world::World;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn code_of(world: &World, number: &str) -> String {
    world.fake.verifications_of(number)[0].code.clone()
}

async fn check_with_number(world: &World, started: &Started, code: &str) -> Reply {
    let path = format!("/v1/verifications/{}/check", started.id);
    let body = json!({ "code": code, "phone_number": NUMBER });
    Reply::of(
        world
            .server
            .request(Method::POST, &path)
            .bearer_auth(&started.secret)
            .json(&body),
    )
    .await
}

#[tokio::test]
async fn twilio_draws_the_code_and_compares_it_and_the_token_is_ours() {
    let world = World::verify(&[]).await;
    let body = json!({ "site_key": "demo", "phone_number": NUMBER, "channel": "sms", "locale": "de-AT" });
    let reply = world.server.post("/v1/verifications", &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.body["delivery"]["state"], "accepted");
    assert_eq!(reply.body["code_length"], 6);
    let started = Started::of(&reply);
    let code = code_of(&world, NUMBER);
    world.only_sent_to(NUMBER);

    let refused = world.server.check(&started, &wrong(&code)).await;
    refused.assert_problem(422, "wrong_code");
    assert_eq!(refused.body["verification"]["attempts_left"], 4);
    let approved = world.server.check(&started, &code).await;
    assert_eq!(
        (approved.status, &approved.body["status"]),
        (200, &"approved".into())
    );
    let claims = world
        .server
        .redeem(approved.body["token"].as_str().unwrap())
        .await;
    assert_eq!(claims.status, 200, "{claims:?}");
    assert_eq!(claims.body["amr"], json!(["sms"]));

    // The same code shows the same token again, and Twilio is not asked for it.
    let again = world.server.check(&started, &code).await;
    assert_eq!(again.status, 200);
    let other = world.server.check(&started, &wrong(&code)).await;
    other.assert_problem(409, "already_approved");

    assert_eq!(
        world.asked_of_verify(),
        ["Verifications", "VerificationCheck", "VerificationCheck"]
    );
    let requests = world.fake.requests();
    let names = |index: usize| {
        let names = requests[index].form.iter().map(|(name, _)| name.as_str());
        names.collect::<BTreeSet<_>>()
    };
    assert_eq!(names(0), BTreeSet::from(["To", "Channel", "Locale"]));
    assert_eq!(requests[0].parameter("Locale"), Some("de"));
    assert_eq!(names(1), BTreeSet::from(["Code", "VerificationSid"]));
    assert_eq!(world.fake.violations(), [""; 0]);
    for request in &requests {
        assert!(request.query.is_empty() && !request.path.contains(&code));
    }
}

#[tokio::test]
async fn a_resend_by_call_carries_the_same_code() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let body = json!({ "channel": "call", "phone_number": NUMBER });
    assert_eq!(world.server.resend(&started, &body).await.status, 200);
    let sent = world.fake.sent_to(NUMBER);
    assert_eq!(
        sent.iter().map(|one| one.channel).collect::<Vec<_>>(),
        ["call", "sms"]
    );
    assert_eq!(sent[0].code, sent[1].code);
    let token = world.approve(&started, &sent[0]).await;
    let claims = world.server.redeem(&token).await;
    assert_eq!(claims.body["amr"], json!(["tel"]));
}

#[tokio::test]
async fn five_wrong_codes_exhaust_it_and_the_number_may_begin_anew() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    for left in (0..5).rev() {
        let reply = world.server.check(&started, &wrong(&code)).await;
        reply.assert_problem(422, "wrong_code");
        assert_eq!(reply.body["verification"]["attempts_left"], left);
        let status = if left == 0 { "exhausted" } else { "pending" };
        assert_eq!(reply.body["verification"]["status"], status);
    }
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(410, "exhausted");
    assert_eq!(world.checks_asked(), 5);

    // Twilio would refuse a new one for the rest of its ten minutes, was it not told.
    until(|| world.fake.verifications_of(NUMBER)[0].status == "canceled").await;
    let (again, _) = world.start(NUMBER, "sms").await;
    let newest = world.fake.sent_to(NUMBER)[0].clone();
    world.approve(&again, &newest).await;
}

#[tokio::test]
async fn of_64_wrong_codes_at_once_twilio_compares_five() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = wrong(&code_of(&world, NUMBER));
    let replies = join_all((0..64).map(|_| world.server.check(&started, &code))).await;
    let wrong = replies.iter().filter(|reply| reply.status == 422).count();
    assert_eq!(wrong, 5, "{replies:?}");
    assert!(
        replies.iter().all(|reply| [422, 410].contains(&reply.status)),
        "{replies:?}"
    );
    assert_eq!(world.checks_asked(), 5);
    assert_eq!(world.fake.verifications_of(NUMBER)[0].checks, 5);
    assert_eq!(world.server.view(&started).await.body["status"], "exhausted");
}

#[tokio::test]
async fn of_64_right_codes_at_once_one_is_approved_and_all_get_its_token() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    let replies = join_all((0..64).map(|_| world.server.check(&started, &code))).await;
    let mut names = BTreeSet::new();
    for reply in &replies {
        assert_eq!(reply.status, 200, "{reply:?}");
        let token = reply.body["token"].as_str().unwrap();
        names.insert(jti(token));
    }
    assert_eq!(names.len(), 1);
    assert!(world.checks_asked() <= 5);
    assert_eq!(world.fake.verifications_of(NUMBER)[0].checks, 1);
    let redeemed = world
        .server
        .redeem(replies[0].body["token"].as_str().unwrap())
        .await;
    assert_eq!(redeemed.status, 200);
    let again = world
        .server
        .redeem(replies[1].body["token"].as_str().unwrap())
        .await;
    again.assert_problem(409, "already_redeemed");
}

fn jti(token: &str) -> String {
    use base64::Engine as _;
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["jti"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_neither_the_code_nor_a_count() {
    let mut world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    world
        .server
        .check(&started, &wrong(&code))
        .await
        .assert_problem(422, "wrong_code");
    world.server.restart().await;
    let reply = world.server.check(&started, &wrong(&code)).await;
    assert_eq!(reply.body["verification"]["attempts_left"], 3);
    assert_eq!(world.server.check(&started, &code).await.status, 200);
    world.only_sent_to(NUMBER);
}

#[tokio::test]
async fn what_twilio_has_forgotten_ends_as_expired() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    world.fake.expire_verifications();
    let reply = world.server.check(&started, &code).await;
    reply.assert_problem(410, "expired");
    assert_eq!(reply.body["verification"]["status"], "expired");
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(410, "expired");
    assert_eq!(world.checks_asked(), 1);
}

#[tokio::test]
async fn what_is_over_here_is_not_asked_of_twilio() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    world
        .server
        .check(&started, "12 34")
        .await
        .assert_problem(422, "invalid_code");
    world.server.clock.advance(std::time::Duration::from_mins(10));
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(410, "expired");
    assert_eq!(world.checks_asked(), 0);
}

#[tokio::test]
async fn a_cancel_is_told_to_twilio() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    assert_eq!(world.server.cancel(&started).await.body["status"], "canceled");
    until(|| world.fake.verifications_of(NUMBER)[0].status == "canceled").await;
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(410, "canceled");
    assert_eq!(world.checks_asked(), 0);
}

#[tokio::test]
async fn pacing_and_the_numbers_day_stand_before_twilio() {
    let settings = [
        ("LIMITS__CHECKS__PACING_FACTOR", "15s"),
        ("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "4"),
    ];
    let world = World::verify(&settings).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = code_of(&world, NUMBER);
    for _ in 0..3 {
        world
            .server
            .check(&started, &wrong(&code))
            .await
            .assert_problem(422, "wrong_code");
    }
    let early = world.server.check(&started, &code).await;
    early.assert_problem(429, "too_many_requests");
    assert_eq!((world.checks_asked(), &early.body["retry_in"]), (3, &json!(15)));
    world.server.clock.advance(std::time::Duration::from_secs(15));
    world
        .server
        .check(&started, &wrong(&code))
        .await
        .assert_problem(422, "wrong_code");
    world.server.clock.advance(std::time::Duration::from_secs(30));
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(429, "too_many_requests");
    assert_eq!(world.checks_asked(), 4);
}

#[tokio::test]
async fn where_the_answer_to_the_sending_was_lost_the_number_names_it() {
    let world = World::verify(&[]).await;
    world.fake.behave(fake_twilio::Behaviour {
        fault: Some(fake_twilio::Fault::Drop),
        times: Some(1),
        ..fake_twilio::Behaviour::default()
    });
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(view["delivery"]["state"], "unknown");
    let code = code_of(&world, NUMBER);
    let missing = world.server.check(&started, &code).await;
    missing.assert_problem(400, "invalid_request");
    assert_eq!(missing.body["verification"]["attempts_left"], 5);
    assert_eq!(check_with_number(&world, &started, &code).await.status, 200);
    assert_eq!(world.fake.sent_to(NUMBER).len(), 1);
    let last = world.fake.requests().pop().unwrap();
    assert_eq!(last.parameter("To"), Some(NUMBER));
}

#[tokio::test]
async fn a_test_number_has_its_own_code_and_twilio_hears_nothing_of_it() {
    let settings = [
        ("TEST_NUMBERS__0__PATTERN", "+1202555*"),
        ("TEST_NUMBERS__0__CODE", "000000"),
    ];
    let world = World::verify(&settings).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    assert_eq!(world.server.check(&started, "000000").await.status, 200);
    assert_eq!(world.fake.requests().len(), 0);
}

/// Waits for what is done in the background.
pub async fn until(done: impl Fn() -> bool) {
    for _ in 0..100 {
        if done() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("not done within five seconds");
}
