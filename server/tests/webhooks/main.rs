//! Events told to a site's own server, over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../harness/mod.rs"]
mod harness;
#[expect(dead_code, reason = "the programs' own tests use the rest")]
#[path = "../program/process.rs"]
mod process;
mod receiver;

use harness::{NUMBER, TestServer};
use phone_verify::store::{KeptWebhook, Store};
use process::Program;
use receiver::{Got, Receiver};
use serde_json::json;
use standardwebhooks::Webhook;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn server(receiver: &Receiver, more: &[(&str, &str)]) -> TestServer {
    let settings = [
        ("SITES__0__KEY", "demo"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__ORIGINS", "loopback"),
        ("SITES__0__WEBHOOK_URL", receiver.url.as_str()),
        ("SITES__0__WEBHOOK_SECRET", SECRET),
    ];
    TestServer::with(&[&settings[..], more].concat()).await
}

fn kinds(got: &[Got]) -> BTreeSet<String> {
    got.iter().map(Got::kind).collect()
}

#[tokio::test]
async fn a_site_is_told_of_a_whole_verification_and_never_of_a_code_or_a_number() {
    let receiver = Receiver::open().await;
    let server = server(&receiver, &[]).await;
    let started = server.started(NUMBER).await;
    let code = server.outbox().await[0]["code"].as_str().unwrap().to_owned();
    assert_eq!(server.check(&started, &code).await.status, 200);
    let got = receiver.until(|got| got.len() == 3).await;
    assert_eq!(
        kinds(&got),
        ["delivery.sent", "verification.approved", "verification.started"]
            .map(str::to_owned)
            .into()
    );
    for got in &got {
        let event = got.json();
        assert_eq!(event["timestamp"], "2027-01-15T08:00:00Z");
        let data = &event["data"];
        assert_eq!(data["verification_id"], started.id.as_str());
        assert_eq!(
            (&data["site_key"], &data["channel"], &data["country"]),
            (&json!("demo"), &json!("sms"), &json!("US"))
        );
        assert_eq!(data["phone_number_index"].as_str().unwrap().len(), 64);
        assert!(
            !got.body.contains(&code) && !got.body.contains(&NUMBER[1..]),
            "{}",
            got.body
        );
        assert_eq!(got.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_number_is_told_where_the_site_asks_for_it_and_only_the_events_that_it_names() {
    let receiver = Receiver::open().await;
    let settings = [
        ("SITES__0__TOKEN_NUMBER", "true"),
        (
            "SITES__0__WEBHOOK_EVENTS",
            "verification.started,verification.approved",
        ),
    ];
    let server = server(&receiver, &settings).await;
    let started = server.started(NUMBER).await;
    let code = server.outbox().await[0]["code"].as_str().unwrap().to_owned();
    let path = format!("/v1/verifications/{}/check", started.id);
    let body = json!({ "code": code, "phone_number": NUMBER });
    let request = server.request(reqwest::Method::POST, &path);
    let reply = harness::Reply::of(request.bearer_auth(&started.secret).json(&body)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let got = receiver.until(|got| got.len() == 2).await;
    assert_eq!(
        kinds(&got),
        ["verification.approved", "verification.started"]
            .map(str::to_owned)
            .into()
    );
    for got in got {
        assert_eq!(got.json()["data"]["phone_number"], NUMBER);
    }
}

/// Waits until each of the two events' attempts were so many in the database.
async fn until_written_down(store: &dyn Store, attempts: usize) {
    for _ in 0..400 {
        let events = store.webhooks(None, 10).await.unwrap();
        let tried = |event: &KeptWebhook| usize::try_from(event.attempts) == Ok(attempts);
        if events.iter().filter(|event| tried(event)).count() == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("attempt {attempts} was never written down");
}

#[tokio::test]
async fn an_hour_without_a_receiver_loses_nothing() {
    let receiver = Receiver::open().await;
    receiver.answers(503);
    let server = server(&receiver, &[]).await;
    let store = server.store().await;
    server.started(NUMBER).await;
    for (attempts, pause) in [(1, 0), (2, 2), (3, 5), (4, 30), (5, 300), (6, 1_800)] {
        server.clock.advance(Duration::from_secs(pause));
        receiver.until(|got| got.len() == 2 * attempts).await;
        // The pause is counted from when the server wrote the failure down, not from when the receiver said no.
        until_written_down(store.as_ref(), attempts).await;
    }
    server.clock.advance(Duration::from_mins(25));
    receiver.answers(200);
    server.clock.advance(Duration::from_mins(95));
    let all_taken = |got: &[Got]| {
        let taken = got.iter().filter(|got| got.answer.is_success());
        let taken: BTreeSet<&str> = taken.map(Got::id).collect();
        got.iter().all(|got| taken.contains(got.id()))
    };
    let got = receiver.until(all_taken).await;
    // Each came under one name, with the same words, and was signed anew.
    let mut events: BTreeMap<&str, Vec<&Got>> = BTreeMap::new();
    for got in &got {
        events.entry(got.id()).or_default().push(got);
    }
    // The expiry may have come meanwhile.
    assert!((2..=3).contains(&events.len()), "{}", events.len());
    for attempts in events.values() {
        let bodies: BTreeSet<&str> = attempts.iter().map(|got| got.body.as_str()).collect();
        let signed: BTreeSet<&str> = attempts
            .iter()
            .map(|got| got.header("webhook-signature"))
            .collect();
        assert_eq!((bodies.len(), signed.len()), (1, attempts.len()));
        let taken = attempts.iter().filter(|got| got.answer.is_success());
        assert_eq!(taken.count(), 1);
    }
}

fn program(folder: &TempDir, receiver: &Receiver) -> Program {
    let settings = [
        ("PHONE_VERIFY__SITES__0__KEY", "demo"),
        ("PHONE_VERIFY__SITES__0__COUNTRIES", "*"),
        ("PHONE_VERIFY__SITES__0__ORIGINS", "loopback"),
        ("PHONE_VERIFY__SITES__0__WEBHOOK_URL", receiver.url.as_str()),
        ("PHONE_VERIFY__SITES__0__WEBHOOK_SECRET", SECRET),
    ];
    Program::serve(folder, &settings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_an_event_and_its_sending_loses_nothing_and_standard_webhooks_own_library_takes_it() {
    let receiver = Receiver::open().await;
    receiver.answers(503);
    let folder = TempDir::new().unwrap();
    let serving = program(&folder, &receiver);
    let body = json!({ "site_key": "demo", "phone_number": NUMBER, "channel": "sms" });
    let request = process::client().post(format!("{}/v1/verifications", serving.url));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 201);
    serving.end("KILL");
    receiver.answers(200);
    let serving = program(&folder, &receiver);
    let taken = |got: &[Got]| {
        let taken = got.iter().filter(|got| got.answer.is_success());
        taken.map(Got::kind).collect::<BTreeSet<_>>().len()
    };
    let got = receiver.until(|got| taken(got) == 2).await;
    drop(serving);

    let library = Webhook::new(SECRET).unwrap();
    for got in got {
        library.verify(got.body.as_bytes(), &got.headers).unwrap();
        let tampered = got.body.replace("demo", "other");
        assert!(library.verify(tampered.as_bytes(), &got.headers).is_err());
        for header in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut headers = got.headers.clone();
            let other = match header {
                "webhook-timestamp" => (got.header(header).parse::<i64>().unwrap() + 1).to_string(),
                _ => format!("{}0", got.header(header)),
            };
            headers.insert(header, other.parse().unwrap());
            assert!(library.verify(got.body.as_bytes(), &headers).is_err(), "{header}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_lists_events_and_sends_them_again() {
    let receiver = Receiver::open().await;
    let folder = TempDir::new().unwrap();
    let serving = program(&folder, &receiver);
    let body = json!({ "site_key": "demo", "phone_number": NUMBER, "channel": "sms" });
    let request = process::client().post(format!("{}/v1/verifications", serving.url));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 201);
    let got = receiver.until(|got| got.len() == 2).await;
    let id = got[0].id();
    let listed = Program::run(&folder, &["webhooks", "list"], &[]);
    let line = listed.output.lines().find(|line| line.starts_with(id));
    assert!(
        line.is_some_and(|line| line.contains(&got[0].kind())),
        "{listed:?}"
    );
    assert!(!listed.output.contains(&NUMBER[1..]), "{listed:?}");
    let replayed = Program::run(&folder, &["webhooks", "replay", id], &[]);
    assert_eq!(replayed.output, "1 are due\n");
    let got = receiver.until(|got| got.len() == 3).await;
    assert_eq!((got[2].id(), &got[2].body), (got[0].id(), &got[0].body));
}
