//! The log names Twilio's code and the delivery, and never a number, a text or a secret.

use crate::support::{DELIVERY, Senders, TO, config};
use fake_twilio::{Behaviour, FakeTwilio, Fault, ScriptedAnswer};
use phone_verify::senders::twilio::Patience;
use phone_verify_domain::Channel;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing::instrument::WithSubscriber as _;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sends on both channels, logs everything down to `trace`, and returns the log.
async fn log_of(senders: &Senders) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    async {
        senders.send(Channel::Sms, TO).await;
        senders.send(Channel::Call, TO).await;
    }
    .with_subscriber(subscriber)
    .await;
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn holds_nothing_private(fake: &FakeTwilio, log: &str) {
    for private in ["2025550134", "012345", "is your", &fake.account().auth_token] {
        assert!(!log.contains(private), "{private} in {log}");
    }
}

#[tokio::test]
async fn failures_are_logged_by_their_codes() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), None, Patience::default());
    for code in [20003, 21211, 21408, 21606, 21610, 30450, 99_999] {
        fake.behave(Behaviour {
            answer: Some(ScriptedAnswer {
                status: 400,
                code: Some(code),
                message: Some(format!(
                    "The number {TO} is wrong, the body was: 012345 is your code"
                )),
                headers: BTreeMap::new(),
            }),
            ..Behaviour::default()
        });
        let log = log_of(&senders).await;
        fake.behave_well();
        holds_nothing_private(&fake, &log);
        assert!(log.contains(&code.to_string()), "{log}");
        assert!(log.contains(DELIVERY), "{log}");
        let is_operators = matches!(code, 20003 | 21408 | 21606 | 99_999);
        assert_eq!(log.contains("ERROR"), is_operators, "{code}: {log}");
        assert_eq!(log.contains("advice="), is_operators, "{code}: {log}");
    }
}

#[tokio::test]
async fn faults_and_successes_are_as_silent_about_people() {
    let fake = FakeTwilio::start().await.unwrap();
    let senders = Senders::new(&config(&fake), None, Patience::default());
    holds_nothing_private(&fake, &log_of(&senders).await);
    for fault in [Fault::Drop, Fault::Half, Fault::Garbage] {
        fake.behave(Behaviour {
            fault: Some(fault),
            ..Behaviour::default()
        });
        let log = log_of(&senders).await;
        fake.behave_well();
        holds_nothing_private(&fake, &log);
        assert!(log.contains("WARN") && log.contains(DELIVERY), "{log}");
    }
}
