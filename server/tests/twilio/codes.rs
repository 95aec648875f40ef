//! Fault F10: every code of the failure table, every magic number, and wrong credentials: what comes out, and that nothing went out.

use crate::support::{Senders, TO, config};
use fake_twilio::{Behaviour, FakeTwilio, ScriptedAnswer};
use phone_verify::senders::SendOutcome;
use phone_verify::senders::twilio::Patience;
use phone_verify::senders::twilio::error::{Reaction, TABLE};
use phone_verify_domain::{Channel, DeliveryReason, ErrorCode};
use std::collections::BTreeMap;

fn rejected(reason: DeliveryReason, error: Option<ErrorCode>) -> SendOutcome {
    SendOutcome::Rejected {
        reason: Some(reason),
        error,
    }
}

fn invalid_number() -> SendOutcome {
    SendOutcome::Rejected {
        reason: None,
        error: Some(ErrorCode::InvalidNumber),
    }
}

#[tokio::test]
async fn every_code_of_the_table_is_decided_by_its_number_after_one_request() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for &(code, reaction) in TABLE {
        let before = fake.requests().len();
        fake.behave(Behaviour {
            times: Some(3),
            answer: Some(ScriptedAnswer {
                status: 400,
                code: Some(code),
                message: Some("Texts decide nothing: authenticated, queued, 21211, 20003".to_owned()),
                headers: BTreeMap::new(),
            }),
            ..Behaviour::default()
        });
        for channel in [Channel::Sms, Channel::Call] {
            if reaction == Reaction::Throttled && channel == Channel::Call {
                continue;
            }
            assert_eq!(
                senders.send(channel, TO).await,
                reaction.outcome(),
                "{code} {channel}"
            );
        }
        fake.behave_well();
        let requests = fake.requests().len() - before;
        let expected = if reaction == Reaction::Throttled { 3 } else { 2 };
        assert_eq!(requests, expected, "{code}");
    }
    assert_eq!(fake.sent().len(), 0);
}

#[tokio::test]
async fn the_magic_numbers_lead_where_their_codes_lead() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    for (channel, to, outcome) in [
        (Channel::Sms, "+15005550001", invalid_number()),
        (
            Channel::Sms,
            "+15005550002",
            rejected(DeliveryReason::NotTextable, None),
        ),
        (
            Channel::Sms,
            "+15005550003",
            rejected(DeliveryReason::NotServed, Some(ErrorCode::CountryNotServed)),
        ),
        (
            Channel::Sms,
            "+15005550004",
            rejected(DeliveryReason::OptedOut, Some(ErrorCode::OptedOut)),
        ),
        (
            Channel::Sms,
            "+15005550009",
            rejected(DeliveryReason::NotTextable, None),
        ),
        (Channel::Call, "+15005550001", invalid_number()),
        (
            Channel::Call,
            "+15005550002",
            rejected(DeliveryReason::Unreachable, None),
        ),
        (
            Channel::Call,
            "+15005550003",
            rejected(DeliveryReason::NotServed, Some(ErrorCode::CountryNotServed)),
        ),
        (
            Channel::Call,
            "+15005550004",
            rejected(DeliveryReason::Blocked, None),
        ),
    ] {
        assert_eq!(senders.send(channel, to).await, outcome, "{channel} {to}");
    }
    for (from, sms, call) in [
        ("+15005550001", SendOutcome::Unusable, SendOutcome::Unusable),
        ("+15005550007", SendOutcome::Unusable, SendOutcome::Unusable),
        ("+15005550008", SendOutcome::NotSent, SendOutcome::Unusable),
    ] {
        let mut config = config(&fake);
        config.from = Some(from.to_owned());
        let senders = Senders::new(&config, None, Patience::default());
        assert_eq!(senders.send(Channel::Sms, TO).await, sms, "{from}");
        assert_eq!(senders.send(Channel::Call, TO).await, call, "{from}");
    }
    assert_eq!(fake.sent().len(), 0);
    assert_eq!(fake.violations(), [""; 0]);
}

#[tokio::test]
async fn wrong_credentials_are_the_operators_matter() {
    let fake = FakeTwilio::start().await.unwrap();
    let mut wrong_token = config(&fake);
    wrong_token.auth_token = Some("wrong".to_owned().into());
    let mut wrong_account = config(&fake);
    wrong_account.account_sid = Some(format!("AC{}", "f".repeat(32)));
    let mut wrong_secret = config(&fake);
    wrong_secret.api_key = Some(fake.account().api_key.clone());
    wrong_secret.api_key_secret = Some("wrong".to_owned().into());
    for config in [wrong_token, wrong_account, wrong_secret] {
        let senders = Senders::new(&config, None, Patience::default());
        for channel in [Channel::Sms, Channel::Call] {
            assert_eq!(senders.send(channel, TO).await, SendOutcome::Unusable);
        }
    }
    assert_eq!(fake.requests().len(), 6);
    assert_eq!(fake.sent().len(), 0);
}
