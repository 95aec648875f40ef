//! Numbers of development: nothing is sent to them, and no limit counts them.

use crate::world::{NUMBER, Settings, World, caller, code_of, key, resend, start, window};
use phone_verify::limits::Limits;
use phone_verify::numbers::TestNumbers;
use phone_verify_domain::{Code, DeliveryState, ErrorCode, LimitWindows, Start, Status, Verifier};
use std::time::Duration;

const TEST_NUMBER: &str = "+12125550134";
const CODE: &str = "000000";

async fn world() -> World {
    let once: LimitWindows = [Some(window(1, Duration::from_hours(24))), None, None];
    let mut settings = Settings {
        limits: Limits {
            number: once,
            lock: Some(Duration::from_hours(24 * 7)),
            address: once,
            prefix: once,
            country: once,
            site: once,
            deployment: once,
            failed_checks: once,
            checks_per_address: once,
            ..Limits::default()
        },
        test_numbers: TestNumbers::new([("+1212555*", Code::parse(CODE, 6).unwrap())]),
        ..Settings::default()
    };
    settings.policy.checks.per_number_per_day = 1;
    World::with(settings).await
}

#[tokio::test]
async fn nothing_is_sent_and_the_known_code_is_right() {
    let world = world().await;
    let started = world.started(TEST_NUMBER).await;
    let view = started.view().await;
    assert_eq!(view.delivery.unwrap().state, DeliveryState::Accepted);
    assert_eq!((view.next_sms_in, view.next_check_in), (Some(0), Some(0)));
    assert_eq!(started.check(CODE).await.unwrap().status, Status::Approved);
    assert_eq!(world.sms.count() + world.call.count(), 0);
}

#[tokio::test]
async fn no_limit_counts_it_and_it_counts_in_none() {
    let world = world().await;
    for _ in 0..20 {
        let started = world.started(TEST_NUMBER).await;
        assert!(started.resend(resend(TEST_NUMBER)).await.is_ok());
        for wrong in ["111111", "222222"] {
            assert_eq!(code_of(started.check(wrong).await), ErrorCode::WrongCode);
        }
        assert_eq!(started.check(CODE).await.unwrap().status, Status::Approved);
    }
    assert!(!world.engine.is_guessed_at().await.unwrap());
    let real = world.started(NUMBER).await;
    assert_eq!(world.sms.count(), 1, "it took the one send of everything");
    assert_eq!(real.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn its_verifications_end_as_others_do() {
    let world = world().await;
    let started = world.started(TEST_NUMBER).await;
    for _ in 0..4 {
        assert!(started.resend(resend(TEST_NUMBER)).await.is_ok());
    }
    assert_eq!(
        code_of(started.resend(resend(TEST_NUMBER)).await),
        ErrorCode::TooManyRequests
    );
    for _ in 0..5 {
        assert_eq!(code_of(started.check("111111").await), ErrorCode::WrongCode);
    }
    assert_eq!(code_of(started.check(CODE).await), ErrorCode::Exhausted);
    let expiring = world.started(TEST_NUMBER).await;
    world.advance(Duration::from_mins(10));
    assert_eq!(code_of(expiring.check(CODE).await), ErrorCode::Expired);
}

#[tokio::test]
async fn a_repeated_start_is_answered_with_the_first() {
    let world = world().await;
    let keyed = || Start {
        idempotency_key: Some(key("test")),
        ..start(TEST_NUMBER)
    };
    let first = world.engine.start(&caller(), keyed()).await.unwrap();
    let again = world.engine.start(&caller(), keyed()).await.unwrap();
    assert_eq!(first.id, again.id);
}

#[tokio::test]
async fn numbers_that_the_pattern_leaves_out_are_like_all_others() {
    let world = world().await;
    let started = world.started(NUMBER).await;
    assert_eq!(world.sms.count(), 1);
    assert_eq!(code_of(started.check(CODE).await), ErrorCode::WrongCode);
}
