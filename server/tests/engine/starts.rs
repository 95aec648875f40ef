use crate::world::{NUMBER, Settings, World, caller, code_of, site, start};
use phone_verify::sites::Countries;
use phone_verify_domain::{Channel, Country, DeliveryState, ErrorCode, SiteKey, Start, Status, Verifier};
use std::time::Duration;

#[tokio::test]
async fn a_start_sends_a_code_and_shows_all_that_a_widget_needs() {
    let world = World::new().await;
    let request = Start {
        locale: Some("de".to_owned()),
        ..start("+1 (202) 555-0134")
    };
    let view = world.engine.start(&caller(), request).await.unwrap();

    assert_eq!((view.status, view.channel), (Status::Pending, Channel::Sms));
    assert_eq!((view.to.as_str(), view.code_length), ("+1 ••• ••• ••34", 6));
    assert_eq!((view.attempts_left, view.sends_left), (5, 4));
    assert_eq!(
        (view.next_sms_in, view.next_call_in, view.next_check_in),
        (Some(0), Some(0), Some(0))
    );
    assert_eq!(view.expires_in, Some(600));
    assert_eq!(
        view.delivery.map(|delivery| (delivery.state, delivery.reason)),
        Some((DeliveryState::Accepted, None))
    );
    assert_eq!(view.client_secret.as_deref().map(str::len), Some(43));
    assert_eq!(view.token, None);

    let sent = world.sms.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_str(), sent[0].channel), (NUMBER, Channel::Sms));
    assert_eq!((sent[0].code.len(), sent[0].delivery_id.len()), (6, 32));
    assert_eq!(
        (sent[0].locale.as_deref(), sent[0].valid_for),
        (Some("de"), Duration::from_mins(10))
    );
    assert_eq!(sent[0].verification.to_string(), view.id);
}

#[tokio::test]
async fn a_call_goes_to_the_sender_of_calls() {
    let world = World::new().await;
    let request = Start {
        channel: Channel::Call,
        ..start(NUMBER)
    };
    let view = world.engine.start(&caller(), request).await.unwrap();
    assert_eq!(
        (view.channel, world.call.count(), world.sms.count()),
        (Channel::Call, 1, 0)
    );
}

#[tokio::test]
async fn national_spellings_are_meant_in_the_country_given() {
    let world = World::new().await;
    let request = Start {
        country: Country::parse("GB"),
        ..start("07400 123456")
    };
    world.engine.start(&caller(), request).await.unwrap();
    assert_eq!(world.sms.sent()[0].to, "+447400123456");
}

#[tokio::test]
async fn what_cannot_be_verified_is_refused_by_name_and_nothing_is_sent() {
    let mut settings = Settings::default();
    settings.sites[0].countries = Countries::Only(["US".to_owned()].into());
    settings.sites.push(phone_verify::sites::Site {
        channels: vec![Channel::Sms],
        ..site("texts")
    });
    let world = World::with(settings).await;
    let cases = [
        (
            Start {
                site_key: None,
                ..start(NUMBER)
            },
            ErrorCode::SiteUnknown,
        ),
        (
            Start {
                site_key: SiteKey::parse("nobody"),
                ..start(NUMBER)
            },
            ErrorCode::SiteUnknown,
        ),
        (start("hello"), ErrorCode::InvalidNumber),
        (start("+1 202 555 0134 ext. 9"), ErrorCode::InvalidNumber),
        (start("2025550134"), ErrorCode::InvalidNumber),
        (start("+447400123456"), ErrorCode::CountryNotServed),
        (start("+870773111632"), ErrorCode::CountryNotServed),
        (start("+19002345678"), ErrorCode::NumberTypeRefused),
        (start("+18002345678"), ErrorCode::NumberTypeRefused),
        (
            Start {
                site_key: SiteKey::parse("texts"),
                channel: Channel::Call,
                ..start(NUMBER)
            },
            ErrorCode::ChannelUnavailable,
        ),
        (
            Start {
                session: Some("made-up".to_owned()),
                ..start(NUMBER)
            },
            ErrorCode::InvalidSession,
        ),
    ];
    for (request, code) in cases {
        assert_eq!(code_of(world.engine.start(&caller(), request).await), code);
    }
    assert_eq!(world.sms.count() + world.call.count(), 0);
}

#[tokio::test]
async fn a_site_without_countries_serves_none() {
    let mut settings = Settings::default();
    settings.sites[0].countries = Countries::Only([].into());
    let world = World::with(settings).await;
    assert_eq!(
        code_of(world.engine.start(&caller(), start(NUMBER)).await),
        ErrorCode::CountryNotServed
    );
}

#[tokio::test]
async fn the_next_start_beyond_the_pending_ones_cancels_the_oldest() {
    let mut settings = Settings::default();
    settings.policy.sends.pending_per_number = 2;
    let world = World::with(settings).await;
    let first = world.started(NUMBER).await;
    world.advance(Duration::from_secs(1));
    let second = world.started(NUMBER).await;
    world.advance(Duration::from_secs(1));
    let third = world.started(NUMBER).await;
    assert_eq!(first.view().await.status, Status::Canceled);
    assert_eq!(
        (second.view().await.status, third.view().await.status),
        (Status::Pending, Status::Pending)
    );
    assert_eq!(code_of(first.check(&first.code).await), ErrorCode::Canceled);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_starts_at_once_are_sixteen_verifications_with_a_code_each() {
    let mut settings = Settings::default();
    settings.policy.sends.pending_per_number = 100;
    settings.policy.checks.per_number_per_day = 100;
    let world = World::with(settings).await;
    let starts = (0..16).map(|_| async { world.started(NUMBER).await });
    let all = futures::future::join_all(starts).await;
    assert_eq!(world.sms.count(), 16);
    let ids: std::collections::HashSet<_> = all.iter().map(|started| started.id).collect();
    assert_eq!(ids.len(), 16);
    for started in &all {
        assert_eq!(started.approve().await.status, Status::Approved);
    }
}
