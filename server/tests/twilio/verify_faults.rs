//! Faults F5 to F11 between us and Verify: no second message where the first may have gone, an attempt is spent at most, and
//! nothing is approved that was not.

use crate::harness::{NUMBER, wrong};
use crate::support::{SHORT, Senders, TO, config};
use crate::world::{World, refusing};
use fake_twilio::{Behaviour, FakeTwilio, Fault, Resource};
use phone_verify::senders::twilio::Patience;
use phone_verify::senders::twilio::error::{Reaction, TABLE};
use phone_verify::senders::{CodeProvider as _, Named, SendOutcome, Verdict};
use phone_verify_domain::{Channel, Code};
use std::time::Duration;

fn broken(fault: Fault) -> Behaviour {
    Behaviour {
        fault: Some(fault),
        times: Some(1),
        ..Behaviour::default()
    }
}

fn of(resource: Resource, behaviour: Behaviour) -> Behaviour {
    Behaviour {
        on: Some(resource),
        ..behaviour
    }
}

/// What hides an answer of Twilio's.
fn hiding() -> Vec<Behaviour> {
    let mut all: Vec<_> = [Fault::Drop, Fault::Half, Fault::Garbage].map(broken).into();
    all.extend([(500, 20500), (503, 20503)].map(|(status, code)| Behaviour {
        times: Some(1),
        ..refusing(status, code)
    }));
    all
}

#[tokio::test]
async fn what_may_have_been_sent_is_unknown_and_not_sent_again() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), None, SHORT);
    let slow = Behaviour {
        delay_ms: 5_000,
        times: Some(1),
        ..Behaviour::default()
    };
    for (index, behaviour) in hiding().into_iter().chain([slow]).enumerate() {
        let to = format!("+1202555014{index}");
        fake.behave(behaviour);
        assert_eq!(
            senders.send_by_verify(Channel::Sms, &to).await,
            SendOutcome::Unknown
        );
        assert_eq!(fake.sent_to(&to).len(), 1, "{to}");
    }
    assert_eq!(fake.requests().len(), hiding().len() + 1);
}

#[tokio::test]
async fn too_many_requests_are_asked_again_and_nothing_else_is() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for &(code, reaction) in TABLE {
        let before = fake.requests().len();
        fake.behave(refusing(400, code));
        let outcome = senders.send_by_verify(Channel::Sms, TO).await;
        assert_eq!(outcome, reaction.outcome(), "{code}");
        let requests = if reaction == Reaction::Throttled { 3 } else { 1 };
        assert_eq!(fake.requests().len() - before, requests, "{code}");
        fake.behave_well();
    }
    assert_eq!(fake.sent().len(), 0);
}

#[tokio::test]
async fn the_magic_numbers_lead_where_their_codes_lead() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for (to, code) in [
        ("+15005550001", 60200),
        ("+15005550002", 60238),
        ("+15005550003", 60605),
        ("+15005550004", 60410),
        ("+15005550008", 60212),
        ("+15005550009", 60205),
    ] {
        let expected = Reaction::to_code(code).unwrap().outcome();
        assert_eq!(senders.send_by_verify(Channel::Sms, to).await, expected, "{to}");
        assert_eq!(fake.requests().pop().unwrap().code, Some(code));
    }
    assert_eq!(fake.sent().len(), 0);
    assert_eq!(fake.violations(), [""; 0]);
}

#[tokio::test]
async fn of_all_codes_two_say_something_of_a_check() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    let which = Named::Reference(format!("VE{}", "0".repeat(32)));
    let code = Code::parse("012345", 6).unwrap();
    for &(number, reaction) in TABLE {
        if reaction == Reaction::Throttled {
            continue;
        }
        fake.behave(refusing(400, number));
        let expected = match number {
            20404 => Verdict::Gone,
            60202 => Verdict::NoChecksLeft,
            _ => Verdict::NoAnswer,
        };
        assert_eq!(senders.verify.check(&which, &code).await, expected, "{number}");
        fake.behave_well();
    }
}

