//! Senders that fail: who is asked next, who is left alone, and what it costs whom.

use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, caller, resend, start};
use phone_verify::senders::SendOutcome;
use phone_verify_domain::{ApiError, Channel, DeliveryState, ErrorCode, Status, Verifier, View};
use std::time::Duration;

/// For how long a sender that is down is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(15);

async fn with_two_senders() -> World {
    World::with(Settings {
        two_sms_senders: true,
        ..Settings::default()
    })
    .await
}

/// Starts for as many different numbers.
async fn starts(world: &World, count: u32) -> Vec<Result<View, ApiError>> {
    let mut results = Vec::new();
    for line in 0..count {
        let number = format!("+1202555{:04}", 1_000 + line);
        results.push(world.engine.start(&caller(), start(&number)).await);
    }
    results
}

#[tokio::test]
async fn a_sender_that_is_known_to_be_down_is_skipped_at_once_and_probed_once_in_a_while() {
    let world = with_two_senders().await;
    world.sms.answer(vec![SendOutcome::NotSent; 6]);
    let all = starts(&world, 9).await;
    assert!(all.iter().all(Result::is_ok), "the second one sends");
    assert_eq!((world.sms.count(), world.second_sms.count()), (5, 9));
    assert_eq!(world.engine.senders_down(), [(Channel::Sms, "first")]);

    world.advance(LEFT_ALONE);
    starts(&world, 3).await;
    assert_eq!(
        (world.sms.count(), world.second_sms.count()),
        (6, 12),
        "one probe"
    );
    world.advance(LEFT_ALONE);
    starts(&world, 3).await;
    assert_eq!((world.sms.count(), world.second_sms.count()), (9, 12));
    assert_eq!(world.engine.senders_down(), []);
}

#[tokio::test]
async fn where_every_sender_is_down_it_is_said_at_once_for_how_long_and_nothing_is_spent() {
    let mut settings = Settings {
        two_sms_senders: true,
        ..Settings::default()
    };
    settings.limits.number = [Some(crate::world::window(1, Duration::from_mins(1))), None, None];
    let world = World::with(settings).await;
    let before = world.started(OTHER_NUMBER).await;
    world.sms.answer(vec![SendOutcome::Unusable; 5]);
    world.second_sms.answer(vec![SendOutcome::NotSent; 5]);
    for retry_in in [5, 5, 5, 5, 15] {
        let refused = world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.retry_in),
            (ErrorCode::SenderUnavailable, Some(retry_in))
        );
    }
    world.advance(Duration::from_secs(4));
    for _ in 0..3 {
        let refused = world.engine.start(&caller(), start(NUMBER)).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.retry_in),
            (ErrorCode::SenderUnavailable, Some(11))
        );
    }
    let refused = before.resend(resend(OTHER_NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::SenderUnavailable, Some(11))
    );
    assert_eq!(refused.verification.unwrap().sends_left, 4);
    assert_eq!((world.sms.count(), world.second_sms.count()), (6, 5));

    // Codes that were sent are checked all the same, and the number's one send a minute is still there.
    assert_eq!(before.approve().await.status, Status::Approved);
    world.advance(LEFT_ALONE);
    world.engine.start(&caller(), start(NUMBER)).await.unwrap();
}

#[tokio::test]
async fn what_may_have_left_goes_to_no_other_sender_and_counts_as_a_failure() {
    let world = with_two_senders().await;
    world.sms.answer(vec![SendOutcome::Unknown; 5]);
    for result in starts(&world, 5).await {
        assert_eq!(result.unwrap().delivery.unwrap().state, DeliveryState::Unknown);
    }
    assert_eq!((world.sms.count(), world.second_sms.count()), (5, 0));
    starts(&world, 2).await;
    assert_eq!((world.sms.count(), world.second_sms.count()), (5, 2));
}
