//! Faults F5 to F8: what surely was not sent is asked again, what may have been never is.

use crate::support::{SHORT, Senders, TO, config};
use fake_twilio::{Behaviour, FakeTwilio, Fault, ScriptedAnswer};
use phone_verify::config::BaseUrl;
use phone_verify::senders::SendOutcome;
use phone_verify::senders::twilio::Patience;
use phone_verify_domain::{Channel, DeliveryReason, ErrorCode};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::time::Instant;

const CHANNELS: [Channel; 2] = [Channel::Sms, Channel::Call];

fn answer(status: u16, code: Option<u32>) -> Behaviour {
    Behaviour {
        answer: Some(ScriptedAnswer {
            status,
            code,
            message: None,
            headers: BTreeMap::new(),
        }),
        ..Behaviour::default()
    }
}

fn throttled(times: u32, retry_after: Option<&str>) -> Behaviour {
    let mut behaviour = answer(429, Some(20429));
    behaviour.times = Some(times);
    if let (Some(answer), Some(seconds)) = (&mut behaviour.answer, retry_after) {
        answer
            .headers
            .insert("Retry-After".to_owned(), seconds.to_owned());
    }
    behaviour
}

/// Sends once on each channel and expects `unknown`, one request, and what the fake may have delivered.
async fn is_unknown_and_never_repeated(fake: &FakeTwilio, senders: &Senders, what: &str) {
    for channel in CHANNELS {
        let (requests, sent) = (fake.requests().len(), fake.sent_to(TO).len());
        assert_eq!(
            senders.send(channel, TO).await,
            SendOutcome::Unknown,
            "{what}, {channel}"
        );
        assert_eq!(fake.requests().len() - requests, 1, "{what}, {channel}");
        assert_eq!(fake.sent_to(TO).len() - sent, 1, "{what}, {channel}");
    }
}

#[tokio::test]
async fn server_errors_leave_it_unknown() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for (status, code) in [
        (500, None),
        (500, Some(20500)),
        (502, None),
        (503, Some(20503)),
        (504, None),
    ] {
        fake.behave(answer(status, code));
        is_unknown_and_never_repeated(&fake, &senders, &status.to_string()).await;
        fake.behave_well();
    }
}

#[tokio::test]
async fn broken_answers_leave_it_unknown() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for fault in [Fault::Drop, Fault::Half, Fault::Garbage] {
        fake.behave(Behaviour {
            fault: Some(fault),
            ..Behaviour::default()
        });
        is_unknown_and_never_repeated(&fake, &senders, &format!("{fault:?}")).await;
        fake.behave_well();
        // The next one goes through: a broken connection is not used again.
        let outcome = senders.send(Channel::Sms, TO).await;
        assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_slow_twilio_leaves_it_unknown_in_time() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), None, SHORT);
    fake.behave(Behaviour {
        delay_ms: 5_000,
        ..Behaviour::default()
    });
    let started = Instant::now();
    is_unknown_and_never_repeated(&fake, &senders, "slow").await;
    assert!(started.elapsed() < SHORT.overall * 2, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fake = FakeTwilio::start().await.unwrap();
    let elsewhere = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for status in [301, 302, 303, 307, 308] {
        let mut behaviour = answer(status, None);
        if let Some(answer) = &mut behaviour.answer {
            let location = format!("{}/2010-04-01/Accounts/x/Messages.json", elsewhere.url());
            answer.headers.insert("Location".to_owned(), location);
        }
        fake.behave(behaviour);
        is_unknown_and_never_repeated(&fake, &senders, &status.to_string()).await;
        fake.behave_well();
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn too_many_requests_are_asked_again_and_one_message_goes_out() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for (refusals, channel) in [(1, Channel::Sms), (2, Channel::Sms), (1, Channel::Call)] {
        let (requests, sent) = (fake.requests().len(), fake.sent_to(TO).len());
        fake.behave(throttled(refusals, None));
        let outcome = senders.send(channel, TO).await;
        assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
        assert_eq!(fake.requests().len() - requests, refusals as usize + 1);
        assert_eq!(fake.sent_to(TO).len() - sent, 1);
    }
}

#[tokio::test]
async fn after_three_refusals_it_is_not_sent() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    fake.behave(throttled(100, None));
    assert_eq!(senders.send(Channel::Sms, TO).await, SendOutcome::NotSent);
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(fake.sent().len(), 0);
}