#[tokio::test]
async fn a_check_that_is_not_answered_in_time_is_asked_once() {
    let fake = FakeTwilio::start().await.unwrap();
    let patience = Patience {
        request: Duration::from_millis(300),
        ..SHORT
    };
    let senders = Senders::new(&config(&fake), None, patience);
    senders.send_by_verify(Channel::Sms, TO).await;
    let record = fake.verifications_of(TO)[0].clone();
    fake.behave(of(
        Resource::VerificationChecks,
        Behaviour {
            delay_ms: 3_000,
            ..Behaviour::default()
        },
    ));
    let code = Code::parse(&record.code, 6).unwrap();
    let verdict = senders.verify.check(&Named::Reference(record.sid), &code).await;
    assert_eq!(verdict, Verdict::NoAnswer);
    assert_eq!(fake.requests().len(), 2);
    assert_eq!(fake.verifications_of(TO)[0].checks, 1);
}

#[tokio::test]
async fn a_check_without_an_answer_is_spent_and_the_next_one_counts() {
    let world = World::verify(&[]).await;
    for (index, behaviour) in hiding().into_iter().enumerate() {
        let number = format!("+1202555014{index}");
        let (started, _) = world.start(&number, "sms").await;
        let code = world.fake.verifications_of(&number)[0].code.clone();
        world.fake.behave(of(Resource::VerificationChecks, behaviour));
        let reply = world.server.check(&started, &wrong(&code)).await;
        reply.assert_problem(503, "sender_unavailable");
        assert_eq!(reply.body["verification"]["attempts_left"], 4);
        assert_eq!(world.checks_asked(), 2 * index + 1);
        assert_eq!(world.server.check(&started, &code).await.status, 200);
        assert_eq!(world.fake.sent_to(&number).len(), 1);
    }
}

#[tokio::test]
async fn an_approval_whose_answer_is_lost_approves_nothing() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = world.fake.verifications_of(NUMBER)[0].code.clone();
    world
        .fake
        .behave(of(Resource::VerificationChecks, broken(Fault::Drop)));
    world
        .server
        .check(&started, &code)
        .await
        .assert_problem(503, "sender_unavailable");
    assert_eq!(world.fake.verifications_of(NUMBER)[0].status, "approved");
    // Twilio's 404 does not say why: nobody can tell an approval from an end, so it is none.
    let again = world.server.check(&started, &code).await;
    again.assert_problem(410, "expired");
    assert!(again.body["verification"]["token"].is_null());
    let (anew, _) = world.start(NUMBER, "sms").await;
    let newest = world.fake.sent_to(NUMBER)[0].clone();
    world.approve(&anew, &newest).await;
}

#[tokio::test]
async fn when_twilio_compares_no_more_it_is_exhausted() {
    let world = World::verify(&[("LIMITS__CHECKS__PER_VERIFICATION", "9")]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = world.fake.verifications_of(NUMBER)[0].code.clone();
    for _ in 0..5 {
        world
            .server
            .check(&started, &wrong(&code))
            .await
            .assert_problem(422, "wrong_code");
    }
    let reply = world.server.check(&started, &code).await;
    reply.assert_problem(410, "exhausted");
    assert_eq!(reply.body["verification"]["status"], "exhausted");
    assert_eq!(world.checks_asked(), 6);
}

#[tokio::test]
async fn when_twilio_cannot_be_reached_a_check_is_spent_and_the_code_stays_good() {
    let world = World::verify(&[]).await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let code = world.fake.verifications_of(NUMBER)[0].code.clone();
    world.fake.refuse_for(Duration::from_millis(800));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let reply = world.server.check(&started, &code).await;
    reply.assert_problem(503, "sender_unavailable");
    assert_eq!(reply.body["verification"]["attempts_left"], 4);
    assert_eq!(world.checks_asked(), 0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.server.check(&started, &code).await.status, 200);
}

#[tokio::test]
async fn whoever_fraud_guard_blocks_sees_what_everybody_sees_and_no_code_is_right() {
    let world = World::verify(&[]).await;
    world
        .fake
        .behave(of(Resource::Verifications, refusing(403, 60410)));
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(view["delivery"]["state"], "accepted");
    assert_eq!(world.fake.sent_to(NUMBER).len(), 0);
    let reply = world.server.check(&started, "012345").await;
    reply.assert_problem(422, "wrong_code");
    assert_eq!(reply.body["verification"]["attempts_left"], 4);
    assert_eq!(world.checks_asked(), 0);
}
