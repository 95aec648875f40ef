use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, code_of, refusal, resend};
use phone_verify_domain::{Channel, ErrorCode, Resend, Status};
use std::time::Duration;

#[tokio::test]
async fn every_sending_of_a_verification_carries_the_same_code() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let view = started.resend(resend("202-555-0134")).await.unwrap();
    assert_eq!(
        (view.sends_left, view.channel, view.client_secret),
        (3, Channel::Sms, None)
    );
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(NUMBER)
    };
    let view = started.resend(by_call).await.unwrap();
    assert_eq!((view.sends_left, view.channel), (2, Channel::Call));

    let sent: Vec<_> = world.sms.sent().into_iter().chain(world.call.sent()).collect();
    assert_eq!(sent.len(), 3);
    assert!(
        sent.iter()
            .all(|sent| sent.code == started.code && sent.to == NUMBER)
    );
    let deliveries: std::collections::HashSet<_> = sent.iter().map(|sent| &sent.delivery_id).collect();
    assert_eq!(deliveries.len(), 3, "each is a delivery of its own");
    assert_eq!(started.approve().await.status, Status::Approved);
}

#[tokio::test]
async fn a_resend_refills_no_checks() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    for number in 0..4 {
        assert_eq!(
            code_of(started.check(&started.wrong(number)).await),
            ErrorCode::WrongCode
        );
    }
    assert_eq!(started.resend(resend(NUMBER)).await.unwrap().attempts_left, 1);
}

#[tokio::test]
async fn another_number_is_refused_and_nothing_is_sent_to_it() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    for (number, code) in [
        (OTHER_NUMBER, ErrorCode::NumberMismatch),
        ("+447400123456", ErrorCode::NumberMismatch),
        ("hello", ErrorCode::InvalidNumber),
    ] {
        let (refused, view) = refusal(started.resend(resend(number)).await);
        assert_eq!((refused, view.unwrap().sends_left), (code, 4));
    }
    assert_eq!(world.sms.count(), 1);
}

#[tokio::test]
async fn a_channel_that_the_site_does_not_offer_is_refused() {
    let mut settings = Settings::default();
    settings.sites[0].channels = vec![Channel::Sms];
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    assert_eq!(started.view().await.next_call_in, None);
    let by_call = Resend {
        channel: Channel::Call,
        ..resend(NUMBER)
    };
    assert_eq!(
        code_of(started.resend(by_call).await),
        ErrorCode::ChannelUnavailable
    );
}

#[tokio::test]
async fn after_the_last_send_there_is_none_until_the_verification_is_over() {
    let mut settings = Settings::default();
    settings.policy.sends.per_verification = 2;
    let world = World::with(settings).await;
    let started = world.started(NUMBER).await;
    let view = started.resend(resend(NUMBER)).await.unwrap();
    assert_eq!(
        (view.sends_left, view.next_sms_in, view.next_call_in),
        (0, None, None)
    );
    let refused = started.resend(resend(NUMBER)).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.retry_in),
        (ErrorCode::TooManyRequests, Some(600))
    );
    assert_eq!(world.sms.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_resends_at_once_send_no_more_than_are_left() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let resends = futures::future::join_all((0..8).map(|_| started.resend(resend(NUMBER)))).await;
    assert_eq!(resends.iter().filter(|result| result.is_ok()).count(), 4);
    assert_eq!(world.sms.count(), 5);
}

#[tokio::test]
async fn after_the_end_nothing_is_sent_again() {
    let world = World::new().await;
    let approved = world.started(NUMBER).await;
    approved.approve().await;
    let canceled = world.started(NUMBER).await;
    canceled.cancel().await;
    let expired = world.started(NUMBER).await;
    world.advance(Duration::from_mins(10));
    for (started, code, status) in [
        (&approved, ErrorCode::AlreadyApproved, Status::Approved),
        (&canceled, ErrorCode::Canceled, Status::Canceled),
        (&expired, ErrorCode::Expired, Status::Expired),
    ] {
        // The end comes before what is wrong with the number.
        for number in [NUMBER, OTHER_NUMBER] {
            let (refused, view) = refusal(started.resend(resend(number)).await);
            assert_eq!((refused, view.unwrap().status), (code, status));
        }
    }
    assert_eq!(world.sms.count(), 3);
    assert_eq!(
        approved.cancel().await.status,
        Status::Approved,
        "an end stays what it is"
    );
}
