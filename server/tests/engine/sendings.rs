use crate::world::{NUMBER, Settings, World, caller, code_of, refusal, resend, start, window};
use phone_verify::senders::SendOutcome;
use phone_verify_domain::{DeliveryReason, DeliveryState, ErrorCode, Status, Verifier};
use std::time::Duration;

/// One send a minute to each number.
fn spaced() -> Settings {
    let mut settings = Settings::default();
    settings.limits.number = [Some(window(1, Duration::from_mins(1))), None, None];
    settings
}

fn rejected(reason: Option<DeliveryReason>, error: Option<ErrorCode>) -> SendOutcome {
    SendOutcome::Rejected { reason, error }
}

#[tokio::test]
async fn what_surely_never_left_is_given_back_and_told() {
    let world = World::with(spaced()).await;
    for (outcome, code) in [
        (SendOutcome::NotSent, ErrorCode::SenderUnavailable),
        (
            rejected(Some(DeliveryReason::Sender), Some(ErrorCode::SenderUnavailable)),
            ErrorCode::SenderUnavailable,
        ),
        (
            rejected(Some(DeliveryReason::NotServed), Some(ErrorCode::CountryNotServed)),
            ErrorCode::CountryNotServed,
        ),
        (
            rejected(None, Some(ErrorCode::InvalidNumber)),
            ErrorCode::InvalidNumber,
        ),
    ] {
        world.sms.answer([outcome]);
        let (refused, view) = refusal(world.engine.start(&caller(), start(NUMBER)).await);
        assert_eq!((refused, view), (code, None));
    }
    // The limit allows one a minute, and nothing has used it.
    let view = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
    assert_eq!(view.next_sms_in, Some(60));
    assert_eq!(
        code_of(world.engine.start(&caller(), start(NUMBER)).await),
        ErrorCode::TooManyRequests
    );
}

#[tokio::test]
async fn a_refused_start_leaves_no_live_verification_behind() {
    let world = World::new().await;
    world.sms.answer([SendOutcome::NotSent]);
    assert!(world.engine.start(&caller(), start(NUMBER)).await.is_err());
    let id = world.sms.sent()[0].verification;
    assert_eq!(
        world.store.find(id).await.unwrap().unwrap().facts.status,
        Status::Canceled
    );
}

#[tokio::test]
async fn a_refused_resend_gives_its_send_back_and_the_verification_goes_on() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    world
        .sms
        .answer([SendOutcome::NotSent, rejected(None, Some(ErrorCode::OptedOut))]);
    for code in [ErrorCode::SenderUnavailable, ErrorCode::OptedOut] {
        let (refused, view) = refusal(started.resend(resend(NUMBER)).await);
        let view = view.unwrap();
        assert_eq!(
            (refused, view.status, view.sends_left),
            (code, Status::Pending, 4)
        );
    }
    assert_eq!(started.approve().await.status, Status::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_get_texts_may_be_called_at_once() {
    let world = World::with(spaced()).await;
    world
        .sms
        .answer([rejected(Some(DeliveryReason::NotTextable), None)]);
    let view = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
    let delivery = view.delivery.unwrap();
    assert_eq!(
        (delivery.state, delivery.reason),
        (DeliveryState::Rejected, Some(DeliveryReason::NotTextable))
    );
    assert_eq!(
        (view.status, view.sends_left, view.next_call_in),
        (Status::Pending, 5, Some(0))
    );
}

#[tokio::test]
async fn whom_the_provider_blocks_sees_what_everybody_sees() {
    let world = World::with(spaced()).await;
    world.sms.answer([rejected(Some(DeliveryReason::Blocked), None)]);
    let blocked = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
    let served = world
        .engine
        .start(&caller(), start("+12025550135"))
        .await
        .unwrap();
    assert_eq!(blocked.delivery, served.delivery);
    assert_eq!(
        (blocked.sends_left, blocked.next_sms_in),
        (served.sends_left, served.next_sms_in)
    );
}

#[tokio::test]
async fn what_may_have_left_is_never_sent_again_by_itself_and_its_code_is_good() {
    let settings = Settings {
        two_sms_senders: true,
        ..spaced()
    };
    let world = World::with(settings).await;
    world.sms.answer([SendOutcome::Unknown]);
    let view = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
    assert_eq!(view.delivery.unwrap().state, DeliveryState::Unknown);
    assert_eq!(
        (view.sends_left, view.next_sms_in),
        (4, Some(60)),
        "it counts as sent"
    );
    assert_eq!((world.sms.count(), world.second_sms.count()), (1, 0));
    assert_eq!(world.held(&view).approve().await.status, Status::Approved);
}

#[tokio::test]
async fn where_one_sender_surely_sent_nothing_the_next_one_is_asked() {
    for outcome in [
        SendOutcome::NotSent,
        rejected(Some(DeliveryReason::Sender), Some(ErrorCode::SenderUnavailable)),
    ] {
        let settings = Settings {
            two_sms_senders: true,
            ..Settings::default()
        };
        let world = World::with(settings).await;
        world.sms.answer([outcome]);
        let view = world.engine.start(&caller(), start(NUMBER)).await.unwrap();
        assert_eq!(
            (view.delivery.unwrap().state, view.sends_left),
            (DeliveryState::Accepted, 4)
        );
        assert_eq!((world.sms.count(), world.second_sms.count()), (1, 1));
        assert_eq!(
            world.sms.sent()[0].delivery_id,
            world.second_sms.sent()[0].delivery_id
        );
    }
}

#[tokio::test]
async fn a_final_refusal_is_not_carried_to_the_next_sender() {
    let settings = Settings {
        two_sms_senders: true,
        ..Settings::default()
    };
    let world = World::with(settings).await;
    world.sms.answer([rejected(
        Some(DeliveryReason::OptedOut),
        Some(ErrorCode::OptedOut),
    )]);
    assert_eq!(
        code_of(world.engine.start(&caller(), start(NUMBER)).await),
        ErrorCode::OptedOut
    );
    assert_eq!(world.second_sms.count(), 0);
}

#[tokio::test]
async fn a_client_that_goes_away_interrupts_nothing() {
    let world = World::new().await;
    world.sms.hold();
    let engine = world.engine.clone();
    let gone = tokio::spawn(async move { engine.start(&caller(), start(NUMBER)).await });
    world.sms.asked(1).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    world.sms.release();
    world.engine.idle().await;
    let id = world.sms.sent()[0].verification;
    let record = world.store.find(id).await.unwrap().unwrap();
    assert_eq!(record.facts.delivery_state, DeliveryState::Accepted);
}

#[tokio::test]
async fn a_delivery_without_an_outcome_is_sending_and_then_unknown_and_its_code_verifies() {
    let world = World::new().await;
    world.sms.hold();
    let engine = world.engine.clone();
    let _hanging = tokio::spawn(async move { engine.start(&caller(), start(NUMBER)).await });
    world.sms.asked(1).await;
    let sent = world.sms.sent().remove(0);
    let secret = world.keys.client_secret(sent.verification);
    let after_crash = world.engine_of("process-2");
    let state = async || {
        let view = after_crash
            .view(&caller(), sent.verification, &secret)
            .await
            .unwrap();
        view.delivery.unwrap().state
    };
    assert_eq!(state().await, DeliveryState::Sending);
    world.advance(Duration::from_secs(30));
    assert_eq!(state().await, DeliveryState::Unknown);
    let check = crate::world::check(&sent.code);
    let view = after_crash
        .check(&caller(), sent.verification, &secret, check)
        .await
        .unwrap();
    assert_eq!(view.status, Status::Approved);
    assert_eq!(world.sms.count(), 1);
}
