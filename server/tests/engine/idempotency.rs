use crate::world::{
    NUMBER, OTHER_NUMBER, Settings, World, caller, code_of, key, resend, site, start, window,
};
use futures::future::join_all;
use phone_verify::senders::SendOutcome;
use phone_verify::sites::{Countries, Site, Sites};
use phone_verify::verification::Engine;
use phone_verify_domain::{Channel, DeliveryState, ErrorCode, Resend, Start, Status, Verifier};
use std::collections::HashSet;
use std::time::Duration;

fn named(name: &str) -> Start {
    Start {
        idempotency_key: Some(key(name)),
        ..start(NUMBER)
    }
}

#[tokio::test]
async fn a_repeated_start_is_the_same_verification_and_sends_nothing() {
    let world = World::new().await;
    let first = world.engine.start(&caller(), named("one")).await.unwrap();
    world.advance(Duration::from_secs(10));
    let again = world.engine.start(&caller(), named("one")).await.unwrap();
    assert_eq!(
        (&again.id, &again.client_secret),
        (&first.id, &first.client_secret)
    );
    assert_eq!(again.expires_in, Some(590), "the view is the current one");
    assert_eq!(world.sms.count(), 1);

    let other = world.engine.start(&caller(), named("two")).await.unwrap();
    assert_ne!(other.id, first.id);
    world.advance(Duration::from_hours(24));
    let tomorrow = world.engine.start(&caller(), named("one")).await.unwrap();
    assert_ne!(tomorrow.id, first.id, "a key is kept for 24 hours");
}

#[tokio::test]
async fn a_repeat_is_answered_where_a_new_start_would_be_refused() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, Duration::from_mins(1))), None, None];
    let world = World::with(settings).await;
    let first = world.engine.start(&caller(), named("one")).await.unwrap();
    assert_eq!(
        code_of(world.engine.start(&caller(), named("two")).await),
        ErrorCode::TooManyRequests
    );
    assert_eq!(
        world.engine.start(&caller(), named("one")).await.unwrap().id,
        first.id
    );
    let started = world.held(&first);
    started.approve().await;
    assert_eq!(
        world.engine.start(&caller(), named("one")).await.unwrap().status,
        Status::Approved
    );
}

