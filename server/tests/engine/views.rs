use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, caller, code_of, resend, start, window};
use phone_verify::limits::Limits;
use phone_verify_domain::{Channel, ErrorCode, LimitWindows, Resend, Status, Verifier, View};
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

fn told(view: &View) -> (Option<u64>, Option<u64>, Option<u64>) {
    (view.next_sms_in, view.next_call_in, view.next_check_in)
}

#[tokio::test]
async fn what_a_send_tells_of_waiting_is_what_a_view_tells_then_whichever_limit_it_comes_from() {
    const EACH: &[fn(&mut Limits, LimitWindows)] = &[
        |limits, narrow| limits.number = narrow,
        |limits, narrow| limits.number = [None, None, narrow[0]],
        |limits, narrow| {
            limits.number = [narrow[0].map(|_| window(1, Duration::from_secs(10))), None, None];
            limits.lock = narrow[0].map(|narrow| narrow.period);
        },
        |limits, narrow| limits.address = narrow,
        |limits, narrow| limits.prefix = narrow,
        |limits, narrow| limits.country = narrow,
        |limits, narrow| limits.site = narrow,
        |limits, narrow| limits.deployment = narrow,
        |limits, narrow| limits.checks_per_address = narrow,
    ];
    for (place, narrow) in EACH.iter().enumerate() {
        let mut settings = Settings::default();
        narrow(
            &mut settings.limits,
            [Some(window(1, Duration::from_mins(2))), None, None],
        );
        let world = World::with(settings).await;
        let other = world.started(OTHER_NUMBER).await;
        world.advance(Duration::from_mins(2));
        other.check(&other.wrong(0)).await.unwrap_err();
        let view = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
        let started = world.held(&view);
        assert_eq!(told(&view), told(&started.view().await), "a start, limit {place}");
        assert!(
            told(&view) == (Some(120), Some(120), Some(0)) || told(&view) == (Some(0), Some(0), Some(120)),
            "limit {place}: {view:?}"
        );
        world.advance(Duration::from_mins(2));
        let view = started.resend(resend(NUMBER)).await.unwrap();
        assert_eq!(
            told(&view),
            told(&started.view().await),
            "a resend, limit {place}"
        );
        assert_ne!(view.next_sms_in.max(view.next_check_in), None, "limit {place}");
    }
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
