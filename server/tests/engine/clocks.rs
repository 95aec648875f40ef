//! Clocks that jump: nothing lives longer than it may, nothing is refilled by going back, and waits stay honest.

use crate::world::{NOON, NUMBER, OTHER_NUMBER, Settings, World, caller, code_of, start, window};
use phone_verify::limits::Limits;
use phone_verify_domain::{ErrorCode, Status, Timestamp, Verifier};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn before(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - i64::try_from(by.as_millis()).unwrap())
}

async fn world() -> World {
    let mut settings = Settings {
        limits: Limits {
            number: [None, Some(window(2, HOUR)), None],
            ..Limits::default()
        },
        ..Settings::default()
    };
    settings.policy.checks.per_number_per_day = 3;
    World::with(settings).await
}

#[tokio::test]
async fn an_hour_back_evaluates_nothing_refills_nothing_and_the_code_is_good_again_in_its_time() {
    let world = world().await;
    let started = world.started(NUMBER).await;
    world.started(NUMBER).await;
    assert_eq!(
        code_of(started.check(&started.wrong(0)).await),
        ErrorCode::WrongCode
    );

    world.clock.set(before(NOON, HOUR));
    let refused = started.check(&started.code).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TooManyRequests);
    assert_eq!(
        refused.retry_in,
        Some(3_595),
        "until five seconds before the start"
    );
    let refused = world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(5_400))
    );
    assert!(world.engine.start(&caller(), start(OTHER_NUMBER)).await.is_ok());

    world.clock.set(NOON);
    let view = started.view().await;
    assert_eq!((view.attempts_left, view.status), (4, Status::Pending));
    assert_eq!(started.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn a_day_back_does_not_refill_the_days_checks() {
    let world = world().await;
    let started = world.started(NUMBER).await;
    for number in 0..3 {
        assert_eq!(
            code_of(started.check(&started.wrong(number)).await),
            ErrorCode::WrongCode
        );
    }
    world.clock.set(before(NOON, HOUR * 24));
    let yesterday = world.started(OTHER_NUMBER).await;
    assert_eq!(yesterday.approve().await.status, Status::Approved);
    let again = world.engine.start(&caller(), start(NUMBER)).await;
    if let Ok(view) = again {
        let again = world.held(&view);
        assert_eq!(
            code_of(again.check(&again.code).await),
            ErrorCode::TooManyRequests
        );
    }
    world.clock.set(NOON);
    assert_eq!(
        code_of(started.check(&started.code).await),
        ErrorCode::TooManyRequests
    );
}

#[tokio::test]
async fn an_hour_forth_expires_the_code_and_back_again_it_lives_no_longer_than_it_would_have() {
    let world = world().await;
    let started = world.started(NUMBER).await;
    world.advance(HOUR);
    assert_eq!(code_of(started.check(&started.code).await), ErrorCode::Expired);
    assert_eq!(started.view().await.status, Status::Expired);
    world.clock.set(NOON + Duration::from_mins(10));
    assert_eq!(code_of(started.check(&started.code).await), ErrorCode::Expired);
}

#[tokio::test]
async fn a_year_forth_and_back_leaves_the_server_able_to_serve() {
    let world = world().await;
    world.advance(HOUR * 24 * 365);
    let future = world.started(NUMBER).await;
    assert_eq!(future.approve().await.status, Status::Approved);
    world.clock.set(NOON);
    let other = world.started(OTHER_NUMBER).await;
    assert_eq!(other.approve().await.status, Status::Approved);
    let known_then = world.started(NUMBER).await;
    assert_eq!(
        known_then.approve().await.status,
        Status::Approved,
        "in spite of its rows of the future"
    );
    let refused = world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(1_800))
    );
}