#[tokio::test]
async fn a_repeat_is_answered_although_the_site_has_changed_its_mind() {
    let world = World::new().await;
    let first = world.engine.start(&caller(), named("one")).await.unwrap();
    let mut parts = world.parts("process-2");
    parts.sites = Sites::new([Site {
        countries: Countries::Only([].into()),
        ..site("demo")
    }]);
    let changed = Engine::new(parts);
    assert_eq!(
        code_of(changed.start(&caller(), named("two")).await),
        ErrorCode::CountryNotServed
    );
    assert_eq!(changed.start(&caller(), named("one")).await.unwrap().id, first.id);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_mismatch() {
    let world = World::new().await;
    world.engine.start(&caller(), named("one")).await.unwrap();
    for other in [
        Start {
            phone_number: OTHER_NUMBER.to_owned(),
            ..named("one")
        },
        Start {
            phone_number: "+1 202 555 0134".to_owned(),
            ..named("one")
        },
        Start {
            channel: Channel::Call,
            ..named("one")
        },
        Start {
            purpose: Some("login".to_owned()),
            ..named("one")
        },
        Start {
            nonce: Some("n".to_owned()),
            ..named("one")
        },
        Start {
            locale: Some("fr".to_owned()),
            ..named("one")
        },
    ] {
        assert_eq!(
            code_of(world.engine.start(&caller(), other).await),
            ErrorCode::IdempotencyMismatch
        );
    }
    let other_site = Start {
        site_key: phone_verify_domain::SiteKey::parse("other"),
        ..named("one")
    };
    assert!(
        world.engine.start(&caller(), other_site).await.is_ok(),
        "a key is kept by site"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_starts_at_once_with_one_key_send_one_message() {
    let world = World::new().await;
    let starts = (0..16).map(|_| async { world.engine.start(&caller(), named("one")).await.unwrap() });
    let ids: HashSet<_> = join_all(starts).await.into_iter().map(|view| view.id).collect();
    assert_eq!((ids.len(), world.sms.count()), (1, 1));
}

#[tokio::test]
async fn a_repeat_waits_for_the_call_that_it_repeats() {
    let world = World::new().await;
    world.sms.hold();
    let engine = world.engine.clone();
    let first = tokio::spawn(async move { engine.start(&caller(), named("one")).await.unwrap() });
    world.sms.asked(1).await;
    let engine = world.engine.clone();
    let repeat = tokio::spawn(async move { engine.start(&caller(), named("one")).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!repeat.is_finished());
    world.sms.release();
    let (first, repeat) = (first.await.unwrap(), repeat.await.unwrap());
    assert_eq!(
        (first.id, repeat.delivery.unwrap().state),
        (repeat.id, DeliveryState::Accepted)
    );
    assert_eq!(world.sms.count(), 1);
}

#[tokio::test]
async fn a_repeat_of_what_takes_longer_than_five_seconds_is_told_to_come_back() {
    let world = World::new().await;
    world.sms.hold();
    let engine = world.engine.clone();
    let _first = tokio::spawn(async move { engine.start(&caller(), named("one")).await });
    world.sms.asked(1).await;
    let refused = world.engine.start(&caller(), named("one")).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::RequestInProgress, Some(1))
    );
    assert_eq!(world.sms.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_a_repeat_is_answered_at_once_and_sends_nothing() {
    let world = World::new().await;
    world.sms.hold();
    let engine = world.engine.clone();
    let _hanging = tokio::spawn(async move { engine.start(&caller(), named("one")).await });
    world.sms.asked(1).await;
    let sent = world.sms.sent().remove(0);

    let after_crash = world.engine_of("process-2");
    let caller = caller();
    let repeat = after_crash.start(&caller, named("one"));
    let view = tokio::time::timeout(Duration::from_secs(2), repeat)
        .await
        .expect("at once")
        .unwrap();
    assert_eq!(
        (view.id.clone(), view.delivery.unwrap().state),
        (sent.verification.to_string(), DeliveryState::Sending)
    );
    assert_eq!(world.sms.count(), 1);
    assert_eq!(
        world.held(&view).approve().await.status,
        Status::Approved,
        "the code in the user's hand is good"
    );
}

#[tokio::test]
async fn where_processes_share_a_store_a_repeat_waits_for_the_other_process_while_its_lease_lasts() {
    let world = World::with(Settings {
        shared: true,
        ..Settings::default()
    })
    .await;
    world.sms.hold();
    let engine = world.engine.clone();
    let _hanging = tokio::spawn(async move { engine.start(&caller(), named("one")).await });
    world.sms.asked(1).await;
    let elsewhere = world.engine_of("process-2");
    assert_eq!(
        code_of(elsewhere.start(&caller(), named("one")).await),
        ErrorCode::RequestInProgress
    );
    world.advance(Duration::from_secs(30));
    let view = elsewhere.start(&caller(), named("one")).await.unwrap();
    assert_eq!(view.delivery.unwrap().state, DeliveryState::Unknown);
    assert_eq!(world.sms.count(), 1);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let world = World::new().await;
    world.sms.answer([SendOutcome::NotSent]);
    assert_eq!(
        code_of(world.engine.start(&caller(), named("one")).await),
        ErrorCode::SenderUnavailable
    );
    let view = world.engine.start(&caller(), named("one")).await.unwrap();
    assert_eq!(view.delivery.unwrap().state, DeliveryState::Accepted);

    let started = world.held(&view);
    let again = Resend {
        idempotency_key: Some(key("again")),
        ..resend(NUMBER)
    };
    world.sms.answer([SendOutcome::NotSent]);
    assert_eq!(
        code_of(started.resend(again.clone()).await),
        ErrorCode::SenderUnavailable
    );
    assert_eq!(
        started.resend(again).await.unwrap().delivery.unwrap().state,
        DeliveryState::Accepted
    );
    assert_eq!(world.sms.count(), 4);
}

#[tokio::test]
async fn a_repeat_of_a_start_that_is_then_refused_is_refused_too() {
    let world = World::new().await;
    world.sms.hold();
    world.sms.answer([SendOutcome::NotSent]);
    let engine = world.engine.clone();
    let first = tokio::spawn(async move { code_of(engine.start(&caller(), named("one")).await) });
    world.sms.asked(1).await;
    let engine = world.engine.clone();
    let repeat = tokio::spawn(async move { code_of(engine.start(&caller(), named("one")).await) });
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.sms.release();
    assert_eq!(
        (first.await.unwrap(), repeat.await.unwrap()),
        (ErrorCode::SenderUnavailable, ErrorCode::SenderUnavailable)
    );
    assert_eq!(world.sms.count(), 1);
}

#[tokio::test]
async fn a_repeated_resend_sends_nothing_even_after_the_end() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let again = |name| Resend {
        idempotency_key: Some(key(name)),
        ..resend(NUMBER)
    };
    started.resend(again("one")).await.unwrap();
    let view = started.resend(again("one")).await.unwrap();
    assert_eq!((view.sends_left, world.sms.count()), (3, 2));
    let by_call = Resend {
        channel: Channel::Call,
        ..again("one")
    };
    assert_eq!(
        code_of(started.resend(by_call).await),
        ErrorCode::IdempotencyMismatch
    );
    let repeats = join_all((0..16).map(|_| started.resend(again("two")))).await;
    assert!(
        repeats
            .iter()
            .all(|result| result.as_ref().is_ok_and(|view| view.sends_left == 2))
    );
    assert_eq!(world.sms.count(), 3);
    started.approve().await;
    assert_eq!(
        started.resend(again("two")).await.unwrap().status,
        Status::Approved
    );
}