#[tokio::test]
async fn a_429_without_a_code_is_asked_again_too() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    let mut behaviour = answer(429, None);
    behaviour.times = Some(1);
    fake.behave(behaviour);
    let outcome = senders.send(Channel::Sms, TO).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(fake.sent_to(TO).len(), 1);
}

#[tokio::test]
async fn retry_after_is_honoured_or_nothing_is_asked_again() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    fake.behave(throttled(1, Some("1")));
    let started = Instant::now();
    let outcome = senders.send(Channel::Sms, TO).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    assert!(started.elapsed() >= Duration::from_secs(1));

    for too_long in ["5", "3600", "Wed, 21 Oct 2099 07:28:00 GMT"] {
        let requests = fake.requests().len();
        fake.behave(throttled(1, Some(too_long)));
        let started = Instant::now();
        assert_eq!(senders.send(Channel::Sms, TO).await, SendOutcome::NotSent);
        assert!(started.elapsed() < Duration::from_secs(1));
        assert_eq!(fake.requests().len() - requests, 1);
        fake.behave_well();
    }
}

#[tokio::test]
async fn a_fault_after_too_many_requests_ends_the_asking() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    fake.behave(throttled(1, None));
    fake.behave(Behaviour {
        fault: Some(Fault::Drop),
        ..Behaviour::default()
    });
    assert_eq!(senders.send(Channel::Sms, TO).await, SendOutcome::Unknown);
    assert_eq!(fake.requests().len(), 2);
    assert_eq!(fake.sent_to(TO).len(), 1);
}

#[tokio::test]
async fn refused_connections_are_tried_twice_and_it_is_not_sent() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    // A connection from before must not save it.
    senders.send(Channel::Sms, TO).await;
    fake.refuse_for(Duration::from_secs(2));
    tokio::time::sleep(Duration::from_millis(300)).await;
    for channel in CHANNELS {
        assert_eq!(senders.send(channel, TO).await, SendOutcome::NotSent);
    }
    assert_eq!(fake.sent_to(TO).len(), 1);
}

#[tokio::test]
async fn names_that_lead_nowhere_are_not_sent_to() {
    let fake = FakeTwilio::start().await.unwrap();
    let mut config = config(&fake);
    config.api_url = BaseUrl::parse("http://nowhere.invalid");
    let senders = Senders::new(&config, None, Patience::default());
    assert_eq!(senders.send(Channel::Sms, TO).await, SendOutcome::NotSent);
}

#[tokio::test]
async fn without_tls_nothing_is_sent_and_it_is_tried_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = tokio::spawn(async move {
        let mut connections = 0;
        while let Ok(Ok((mut stream, _))) =
            tokio::time::timeout(Duration::from_secs(1), listener.accept()).await
        {
            connections += 1;
            let mut hello = [0; 1024];
            let read = stream.read(&mut hello).await.unwrap();
            // A TLS handshake, and not a word of HTTP.
            assert_eq!(hello[0], 0x16);
            assert!(!hello[..read].windows(4).any(|bytes| bytes == b"POST"));
        }
        connections
    });
    let fake = FakeTwilio::start().await.unwrap();
    let mut config = config(&fake);
    config.api_url = BaseUrl::parse(&format!("https://{address}"));
    let senders = Senders::new(&config, None, Patience::default());
    assert_eq!(senders.send(Channel::Sms, TO).await, SendOutcome::NotSent);
    assert_eq!(connections.await.unwrap(), 2);
}

#[tokio::test]
async fn a_refusal_whose_body_breaks_off_is_still_a_refusal() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    let mut behaviour = answer(400, Some(21211));
    behaviour.fault = Some(Fault::Half);
    fake.behave(behaviour);
    assert_eq!(
        senders.send(Channel::Sms, TO).await,
        SendOutcome::Rejected {
            reason: Some(DeliveryReason::Sender),
            error: Some(ErrorCode::SenderUnavailable),
        }
    );
    assert_eq!(fake.requests().len(), 1);
}
