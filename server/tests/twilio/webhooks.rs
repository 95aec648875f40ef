//! What Twilio asks of the server: signed reports move a delivery, everything unsigned is refused. Fault F21: twice, out of
//! order, early and late.

use crate::harness::{BrokenStore, NUMBER, Reply, TestServer};
use crate::world::{INCOMING, SECOND_TOKEN, World};
use fake_twilio::{Behaviour, CallbackRecord, FakeTwilio, ScriptedCallback, WebhookCall};
use phone_verify::compose::Overrides;
use reqwest::Method;
use std::sync::Arc;
use std::time::Duration;

const ROUTES: [&str; 4] = [
    "/twilio/messages/status",
    "/twilio/calls/status",
    "/twilio/messages/inbound",
    "/twilio/calls/inbound",
];

/// States of a message or call, with Twilio's error code.
type States<'a> = &'a [(&'a str, Option<u32>)];

fn callbacks(states: States<'_>, early: bool) -> Behaviour {
    Behaviour {
        callbacks: states
            .iter()
            .map(|(status, error_code)| ScriptedCallback {
                status: (*status).to_owned(),
                error_code: *error_code,
                after_ms: 0,
                early,
            })
            .collect(),
        ..Behaviour::default()
    }
}

/// Waits until the fake has made so many callbacks, all of which must have been answered with 204.
async fn reported(fake: &FakeTwilio, count: usize) -> Vec<CallbackRecord> {
    for _ in 0..100 {
        let callbacks = fake.callbacks();
        if callbacks.len() >= count {
            for callback in &callbacks {
                assert_eq!(callback.status, Some(204), "{callback:?}");
                assert_eq!(callback.body, "");
            }
            return callbacks;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("only {} callbacks", fake.callbacks().len());
}

fn is(state: &str, reason: Option<&str>) -> (String, Option<String>) {
    (state.to_owned(), reason.map(str::to_owned))
}

#[tokio::test]
async fn a_delivery_follows_what_twilio_reports() {
    let world = World::public().await;
    let cases: [(&str, States<'_>, _); 8] = [
        (
            "sms",
            &[("sent", None), ("delivered", None)],
            is("delivered", None),
        ),
        ("sms", &[("sending", None), ("sent", None)], is("accepted", None)),
        (
            "sms",
            &[("undelivered", Some(30006))],
            is("undelivered", Some("not_textable")),
        ),
        (
            "sms",
            &[("failed", Some(30003))],
            is("undelivered", Some("unreachable")),
        ),
        (
            "sms",
            &[("delivered", None), ("sent", None), ("failed", None)],
            is("delivered", None),
        ),
        (
            "call",
            &[("ringing", None), ("in-progress", None), ("completed", None)],
            is("delivered", None),
        ),
        ("call", &[("busy", None)], is("undelivered", Some("busy"))),
        (
            "call",
            &[("initiated", None), ("no-answer", None)],
            is("undelivered", Some("no_answer")),
        ),
    ];
    let mut made = 0;
    for (index, (channel, states, expected)) in cases.into_iter().enumerate() {
        world.fake.behave(callbacks(states, false));
        let (started, _) = world.start(&format!("+1202555014{index}"), channel).await;
        world.fake.behave_well();
        made += states.len();
        reported(&world.fake, made).await;
        assert_eq!(world.delivery(&started).await, expected, "{states:?}");
    }
}

#[tokio::test]
async fn a_report_that_comes_before_twilios_own_answer_counts() {
    let world = World::public().await;
    world
        .fake
        .behave(callbacks(&[("sent", None), ("delivered", None)], true));
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(view["delivery"]["state"], "delivered");
    assert_eq!(world.delivery(&started).await, is("delivered", None));
    reported(&world.fake, 2).await;
}

#[tokio::test]
async fn a_report_resolves_what_was_unknown() {
    let world = World::public().await;
    let mut behaviour = callbacks(&[("delivered", None)], false);
    behaviour.fault = Some(fake_twilio::Fault::Drop);
    behaviour.callbacks[0].after_ms = 300;
    world.fake.behave(behaviour);
    let (started, view) = world.start(NUMBER, "sms").await;
    assert_eq!(view["delivery"]["state"], "unknown");
    reported(&world.fake, 1).await;
    assert_eq!(world.delivery(&started).await, is("delivered", None));
}

/// A signed request to a route of the server, as the fake makes it.
fn signed(world: &World, target: &str, form: &[(&str, &str)]) -> WebhookCall {
    WebhookCall {
        url: format!("{}{target}", world.server.url),
        form: crate::support::pairs(form),
        ..WebhookCall::default()
    }
}

#[tokio::test]
async fn reports_of_nothing_that_is_known_are_taken_and_change_nothing() {
    let world = World::public().await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let request = &world.fake.requests()[0];
    let callback = request.parameter("StatusCallback").unwrap();
    let target = callback.strip_prefix(&world.server.url).unwrap();
    let (path, _) = target.split_once('?').unwrap();
    let report = [("MessageSid", "SM0"), ("MessageStatus", "delivered")];
    let no_status = [("MessageSid", "SM0")];
    let nowhere = format!("{path}?verification=0&delivery=%27");
    for call in [
        signed(&world, target, &report),
        signed(&world, path, &report),
        signed(&world, &nowhere, &report),
        signed(&world, target, &no_status),
        signed(&world, target, &[]),
        WebhookCall {
            json: Some("{\"a\": 1}".to_owned()),
            ..signed(&world, target, &[])
        },
    ] {
        let record = world.fake.call_webhook(call).await;
        assert_eq!(record.status, Some(204), "{record:?}");
    }
    assert_eq!(world.delivery(&started).await, is("accepted", None));
}

#[tokio::test]
async fn whatever_is_not_signed_by_twilio_is_forbidden_and_does_nothing() {
    let world = World::public().await;
    let (started, _) = world.start(NUMBER, "sms").await;
    let sid = world.only_sent_to(NUMBER).sid;
    let request = &world.fake.requests()[0];
    let callback = request.parameter("StatusCallback").unwrap();
    let target = callback.strip_prefix(&world.server.url).unwrap();
    let report = [("MessageSid", sid.as_str()), ("MessageStatus", "failed")];
    let good = || signed(&world, target, &report);
    for call in [
        WebhookCall {
            unsigned: true,
            ..good()
        },
        WebhookCall {
            signature: Some(String::new()),
            ..good()
        },
        WebhookCall {
            signature: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned()),
            ..good()
        },
        WebhookCall {
            auth_token: Some("a wrong token".to_owned()),
            ..good()
        },
        WebhookCall {
            signed_url: Some(callback.replace("http://", "https://")),
            ..good()
        },
        WebhookCall {
            signed_url: Some(format!("{callback}&more=1")),
            ..good()
        },
        // Signed for another route.
        WebhookCall {
            signed_url: Some(callback.replace("messages", "calls")),
            ..good()
        },
    ] {
        let record = world.fake.call_webhook(call).await;
        assert_eq!(record.status, Some(403), "{record:?}");
    }
    for route in ROUTES {
        for (kind, body) in [
            ("application/json", "{}"),
            ("application/x-www-form-urlencoded", "MessageSid=SM0"),
            ("text/plain", "x"),
        ] {
            let request = world
                .server
                .request(Method::POST, route)
                .header("content-type", kind)
                .header("x-twilio-signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .body(body);
            assert_eq!(Reply::of(request).await.status, 403, "{route} {kind}");
        }
        assert_eq!(world.server.get(route).await.status, 405);
    }
    assert_eq!(world.delivery(&started).await, is("accepted", None));
    let record = world.fake.call_webhook(good()).await;
    assert_eq!(record.status, Some(204));
    assert_eq!(world.delivery(&started).await.0, "undelivered");
}

#[tokio::test]
async fn behind_a_proxy_the_public_url_is_what_is_signed_and_no_header_changes_that() {
    let public = "https://verify.example.com";
    let settings = [("HTTP__PUBLIC_URL", public), ("HTTP__TRUSTED_PROXIES", "1")];
    let world = World::with(None, &settings).await;
    let signed_for = |host: &str| WebhookCall {
        signed_url: Some(format!("{host}/twilio/messages/inbound?note=a%20b")),
        ..signed(
            &world,
            "/twilio/messages/inbound?note=a%20b",
            &[("Body", "Hello")],
        )
    };
    for (host, status) in [
        (public, 200),
        ("https://verify.example.com:443", 200),
        ("http://verify.example.com", 403),
        ("https://evil.example.com", 403),
        (world.server.url.as_str(), 403),
    ] {
        let record = world.fake.call_webhook(signed_for(host)).await;
        assert_eq!(record.status, Some(status), "{host}");
    }
    let form = crate::support::pairs(&[("Body", "Hello")]);
    let elsewhere = fake_twilio::sign(
        &world.fake.account().auth_token,
        "https://evil.example.com/twilio/messages/inbound",
        &form,
    );
    let request = world
        .server
        .request(Method::POST, "/twilio/messages/inbound")
        .header("x-forwarded-host", "evil.example.com")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example.com;proto=https")
        .header("x-twilio-signature", elsewhere)
        .form(&form);
    assert_eq!(Reply::of(request).await.status, 403);
}

#[tokio::test]
async fn both_auth_tokens_are_taken_while_the_account_moves() {
    let world = World::public().await;
    for (token, status) in [(None, 200), (Some(SECOND_TOKEN), 200), (Some("a third"), 403)] {
        let call = WebhookCall {
            auth_token: token.map(str::to_owned),
            ..signed(&world, "/twilio/calls/inbound", &[("CallSid", "CA0")])
        };
        assert_eq!(
            world.fake.call_webhook(call).await.status,
            Some(status),
            "{token:?}"
        );
    }
}

#[tokio::test]
async fn without_an_auth_token_everything_is_forbidden() {
    let fake = FakeTwilio::start().await.unwrap();
    let account = fake.account().clone();
    let server = TestServer::with(&[
        ("TWILIO__ACCOUNT_SID", &account.sid),
        ("TWILIO__API_KEY", &account.api_key),
        ("TWILIO__API_KEY_SECRET", &account.api_key_secret),
        ("TWILIO__FROM", "+15005550006"),
        ("TWILIO__API_URL", &fake.url()),
    ])
    .await;
    for route in ROUTES {
        for token in ["", &account.auth_token, &account.api_key_secret] {
            let record = fake
                .call_webhook(WebhookCall {
                    url: format!("{}{route}", server.url),
                    auth_token: Some(token.to_owned()),
                    ..WebhookCall::default()
                })
                .await;
            assert_eq!(record.status, Some(403), "{route}");
        }
    }
}

#[tokio::test]
async fn whoever_writes_or_calls_gets_the_one_answer_and_nothing_of_their_own() {
    let world = World::public().await;
    let form = [("From", NUMBER), ("Body", "</Message><Dial>+15005550006</Dial>")];
    let message = world
        .fake
        .call_webhook(signed(&world, "/twilio/messages/inbound", &form))
        .await;
    let call = world
        .fake
        .call_webhook(signed(&world, "/twilio/calls/inbound", &form))
        .await;
    let escaped = INCOMING
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    for (record, verb) in [(message, "Message"), (call, "Say")] {
        assert_eq!(record.status, Some(200));
        assert_eq!(record.content_type.as_deref(), Some("text/xml"));
        assert_eq!(
            record.body,
            format!("<Response><{verb}>{escaped}</{verb}></Response>")
        );
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_written_is_asked_for_again() {
    let fake = FakeTwilio::start().await.unwrap();
    let account = fake.account().clone();
    let overrides = Overrides {
        store: Some(Arc::new(BrokenStore::default())),
        ..Overrides::default()
    };
    let settings = [("TWILIO__AUTH_TOKEN", account.auth_token.as_str())];
    let server = TestServer::compose(&settings, overrides).await;
    let record = fake
        .call_webhook(WebhookCall {
            url: format!(
                "{}/twilio/messages/status?verification={}&delivery=0",
                server.url,
                "0".repeat(32)
            ),
            form: crate::support::pairs(&[("MessageSid", "SM0"), ("MessageStatus", "sent")]),
            ..WebhookCall::default()
        })
        .await;
    assert_eq!(record.status, Some(503));
}

#[tokio::test]
async fn a_body_beyond_64_kib_is_not_read() {
    let world = World::public().await;
    let long = "x".repeat(65 * 1024);
    let record = world
        .fake
        .call_webhook(signed(&world, "/twilio/messages/inbound", &[("Body", &long)]))
        .await;
    assert_eq!(record.status, Some(413));
}
