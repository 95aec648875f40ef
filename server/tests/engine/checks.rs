use crate::world::{NUMBER, OTHER_NUMBER, Settings, Started, World, caller, check, code_of, refusal};
use futures::future::join_all;
use phone_verify_domain::{ClientSecret, ErrorCode, Status, VerificationId, Verifier};
use std::collections::HashMap;
use std::time::Duration;

fn paced() -> Settings {
    let mut settings = Settings::default();
    settings.policy.checks.pacing_factor = Duration::from_secs(15);
    settings
}

#[tokio::test]
async fn the_right_code_approves_however_it_is_typed() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let typed = format!(" {} - {} ", &started.code[..3], &started.code[3..]);
    let view = started.check(&typed).await.unwrap();
    assert_eq!(view.status, Status::Approved);
    assert!(view.token.is_some());
    assert_eq!(
        (view.next_sms_in, view.next_check_in, view.expires_in),
        (None, None, None)
    );
    assert_eq!(view.client_secret, None);
}

#[tokio::test]
async fn the_code_of_a_client_that_goes_away_counts() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let (caller, asked) = (caller(), check(&started.code));
    let mut going_away = world.engine.check(&caller, started.id, &started.secret, asked);
    assert!(futures::poll!(going_away.as_mut()).is_pending());
    drop(going_away);
    world.engine.idle().await;
    assert_eq!(started.view().await.status, Status::Approved);
}

#[tokio::test]
async fn wrong_codes_are_spent_one_by_one_and_the_last_one_exhausts() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    for left in (0..5).rev() {
        let (code, view) = refusal(started.check(&started.wrong(left)).await);
        let view = view.expect("a view");
        assert_eq!((code, view.attempts_left), (ErrorCode::WrongCode, left));
        let status = if left == 0 {
            Status::Exhausted
        } else {
            Status::Pending
        };
        assert_eq!((view.status, view.next_check_in.is_some()), (status, left > 0));
    }
    let (code, view) = refusal(started.check(&started.code).await);
    assert_eq!(
        (code, view.map(|view| view.status)),
        (ErrorCode::Exhausted, Some(Status::Exhausted))
    );
}

