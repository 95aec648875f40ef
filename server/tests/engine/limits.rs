use crate::world::{
    NUMBER, OTHER_NUMBER, Settings, World, caller, caller_at, check, code_of, resend, start, window,
};
use phone_verify_domain::{ErrorCode, SiteKey, Start, Status, Verifier};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_number_is_limited_over_all_sites_and_addresses() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, MINUTE)), Some(window(3, MINUTE * 60)), None];
    let world = World::with(settings).await;
    world.started(NUMBER).await;
    let elsewhere = Start {
        site_key: SiteKey::parse("other"),
        ..start("+1 202 555 0134")
    };
    let refused = world
        .engine
        .start(&caller_at("198.51.100.7"), elsewhere)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(60))
    );
    assert_eq!(refused.verification, None);
    assert!(world.engine.start(&caller(), start(OTHER_NUMBER)).await.is_ok());
    world.advance(MINUTE);
    assert!(world.engine.start(&caller(), start(NUMBER)).await.is_ok());
    world.advance(MINUTE);
    assert!(world.engine.start(&caller(), start(NUMBER)).await.is_ok());
    world.advance(MINUTE);
    let refused = world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    assert_eq!(refused.retry_in, Some(17 * 60), "three an hour are used up");
    assert_eq!(world.sms.count(), 4);
}

#[tokio::test]
async fn a_resend_counts_like_a_start() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, MINUTE)), None, None];
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    let refused = started.resend(resend(NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(60))
    );
    let view = refused.verification.unwrap();
    assert_eq!(
        (view.sends_left, view.next_sms_in, view.next_call_in),
        (4, Some(60), Some(60))
    );
    world.advance(Duration::from_millis(500));
    assert_eq!(started.view().await.next_sms_in, Some(60), "rounded up");
    world.advance(Duration::from_millis(59_500));
    assert_eq!(started.view().await.next_sms_in, Some(0));
    assert!(started.resend(resend(NUMBER)).await.is_ok());
}

#[tokio::test]
async fn an_address_is_limited_over_all_numbers_and_a_view_shows_the_callers_own_wait() {
    let mut settings = Settings::default();
    settings.limits.address = [Some(window(2, MINUTE * 10)), None, None];
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    world.started(OTHER_NUMBER).await;
    let refused = world
        .engine
        .start(&caller(), start("+12025550136"))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(300))
    );
    assert_eq!(started.view().await.next_sms_in, Some(300));
    let elsewhere = world
        .engine
        .view(&caller_at("198.51.100.7"), started.id, &started.secret)
        .await
        .unwrap();
    assert_eq!(elsewhere.next_sms_in, Some(0));
    assert!(
        world
            .engine
            .start(&caller_at("::ffff:192.0.2.1"), start("+12025550136"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_ipv6_network_is_limited_as_one_and_a_wider_one_five_times_as_wide() {
    let mut settings = Settings::default();
    settings.limits.address = [Some(window(2, MINUTE * 10)), None, None];
    let world = World::with(settings).await;
    let try_from = async |address: String| {
        let starting = world.engine.start(&caller_at(&address), start(NUMBER)).await;
        starting.map_err(|error| error.code).map(|_| ())
    };
    for host in 1..=2 {
        assert_eq!(try_from(format!("2001:db8:1:1::{host}")).await, Ok(()));
    }
    assert_eq!(
        try_from("2001:db8:1:1:ffff::".to_owned()).await,
        Err(ErrorCode::TooManyRequests)
    );
    for network in 2..=5 {
        for host in 1..=2 {
            assert_eq!(try_from(format!("2001:db8:1:{network}::{host}")).await, Ok(()));
        }
    }
    assert_eq!(
        try_from("2001:db8:1:6::1".to_owned()).await,
        Err(ErrorCode::TooManyRequests)
    );
    assert_eq!(try_from("2001:db8:2:1::1".to_owned()).await, Ok(()));
}

#[tokio::test]
async fn checks_of_one_address_are_limited_and_a_refused_one_is_not_spent() {
    let mut settings = Settings::default();
    settings.limits.checks_per_address = [Some(window(2, MINUTE)), None, None];
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    for number in 0..2 {
        assert_eq!(
            code_of(started.check(&started.wrong(number)).await),
            ErrorCode::WrongCode
        );
    }
    let refused = started.check(&started.code).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(30))
    );
    let view = refused.verification.unwrap();
    assert_eq!((view.attempts_left, view.next_check_in), (3, Some(30)));
    let from_elsewhere = started
        .check_as(&caller_at("198.51.100.7"), check(&started.code))
        .await;
    assert_eq!(from_elsewhere.unwrap().status, Status::Approved);
}

#[tokio::test]
async fn a_refused_start_uses_up_no_other_limit() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, MINUTE)), None, None];
    settings.limits.address = [Some(window(2, MINUTE * 10)), None, None];
    let world = World::with(settings).await;
    world.started(NUMBER).await;
    for _ in 0..5 {
        assert_eq!(
            code_of(world.engine.start(&caller(), start(NUMBER)).await),
            ErrorCode::TooManyRequests
        );
    }
    assert!(
        world.engine.start(&caller(), start(OTHER_NUMBER)).await.is_ok(),
        "the address has one left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_starts_at_once_for_one_number_send_what_its_window_allows() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(3, MINUTE * 60)), None, None];
    let world = World::with(settings).await;
    let starts = futures::future::join_all(
        (0..16).map(|_| async { world.engine.start(&caller(), start(NUMBER)).await }),
    );
    let results = starts.await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(world.sms.count(), 3);
}

