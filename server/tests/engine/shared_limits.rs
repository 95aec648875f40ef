//! Limits that many numbers share: prefix, country, site, deployment, wrong codes.

use crate::world::{
    NUMBER, OTHER_NUMBER, Settings, World, caller, caller_at, code_of, resend, start, window,
};
use phone_verify::limits::Limits;
use phone_verify::senders::SendOutcome;
use phone_verify_domain::{ErrorCode, LimitWindows, SiteKey, Start, Verifier};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
/// Differs from [`NUMBER`] before its last four digits.
const OTHER_PREFIX: &str = "+12125550134";
const ABROAD: &str = "+442079460123";

fn an_hour(count: u32) -> LimitWindows {
    [None, Some(window(count, HOUR)), None]
}

async fn world_of(limits: &Limits) -> World {
    World::with(Settings {
        limits: *limits,
        ..Settings::default()
    })
    .await
}

async fn starts(world: &World, start: Start) -> Result<(), (ErrorCode, Option<u64>)> {
    let started = world.engine.start(&caller(), start).await;
    started.map(drop).map_err(|error| (error.code, error.retry_in))
}

fn elsewhere(number: &str) -> Start {
    Start {
        site_key: SiteKey::parse("other"),
        ..start(number)
    }
}

const IN_HALF_AN_HOUR: Result<(), (ErrorCode, Option<u64>)> = Err((ErrorCode::TooManyRequests, Some(1_800)));

#[tokio::test]
async fn numbers_that_differ_in_their_last_four_digits_are_limited_together_on_all_sites() {
    let world = world_of(&Limits {
        prefix: an_hour(2),
        ..Limits::default()
    })
    .await;
    assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
    assert_eq!(starts(&world, elsewhere(OTHER_NUMBER)).await, Ok(()));
    assert_eq!(starts(&world, start("+12025559999")).await, IN_HALF_AN_HOUR);
    assert_eq!(starts(&world, elsewhere("+12025550000")).await, IN_HALF_AN_HOUR);
    assert_eq!(
        starts(&world, start(OTHER_PREFIX)).await,
        Ok(()),
        "others are served"
    );
    world.advance(HOUR / 2);
    assert_eq!(starts(&world, start("+12025559999")).await, Ok(()));
    assert_eq!(world.sms.count(), 4);
}

#[tokio::test]
async fn a_country_is_limited_over_all_sites() {
    let world = world_of(&Limits {
        country: an_hour(2),
        ..Limits::default()
    })
    .await;
    assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
    assert_eq!(starts(&world, elsewhere(OTHER_PREFIX)).await, Ok(()));
    assert_eq!(starts(&world, start(OTHER_NUMBER)).await, IN_HALF_AN_HOUR);
    let canada = "+14165550134";
    assert_eq!(
        starts(&world, start(canada)).await,
        Ok(()),
        "the same calling code"
    );
    assert_eq!(starts(&world, start(ABROAD)).await, Ok(()));
}

#[tokio::test]
async fn a_site_is_limited_over_all_numbers_and_its_neighbour_is_served() {
    let world = world_of(&Limits {
        site: an_hour(2),
        ..Limits::default()
    })
    .await;
    assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
    assert_eq!(starts(&world, start(ABROAD)).await, Ok(()));
    assert_eq!(starts(&world, start(OTHER_PREFIX)).await, IN_HALF_AN_HOUR);
    assert_eq!(starts(&world, elsewhere(OTHER_PREFIX)).await, Ok(()));
}

#[tokio::test]
async fn the_deployment_is_limited_over_everything() {
    let world = world_of(&Limits {
        deployment: [Some(window(2, Duration::from_mins(10))), None, None],
        ..Limits::default()
    })
    .await;
    let started = world.started(NUMBER).await;
    assert_eq!(starts(&world, elsewhere(ABROAD)).await, Ok(()));
    let refused = world
        .engine
        .start(&caller_at("198.51.100.7"), start(OTHER_PREFIX))
        .await;
    assert_eq!(code_of(refused), ErrorCode::TooManyRequests);
    let refused = started.resend(resend(NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(300))
    );
    assert_eq!(refused.verification.unwrap().next_sms_in, Some(300));
    assert_eq!(world.sms.count(), 2);
}

/// Each of them refuses once while all the others would allow: nothing of those is used.
#[tokio::test]
async fn whichever_limit_refuses_nothing_is_spent_in_any_other() {
    let wide = an_hour(2);
    let all = Limits {
        number: wide,
        address: wide,
        prefix: wide,
        country: wide,
        site: wide,
        deployment: wide,
        ..Limits::default()
    };
    let narrow = an_hour(1);
    let rows = [
        (
            "number",
            Limits {
                number: narrow,
                ..all
            },
            NUMBER,
        ),
        (
            "prefix",
            Limits {
                prefix: narrow,
                ..all
            },
            OTHER_NUMBER,
        ),
        (
            "country",
            Limits {
                country: narrow,
                ..all
            },
            OTHER_PREFIX,
        ),
        ("site", Limits { site: narrow, ..all }, ABROAD),
        (
            "deployment",
            Limits {
                deployment: narrow,
                ..all
            },
            ABROAD,
        ),
    ];
    for (name, limits, refused) in rows {
        let world = world_of(&limits).await;
        let started = world.started(NUMBER).await;
        for _ in 0..5 {
            let refused = starts(&world, start(refused)).await;
            assert_eq!(refused, Err((ErrorCode::TooManyRequests, Some(3_600))), "{name}");
        }
        // The two of the address and of every other limit: one start before, one now.
        world.advance(HOUR);
        assert_eq!(starts(&world, start(NUMBER)).await, Ok(()), "{name}");
        assert_eq!(started.view().await.sends_left, 4, "{name}");
    }
}