#[tokio::test]
async fn what_is_no_code_is_not_evaluated() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    for typed in [
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "null",
        &"1".repeat(10_000),
    ] {
        let (code, view) = refusal(started.check(typed).await);
        assert_eq!(
            (code, view.map(|view| view.attempts_left)),
            (ErrorCode::InvalidCode, Some(5)),
            "{typed}"
        );
    }
    assert_eq!(started.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn an_ended_verification_says_how_it_ended_whatever_is_typed() {
    let world = World::new().await;
    let canceled = world.started(NUMBER).await;
    assert_eq!(canceled.cancel().await.status, Status::Canceled);
    let expired = world.started(OTHER_NUMBER).await;
    world.advance(Duration::from_mins(10));
    for (started, code, status) in [
        (&canceled, ErrorCode::Canceled, Status::Canceled),
        (&expired, ErrorCode::Expired, Status::Expired),
    ] {
        for typed in [started.code.as_str(), "000", &started.wrong(0)] {
            let (refused, view) = refusal(started.check(typed).await);
            assert_eq!((refused, view.map(|view| view.status)), (code, Some(status)));
        }
        assert_eq!(started.view().await.status, status);
    }
}

#[tokio::test]
async fn it_may_be_approved_until_its_very_last_moment() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    world.advance(Duration::from_millis(599_999));
    assert_eq!(started.view().await.expires_in, Some(1));
    assert_eq!(started.approve().await.status, Status::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_wrong_codes_at_once_are_evaluated_five_times() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let outcomes = sixty_four_wrong(&started).await;
    assert_eq!(outcomes.get(&Err(ErrorCode::WrongCode)), Some(&5), "{outcomes:?}");
    assert_eq!(
        outcomes.get(&Err(ErrorCode::Exhausted)),
        Some(&59),
        "{outcomes:?}"
    );
    assert_eq!(day_of(&world, &started).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_right_codes_at_once_approve_once_and_show_one_token() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let tokens = join_all((0..64).map(|_| started.check(&started.code))).await;
    let mut names = std::collections::HashSet::new();
    for view in tokens {
        let claims = crate::tokens::claims(&world, &view.unwrap().token.unwrap());
        names.insert(claims.jti);
    }
    assert_eq!(names.len(), 1);
    assert_eq!(day_of(&world, &started).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_pacing_three_of_sixty_four_at_once_are_evaluated_and_the_rest_told_to_wait() {
    let world = World::with(paced()).await;
    let started = world.started(NUMBER).await;
    let outcomes = sixty_four_wrong(&started).await;
    assert_eq!(outcomes.get(&Err(ErrorCode::WrongCode)), Some(&3), "{outcomes:?}");
    assert_eq!(
        outcomes.get(&Err(ErrorCode::TooManyRequests)),
        Some(&61),
        "{outcomes:?}"
    );
    assert_eq!(day_of(&world, &started).await, 3);
}

#[tokio::test]
async fn the_fourth_check_waits_fifteen_seconds_and_the_fifth_thirty() {
    let world = World::with(paced()).await;
    let started = world.started(NUMBER).await;
    for number in 0..3 {
        assert_eq!(
            code_of(started.check(&started.wrong(number)).await),
            ErrorCode::WrongCode
        );
    }
    for wait in [15, 30] {
        let early = started.check(&started.code).await.unwrap_err();
        assert_eq!(
            (early.code, early.retry_in),
            (ErrorCode::TooManyRequests, Some(wait))
        );
        assert_eq!(early.verification.unwrap().next_check_in, Some(wait));
        world.advance(Duration::from_millis(wait * 1_000 - 1));
        let early = started.check(&started.code).await.unwrap_err();
        assert_eq!(
            (early.code, early.retry_in),
            (ErrorCode::TooManyRequests, Some(1))
        );
        world.advance(Duration::from_millis(1));
        assert_eq!(
            code_of(started.check(&started.wrong(9)).await),
            ErrorCode::WrongCode
        );
    }
    assert_eq!(started.view().await.status, Status::Exhausted);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_day_bounds_the_checks_of_all_its_verifications_until_midnight() {
    let mut settings = Settings::default();
    settings.policy.sends.pending_per_number = 100;
    let world = World::with(settings).await;
    let mut verifications = Vec::new();
    for _ in 0..4 {
        verifications.push(world.started(NUMBER).await);
    }
    let guesses = (0..64).map(|n: u32| {
        let started = &verifications[n as usize % 4];
        async move { code_of(started.check(&started.wrong(n)).await) }
    });
    let outcomes = join_all(guesses).await;
    let wrong = outcomes
        .iter()
        .filter(|code| **code == ErrorCode::WrongCode)
        .count();
    assert_eq!(wrong, 10, "{outcomes:?}");
    let other_site = world.started(OTHER_NUMBER).await;
    assert_eq!(
        other_site.approve().await.status,
        Status::Approved,
        "another number has its own day"
    );

    let mut left_over = None;
    for started in &verifications {
        if started.view().await.attempts_left > 0 {
            left_over = Some(started);
        }
    }
    let late = left_over.expect("ten of twenty checks are left");
    let refused = late.check(&late.code).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(12 * 3600))
    );
    assert_eq!(
        refused.verification.unwrap().next_check_in,
        None,
        "longer than it lives"
    );
    world.advance(Duration::from_hours(12));
    let tomorrow = world.started(NUMBER).await;
    assert_eq!(tomorrow.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn another_secret_or_id_finds_nothing() {
    let world = World::new().await;
    let (one, other) = (world.started(NUMBER).await, world.started(OTHER_NUMBER).await);
    let made_up = ClientSecret::parse(&"a".repeat(43)).unwrap();
    let nobody = VerificationId::from_bytes([0; 16]);
    let nobodys = world.keys.client_secret(nobody);
    for (id, secret) in [
        (one.id, &other.secret),
        (one.id, &made_up),
        (nobody, &nobodys),
        (nobody, &made_up),
    ] {
        let refused = world.engine.check(&caller(), id, secret, check(&one.code)).await;
        let (code, view) = refusal(refused);
        assert_eq!((code, view), (ErrorCode::NotFound, None));
        assert_eq!(
            code_of(world.engine.view(&caller(), id, secret).await),
            ErrorCode::NotFound
        );
        assert_eq!(
            code_of(world.engine.cancel(&caller(), id, secret).await),
            ErrorCode::NotFound
        );
    }
    assert_eq!(one.approve().await.status, Status::Approved);
}

/// Checks 64 wrong codes at once and counts what came of them.
async fn sixty_four_wrong(started: &Started<'_>) -> HashMap<Result<Status, ErrorCode>, usize> {
    let checks = (0..64).map(|number| async move {
        let check = started.check(&started.wrong(number)).await;
        check.map(|view| view.status).map_err(|error| error.code)
    });
    let mut counts = HashMap::new();
    for outcome in join_all(checks).await {
        *counts.entry(outcome).or_default() += 1;
    }
    counts
}

/// How much of the number's day is spent.
async fn day_of(world: &World, started: &Started<'_>) -> u32 {
    world.store.find(started.id).await.unwrap().unwrap().day.used
}
