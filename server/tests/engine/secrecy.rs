use crate::world::{NUMBER, OTHER_NUMBER, Settings, World, caller, check, code_of, resend, site, start};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use phone_verify::hosts::NewSession;
use phone_verify::senders::SendOutcome;
use phone_verify::sites::Site;
use phone_verify_domain::{ErrorCode, SiteKey, Start, Verifier};
use std::io::Write;
use std::path::Path;
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

/// What must not be found anywhere, gathered as it is used.
#[derive(Default)]
struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    fn used(&mut self, secret: impl AsRef<[u8]>) {
        self.0.push(secret.as_ref().to_vec());
    }

    /// Those that are in `text`.
    fn found_in(&self, text: &[u8]) -> Vec<String> {
        let is_in = |secret: &&Vec<u8>| text.windows(secret.len()).any(|part| part == secret.as_slice());
        let found = self.0.iter().filter(is_in);
        found
            .map(|secret| String::from_utf8_lossy(secret).into_owned())
            .collect()
    }
}

/// Numbers as people write them, in full and in part.
const DIGITS: [&str; 4] = ["2025550134", "5550134", "2025550135", "5550135"];

/// All that a site's pages and its server do in a day: wrong numbers and codes, refusals, a session, a claim, an erasure.
async fn a_day(world: &World, site_key: &str, secrets: &mut Secrets) {
    let site = world
        .sites
        .get(&SiteKey::parse(site_key).unwrap())
        .unwrap()
        .clone();
    let desk = world.desk();
    let new = NewSession {
        subject: "17".to_owned(),
        ..NewSession::default()
    };
    let session = desk.open_session(&site, new).await.unwrap().session;
    secrets.used(session.as_bytes());
    let request = Start {
        site_key: SiteKey::parse(site_key),
        session: Some(session.to_string()),
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
    let state = desk.session_state(&site, &session).await.unwrap();
    let shown = state.token.unwrap();
    let held = desk.claim_number(&site, "17", &token).await.unwrap();
    assert_eq!(held.phone_number.is_some(), site.keeps_numbers);
    for used in [
        started.code.as_str(),
        &wrong,
        started.secret.expose(),
        &token,
        &shown,
    ] {
        secrets.used(used);
    }
    let other = Start {
        site_key: SiteKey::parse(site_key),
        ..start(OTHER_NUMBER)
    };
    let other = world.started_by(other).await;
    secrets.used(&other.code);
    secrets.used(other.secret.expose());
    desk.erase_number(&site, OTHER_NUMBER, None).await.unwrap();
}

/// The keys as their files have them, and as bytes.
fn keys_of(folder: &Path, secrets: &mut Secrets) {
    let mut keys = 0;
    for entry in std::fs::read_dir(folder.join("keys")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        if let Ok(bytes) = BASE64_STANDARD.decode(text.trim()) {
            secrets.used(bytes);
        }
        secrets.used(text.trim());
        keys += 1;
    }
    assert_eq!(keys, 5);
}

#[tokio::test]
async fn at_no_level_and_in_no_file_is_a_code_a_number_or_a_secret() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        // Six digits of a second might be somebody's code.
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let encrypted = Site {
        keeps_numbers: true,
        ..site("other")
    };
    let settings = Settings {
        sites: vec![site("demo"), encrypted],
        ..Settings::default()
    };
    let world = World::with(settings).await;
    let mut secrets = Secrets::default();
    for digits in DIGITS.into_iter().chain(["demo-secret", "other-secret"]) {
        secrets.used(digits);
    }
    keys_of(world.folder(), &mut secrets);
    for site_key in ["demo", "other"] {
        a_day(&world, site_key, &mut secrets).await;
    }

    let logged = lines.0.lock().unwrap().clone();
    let text = String::from_utf8_lossy(&logged);
    assert!(text.contains("asked to send a code"), "the log is seen");
    assert_eq!(secrets.found_in(&logged), Vec::<String>::new(), "in {text}");
    for file in ["phone-verify.db", "phone-verify.db-wal"] {
        let bytes = std::fs::read(world.folder().join(file)).unwrap();
        assert!(bytes.len() > 1_000, "{file} is seen");
        assert_eq!(secrets.found_in(&bytes), Vec::<String>::new(), "in {file}");
    }
    let wal = std::fs::read(world.folder().join("phone-verify.db-wal")).unwrap();
    let mut seen = Secrets::default();
    seen.used("••• ••34");
    assert_eq!(seen.found_in(&wal).len(), 1, "what is kept can be found");
}