#[tokio::test]
async fn a_refused_start_leaves_room_in_every_limit_that_did_not_refuse() {
    let world = world_of(&Limits {
        number: an_hour(1),
        address: an_hour(2),
        prefix: an_hour(2),
        country: an_hour(2),
        site: an_hour(2),
        deployment: an_hour(2),
        ..Limits::default()
    })
    .await;
    world.started(NUMBER).await;
    for _ in 0..5 {
        assert!(starts(&world, start(NUMBER)).await.is_err());
    }
    assert_eq!(starts(&world, start(OTHER_NUMBER)).await, Ok(()));
}

#[tokio::test]
async fn a_send_that_never_left_is_given_back_to_all_of_them() {
    let world = world_of(&Limits {
        number: an_hour(1),
        address: an_hour(1),
        prefix: an_hour(1),
        country: an_hour(1),
        site: an_hour(1),
        deployment: an_hour(1),
        ..Limits::default()
    })
    .await;
    world.sms.answer([SendOutcome::NotSent]);
    let refused = world.engine.start(&caller(), start(NUMBER)).await;
    assert_eq!(code_of(refused), ErrorCode::SenderUnavailable);
    assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_starts_at_once_for_as_many_numbers_send_what_their_prefix_allows() {
    let world = world_of(&Limits {
        prefix: an_hour(5),
        country: an_hour(100),
        site: an_hour(100),
        deployment: an_hour(100),
        ..Limits::default()
    })
    .await;
    let world = &world;
    let starts = (0..16).map(|number| starts(world, start(&format!("+1202555{number:04}"))));
    let results = futures::future::join_all(starts).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert_eq!(world.sms.count(), 5);
}

#[tokio::test]
async fn many_wrong_codes_of_the_deployment_are_known_and_refuse_nothing() {
    let world = world_of(&Limits {
        failed_checks: [Some(window(2, Duration::from_mins(1))), None, None],
        ..Limits::default()
    })
    .await;
    let is_guessed_at = async || world.engine.is_guessed_at().await.unwrap();
    let (one, other) = (world.started(NUMBER).await, world.started(ABROAD).await);
    assert_eq!(code_of(one.check(&one.wrong(0)).await), ErrorCode::WrongCode);
    assert!(!is_guessed_at().await);
    assert_eq!(code_of(other.check(&other.wrong(0)).await), ErrorCode::WrongCode);
    assert!(is_guessed_at().await);
    assert_eq!(code_of(one.check(&one.wrong(1)).await), ErrorCode::WrongCode);
    let elsewhere = world.engine_of("another process");
    assert!(elsewhere.is_guessed_at().await.unwrap());
    one.approve().await;
    other.approve().await;
    world.advance(Duration::from_mins(1));
    assert!(!is_guessed_at().await);
}

#[tokio::test]
async fn a_number_whose_day_of_sends_is_used_up_is_locked_for_as_long_as_was_set() {
    let day = Duration::from_hours(24);
    let world = world_of(&Limits {
        number: [None, None, Some(window(2, day))],
        lock: Some(day * 7),
        ..Limits::default()
    })
    .await;
    let started = world.started(NUMBER).await;
    assert_eq!(started.view().await.next_sms_in, Some(0));
    assert!(started.resend(resend(NUMBER)).await.is_ok());
    assert_eq!(started.view().await.next_sms_in, None, "not in its life");
    assert_eq!(
        started.approve().await.status,
        phone_verify_domain::Status::Approved
    );
    world.advance(day * 6);
    let refused = starts(&world, start(NUMBER)).await;
    assert_eq!(refused, Err((ErrorCode::TooManyRequests, Some(86_400))));
    assert_eq!(starts(&world, start(OTHER_NUMBER)).await, Ok(()));
    world.advance(day);
    assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
}

#[tokio::test]
async fn a_number_whose_day_of_checks_is_used_up_is_locked_as_well() {
    let day = Duration::from_hours(24);
    let mut settings = Settings {
        limits: Limits {
            number: [None, None, Some(window(100, day))],
            lock: Some(day * 7),
            ..Limits::default()
        },
        ..Settings::default()
    };
    settings.policy.checks.per_number_per_day = 2;
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    for number in 0..2 {
        assert_eq!(starts(&world, start(NUMBER)).await, Ok(()));
        assert_eq!(
            code_of(started.check(&started.wrong(number)).await),
            ErrorCode::WrongCode
        );
    }
    let refused = starts(&world, start(NUMBER)).await;
    assert_eq!(refused, Err((ErrorCode::TooManyRequests, Some(7 * 86_400))));
}
