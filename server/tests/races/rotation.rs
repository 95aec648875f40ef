//! Keys rotated every two seconds while clients start, resend, check, redeem and verify offline: nobody is refused.
//! `PHONE_VERIFY_TEST_ROTATION_SECONDS` sets for how long.

use crate::deployment::{Deployment, Kind, PUBLIC_HOST, Settings};
use crate::real::{Api, Proof, Result, from_environment};
use phone_verify::clock::{Clock as _, SystemClock};
use phone_verify_token::{Clocks, Expect, Expected, VerifyingKeys, verify};
use reqwest::Method;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Hosts may keep the key set for three seconds of the five.
const SETTINGS: &Settings = &[
    ("PHONE_VERIFY__KEYS__PUBLISH_BEFORE_USE", "5s"),
    ("PHONE_VERIFY__KEYS__READ_EVERY", "1s"),
];

const ROTATE_EVERY: Duration = Duration::from_secs(2);

/// Who does the same again and again.
const WORKERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotated_under_load_on_sqlite_refuse_nobody() -> Result {
    rotated(Kind::Sqlite, "keys_rotated_under_load_on_sqlite_refuse_nobody").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotated_under_load_of_three_servers_refuse_nobody() -> Result {
    let test = "keys_rotated_under_load_of_three_servers_refuse_nobody";
    rotated(Kind::ThreeOnPostgres, test).await
}

async fn rotated(kind: Kind, test: &'static str) -> Result {
    let seconds = from_environment("PHONE_VERIFY_TEST_ROTATION_SECONDS", 14);
    let deployment = Arc::new(Deployment::start(kind, SETTINGS).await?);
    let proof = Proof::begin(test);
    let over = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| tokio::spawn(work(deployment.clone(), worker, over.clone())))
        .collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut rotations = 0;
    while Instant::now() < end {
        let rotating = deployment.clone();
        // Two at once, as of two operators.
        let other = deployment.clone();
        let both = (
            tokio::task::spawn_blocking(move || rotating.run(&["keys", "rotate"])),
            tokio::task::spawn_blocking(move || other.run(&["keys", "rotate"])),
        );
        for printed in [both.0.await??, both.1.await??] {
            assert_eq!(printed.matches("used from").count(), 2, "{printed}");
        }
        rotations += 2;
        tokio::time::sleep(ROTATE_EVERY).await;
    }
    over.store(true, Ordering::Relaxed);
    let (mut redeemed, mut signers) = (0, BTreeSet::new());
    for worker in workers {
        let (count, names) = worker.await??;
        redeemed += count;
        signers.extend(names);
    }
    assert!(signers.len() > 2, "no key was changed: {signers:?}");
    let counts = format!("{rotations} rotations, {WORKERS} clients");
    let shown = format!(
        "{redeemed} verifications, {} signing keys, 0 refusals",
        signers.len()
    );
    proof.held(&counts, &shown)
}

/// Verifies numbers until it is told that it is over; returns how many, and the names of the keys that signed.
async fn work(
    deployment: Arc<Deployment>,
    worker: usize,
    over: Arc<AtomicBool>,
) -> Result<(usize, BTreeSet<String>)> {
    let mut host = Host::default();
    let (mut count, mut signers) = (0, BTreeSet::new());
    while !over.load(Ordering::Relaxed) {
        let number = format!("+1202{}", 3_000_000 + worker * 100_000 + count);
        let token = verified(&deployment, &number, worker + count).await?;
        signers.insert(host.accepts(&deployment.api(worker + count + 3), &token).await?);
        let redeemed = deployment.api(worker + count + 2).redeem(&token).await?;
        assert_eq!(redeemed.word(), "200", "{redeemed:?}");
        count += 1;
    }
    Ok((count, signers))
}

/// A token of a number, each step at another server, and with time for a rotation in between.
async fn verified(deployment: &Deployment, number: &str, first: usize) -> Result<String> {
    let started = deployment.api(first).started(number).await?;
    tokio::time::sleep(Duration::from_millis(first as u64 % 4 * 700)).await;
    let resent = deployment.api(first + 1).resend(&started, number).await?;
    assert_eq!(resent.word(), "200", "{resent:?}");
    let codes = deployment.codes_sent_to(number)?;
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert_eq!(codes[0], codes[1], "the sealed code was opened");
    let checked = deployment.api(first + 2).check(&started, &codes[0]).await?;
    assert_eq!(checked.word(), "200", "{checked:?}");
    Ok(checked.text("token"))
}

/// A host's server that verifies offline, and keeps the key set for exactly as long as it is told.
#[derive(Default)]
struct Host {
    kept: Option<(VerifyingKeys, Instant)>,
}

impl Host {
    /// Verifies a token with the key set that it has; returns the name of the key that signed it.
    async fn accepts(&mut self, api: &Api, token: &str) -> Result<String> {
        let keys = match self.kept.take() {
            Some((keys, until)) if Instant::now() < until => {
                self.kept = Some((keys.clone(), until));
                keys
            }
            _ => self.fetch(api).await?,
        };
        let expected = Expected {
            issuer: &format!("http://{PUBLIC_HOST}"),
            audience: "demo",
            subject: Expect::Absent,
            nonce: Expect::Absent,
            purpose: Expect::Absent,
            clocks: Clocks::Apart,
        };
        verify(token, &keys, &expected, SystemClock.now().as_seconds())
            .map_err(|error| format!("refused offline: {error}"))?;
        signer(token)
    }

    async fn fetch(&mut self, api: &Api) -> Result<VerifyingKeys> {
        let asked_at = Instant::now();
        let answer = api.request(Method::GET, "/.well-known/jwks.json").send().await?;
        let control = answer.headers()["cache-control"].to_str()?.to_owned();
        let max_age = control.strip_prefix("public, max-age=").ok_or(control.clone())?;
        let until = asked_at + Duration::from_secs(max_age.parse()?);
        let keys = VerifyingKeys::from_jwks(&answer.json().await?)?;
        self.kept = Some((keys.clone(), until));
        Ok(keys)
    }
}

fn signer(token: &str) -> Result<String> {
    use base64::Engine as _;
    let header = token.split('.').next().ok_or("no header")?;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header)?;
    let header: serde_json::Value = serde_json::from_slice(&header)?;
    Ok(header["kid"].as_str().ok_or("no kid")?.to_owned())
}
