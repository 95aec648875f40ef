use crate::world::{NUMBER, Settings, World, code_of, resend, window};
use phone_verify_domain::{Channel, ErrorCode, Resend, Status};
use std::time::Duration;

#[tokio::test]
async fn a_wait_that_outlasts_the_verification_is_null() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, Duration::from_mins(11))), None, None];
    let world = World::with(settings).await;
    let view = world.started(NUMBER).await.view().await;
    assert_eq!(
        (view.next_sms_in, view.next_call_in, view.sends_left),
        (None, None, 4)
    );
}

#[tokio::test]
async fn a_canceled_verification_shows_its_end_and_stays_canceled() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    for view in [
        started.cancel().await,
        started.cancel().await,
        started.view().await,
    ] {
        assert_eq!(view.status, Status::Canceled);
        assert_eq!(
            (
                view.next_sms_in,
                view.next_call_in,
                view.next_check_in,
                view.expires_in
            ),
            (None, None, None, None)
        );
    }
}

#[tokio::test]
async fn waits_are_told_without_the_number_to_whoever_holds_the_secret() {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, Duration::from_mins(1))), None, None];
    let world = World::with(settings).await;
    let one = world.started(NUMBER).await;
    world.advance(Duration::from_mins(1));
    // Another verification of the same number uses the number's window.
    let other = world.started(NUMBER).await;
    world.advance(Duration::from_secs(20));
    assert_eq!(
        (one.view().await.next_sms_in, other.view().await.next_call_in),
        (Some(40), Some(40))
    );
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(NUMBER)
    };
    assert_eq!(code_of(one.resend(by_call).await), ErrorCode::TooManyRequests);
}

#[tokio::test]
async fn only_a_start_shows_the_client_secret_and_only_an_approval_the_token() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let before = started.view().await;
    let approval = started.approve().await;
    let after = started.view().await;
    assert!(approval.token.is_some());
    for view in [before, approval, after.clone()] {
        assert_eq!(view.client_secret, None);
    }
    assert_eq!((after.status, after.token), (Status::Approved, None));
}
