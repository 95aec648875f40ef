use crate::world::{NUMBER, OTHER_NUMBER, World, caller, check, code_of, resend, start};
use phone_verify::senders::SendOutcome;
use phone_verify_domain::{ErrorCode, Start, Verifier};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn nothing_secret_can_be_printed() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let record = world.store.find(started.id).await.unwrap().unwrap();
    let index = hex::encode(record.number.0);
    let printed = format!(
        "{record:?} {:?} {:?} {:?}",
        started.secret, world.keys, world.sites
    );
    for secret in [
        started.code.as_str(),
        started.secret.expose(),
        "2025550134",
        "demo-secret",
        &index,
    ] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    let error = world
        .engine
        .start(&caller(), start("+1 202 555 013"))
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("202"), "{error:?}");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn at_no_level_is_a_code_a_number_or_a_secret_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        // Six digits of a second might be somebody's code.
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let world = World::new().await;
    let request = Start {
        nonce: Some("nonce-of-the-session".to_owned()),
        ..start("+1 (202) 555-0134")
    };
    let started = world.started_by(request).await;
    started.resend(resend(NUMBER)).await.unwrap();
    assert_eq!(
        code_of(started.resend(resend(OTHER_NUMBER)).await),
        ErrorCode::NumberMismatch
    );
    world.sms.answer([SendOutcome::NotSent]);
    assert_eq!(
        code_of(started.resend(resend(NUMBER)).await),
        ErrorCode::SenderUnavailable
    );
    let wrong = started.wrong(0);
    assert_eq!(code_of(started.check(&wrong).await), ErrorCode::WrongCode);
    let token = started.approve().await.token.unwrap();
    let ended = world
        .engine
        .check(&caller(), started.id, &started.secret, check(&wrong))
        .await;
    assert_eq!(code_of(ended), ErrorCode::AlreadyApproved);

    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("asked to send a code"), "the log is seen");
    for secret in [
        started.code.as_str(),
        wrong.as_str(),
        started.secret.expose(),
        token.as_str(),
        "2025550134",
        "5550134",
        "5550135",
        "nonce-of-the-session",
    ] {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
}