#[tokio::test]
async fn no_24_hours_bring_a_number_more_messages_than_its_day_has_and_each_wait_is_to_the_moment() {
    let day = MINUTE * 60 * 24;
    let mut settings = Settings::default();
    settings.limits.number = [
        Some(window(1, MINUTE)),
        Some(window(3, MINUTE * 60)),
        Some(window(5, day)),
    ];
    let world = World::with(settings).await;
    let mut sent = Vec::new();
    // Asks as soon as it may, for five days, but now and then somewhat later.
    let end = world.now() + day * 5;
    for pause in [0, 7, 0, 170, 0, 0, 431].into_iter().cycle() {
        match world.engine.start(&caller(), start(NUMBER)).await {
            Ok(_) => {
                sent.push(world.now());
                world.advance(MINUTE * pause);
            }
            Err(refused) => {
                world.advance(Duration::from_secs(refused.retry_in.unwrap() - 1));
                let refused = world.engine.start(&caller(), start(NUMBER)).await;
                assert_eq!(refused.unwrap_err().retry_in, Some(1));
                world.advance(Duration::from_secs(1));
            }
        }
        if world.now() >= end {
            break;
        }
    }
    for six in sent.windows(6) {
        assert!(six[5] >= six[0] + day, "{six:?}");
    }
    assert!(sent.len() >= 21, "{}", sent.len());
    assert_eq!(world.sms.count(), sent.len());
}

#[tokio::test]
async fn a_view_says_when_the_numbers_day_has_a_place_again() {
    let mut settings = Settings::default();
    settings.policy.code.ttl = MINUTE * 60 * 48;
    settings.limits.number = [None, None, Some(window(2, MINUTE * 60 * 24))];
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    assert_eq!(started.view().await.next_sms_in, Some(0));
    world.advance(MINUTE * 60);
    assert!(started.resend(resend(NUMBER)).await.is_ok());
    assert_eq!(started.view().await.next_sms_in, Some(23 * 3_600));
    world.advance(MINUTE * 60 * 23);
    assert!(started.resend(resend(NUMBER)).await.is_ok());
    assert_eq!(started.view().await.next_sms_in, Some(3_600));
}
