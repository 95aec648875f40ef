//! What Twilio is asked, to the letter.

use crate::support::{DELIVERY, Senders, TO, VERIFICATION, config, pairs};
use fake_twilio::FakeTwilio;
use phone_verify::config::{AddressRetention, ContentRetention, RiskCheck};
use phone_verify::senders::twilio::Patience;
use phone_verify::senders::{SendOutcome, Sender};
use phone_verify_domain::Channel;

const PUBLIC: &str = "https://verify.example.com";

#[tokio::test]
async fn a_message_carries_these_parameters_and_no_others() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    assert_eq!(senders.messages.name(), "messages");
    let outcome = senders.send(Channel::Sms, TO).await;

    let sent = fake.sent_to(TO);
    assert_eq!(sent.len(), 1);
    assert_eq!(
        outcome,
        SendOutcome::Accepted {
            reference: sent[0].sid.clone()
        }
    );
    let [request] = &fake.requests()[..] else {
        panic!("not one request")
    };
    let account = &fake.account().sid;
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.path,
        format!("/2010-04-01/Accounts/{account}/Messages.json")
    );
    assert!(request.query.is_empty());
    assert_eq!(request.user.as_ref(), Some(account));
    assert_eq!(
        request.form,
        pairs(&[
            ("To", TO),
            ("From", "+15005550006"),
            (
                "Body",
                "012345 is your Tom & Jerry <shop> code. Do not share it with anybody."
            ),
            ("ValidityPeriod", "599"),
        ])
    );
    assert_eq!(request.violations, [""; 0]);
    assert_eq!(fake_twilio::segments(request.parameter("Body").unwrap()), 1);
}

#[tokio::test]
async fn a_messaging_service_comes_before_the_number() {
    let fake = FakeTwilio::start().await.unwrap();
    let service = format!("MG{}", "0".repeat(32));
    let mut config = config(&fake);
    config.messaging_service_sid = Some(service.clone());
    let senders = Senders::new(&config, None, Patience::default());
    let outcome = senders.send(Channel::Sms, TO).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }));
    let request = &fake.requests()[0];
    assert_eq!(request.parameter("MessagingServiceSid"), Some(service.as_str()));
    assert_eq!(request.parameter("From"), None);
    // A call still needs the number: Twilio's Calls know no services.
    senders.send(Channel::Call, TO).await;
    assert_eq!(fake.requests()[1].parameter("From"), Some("+15005550006"));
    assert_eq!(fake.violations(), [""; 0]);
}

#[tokio::test]
async fn an_api_key_asks_in_the_accounts_path() {
    let fake = FakeTwilio::start().await.unwrap();
    let mut config = config(&fake);
    config.auth_token = None;
    config.api_key = Some(fake.account().api_key.clone());
    config.api_key_secret = Some(fake.account().api_key_secret.clone().into());
    let senders = Senders::new(&config, None, Patience::default());
    for channel in [Channel::Sms, Channel::Call] {
        let outcome = senders.send(channel, TO).await;
        assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    }
    for request in fake.requests() {
        assert_eq!(request.user.as_ref(), Some(&fake.account().api_key));
        assert!(request.path.contains(&fake.account().sid));
    }
}

#[tokio::test]
async fn a_call_speaks_the_code_three_times() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::to(&fake);
    assert_eq!(senders.calls.name(), "calls");
    let outcome = senders.send(Channel::Call, TO).await;

    let sent = fake.sent_to(TO);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].code.as_deref(), Some("012345"));
    assert_eq!(
        outcome,
        SendOutcome::Accepted {
            reference: sent[0].sid.clone()
        }
    );
    let request = &fake.requests()[0];
    assert_eq!(
        request.path,
        format!("/2010-04-01/Accounts/{}/Calls.json", fake.account().sid)
    );
    let twiml = request.parameter("Twiml").unwrap();
    assert!(twiml.contains("Tom &amp; Jerry &lt;shop&gt;"), "{twiml}");
    assert_eq!(
        request.form,
        pairs(&[
            ("To", TO),
            ("From", "+15005550006"),
            ("Twiml", twiml),
            ("Timeout", "25"),
            ("TimeLimit", "120"),
        ])
    );
    assert_eq!(request.violations, [""; 0]);
}

#[tokio::test]
async fn reports_are_asked_for_where_there_is_a_public_url() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), Some(PUBLIC), Patience::default());
    senders.send(Channel::Sms, TO).await;
    senders.send(Channel::Call, TO).await;
    let [message, call] = &fake.requests()[..] else {
        panic!("not two requests")
    };
    assert_eq!(
        message.form.last().unwrap().clone(),
        (
            "StatusCallback".to_owned(),
            format!("{PUBLIC}/twilio/messages/status?verification={VERIFICATION}&delivery={DELIVERY}")
        )
    );
    assert_eq!(
        call.form[5..],
        pairs(&[
            (
                "StatusCallback",
                &format!("{PUBLIC}/twilio/calls/status?verification={VERIFICATION}&delivery={DELIVERY}")
            ),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
        ])
    );
    assert_eq!(fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_host_that_twilio_refuses_is_not_named() {
    let fake = FakeTwilio::start().await.unwrap();
    let public = Some("https://my_verify.example.com");
    let senders = Senders::new(&config(&fake), public, Patience::default());
    let outcome = senders.send(Channel::Sms, TO).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    assert_eq!(fake.requests()[0].parameter("StatusCallback"), None);
}

#[tokio::test]
async fn no_url_holds_the_code_or_the_number() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), Some(PUBLIC), Patience::default());
    senders.send(Channel::Sms, TO).await;
    senders.send(Channel::Call, TO).await;
    for request in fake.requests() {
        let callback = request.parameter("StatusCallback").unwrap();
        for url in [request.path.as_str(), callback] {
            assert!(!url.contains("012345") && !url.contains("2025550134"), "{url}");
        }
    }
}

#[tokio::test]
async fn what_settings_say_of_risk_and_retention_goes_with_every_message_and_no_call() {
    let fake = FakeTwilio::start().await.unwrap();
    let mut config = config(&fake);
    config.risk_check = Some(RiskCheck::Disable);
    config.content_retention = Some(ContentRetention::Discard);
    config.address_retention = Some(AddressRetention::Obfuscate);
    let senders = Senders::new(&config, None, Patience::default());
    senders.send(Channel::Sms, TO).await;
    senders.send(Channel::Call, TO).await;
    let [message, call] = &fake.requests()[..] else {
        panic!("not two requests")
    };
    for (name, value) in [
        ("RiskCheck", "disable"),
        ("ContentRetention", "discard"),
        ("AddressRetention", "obfuscate"),
    ] {
        assert_eq!(message.parameter(name), Some(value));
        assert_eq!(call.parameter(name), None);
    }
    assert_eq!(fake.violations(), [""; 0]);
}
