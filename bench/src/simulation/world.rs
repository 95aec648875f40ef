//! The real server under a clock of the script's: its own routes, store, limits, breakers and Twilio's client, and the project's fake
//! Twilio at the other end.

use super::random::Seeded;
use crate::Result;
use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fake_twilio::FakeTwilio;
use phone_verify::clock::ManualClock;
use phone_verify::compose::{Overrides, Server, compose};
use phone_verify::config::Config;
use phone_verify_domain::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// 2026-01-01T00:00:00Z: where every script begins.
const BEGIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// The server tidies every ten seconds; nothing waits for it, so that a script does with less.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// Of the server's own answers none is longer.
const LONGEST_ANSWER: usize = 1 << 20;

/// What stands between an attack and the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defences {
    /// What production begins with.
    On,
    /// The same without the breaker.
    NoBreaker,
    /// No limit that anybody reaches, no breaker, no proof of work.
    Off,
}

impl Defences {
    fn settings(self) -> &'static str {
        match self {
            Self::On => "",
            Self::NoBreaker => "[limits.conversion]\nenabled = false\n",
            Self::Off => include_str!("without_defences.toml"),
        }
    }
}

/// One server, from the beginning of a script to its end.
pub struct World {
    server: Server,
    routes: Router,
    fake: FakeTwilio,
    clock: Arc<ManualClock>,
    swept: Duration,
    _folder: TempDir,
}

/// What became of a start.
pub struct Asked {
    /// The HTTP status.
    pub status: u16,
    /// The refusal's word, if it is one.
    pub code: String,
    /// Whether a message left for the number.
    pub sent: bool,
    /// How many times a key was derived to prove the work that was asked for.
    pub tries: u64,
    /// The verification, where there is one.
    pub held: Option<Held>,
}

/// What a browser holds of a verification.
#[derive(Clone)]
pub struct Held {
    id: String,
    secret: String,
}

impl World {
    /// With so many sites, which serve the United States and the United Kingdom.
    ///
    /// # Errors
    /// The server cannot be put together.
    pub async fn open(defences: Defences, sites: usize, seed: u64) -> Result<Self> {
        let folder = TempDir::new()?;
        let fake = FakeTwilio::start().await?;
        let text = settings(folder.path(), &fake, defences, sites)?;
        let config = Config::parse(Some(&text), &BTreeMap::new())?;
        let clock = Arc::new(ManualClock::at(BEGIN));
        let overrides = Overrides {
            clock: Some(clock.clone()),
            random: Some(Arc::new(Seeded::new(seed))),
            ..Overrides::default()
        };
        let server = compose(&config, ([127, 0, 0, 1], 3000).into(), overrides).await?;
        Ok(Self {
            routes: server.routes(),
            server,
            fake,
            clock,
            swept: Duration::ZERO,
            _folder: folder,
        })
    }

    /// Moves the clock to so long after the beginning.
    ///
    /// # Errors
    /// The store cannot be tidied.
    pub async fn at(&mut self, time: Duration) -> Result {
        self.clock.set(BEGIN + time);
        while self.swept + SWEEP_EVERY <= time {
            self.swept += SWEEP_EVERY;
            self.server.sweep().await?;
        }
        Ok(())
    }

    /// Asks for a code, and proves the work that is asked for, if any is.
    ///
    /// # Errors
    /// No answer.
    pub async fn ask(&self, from: &str, site: usize, number: &str) -> Result<Asked> {
        let before = self.messages_to(number);
        let mut body = json!({"site_key": format!("site-{site}"), "phone_number": number, "channel": "sms"});
        let (mut status, mut answer) = self.post(from, "/v1/verifications", None, &body).await?;
        let mut tries = 0;
        if answer["code"] == "challenge_required" {
            let (proof, took) = prove(&answer["challenge"])?;
            tries = took;
            body["challenge"] = proof.into();
            (status, answer) = self.post(from, "/v1/verifications", None, &body).await?;
        }
        let word = |name: &str| answer[name].as_str().map(str::to_owned);
        let held = word("id").zip(word("client_secret"));
        Ok(Asked {
            status,
            code: word("code").unwrap_or_default(),
            sent: self.messages_to(number) > before,
            tries,
            held: held.map(|(id, secret)| Held { id, secret }),
        })
    }

    /// Asks for a second message; whether one left.
    ///
    /// # Errors
    /// No answer.
    pub async fn ask_again(&self, from: &str, held: &Held, number: &str) -> Result<bool> {
        let before = self.messages_to(number);
        let body = json!({"channel": "sms", "phone_number": number});
        let path = format!("/v1/verifications/{}/resend", held.id);
        self.post(from, &path, Some(&held.secret), &body).await?;
        Ok(self.messages_to(number) > before)
    }

    /// Types a code; whether it was right.
    ///
    /// # Errors
    /// No answer.
    pub async fn check(&self, from: &str, held: &Held, code: &str) -> Result<bool> {
        let path = format!("/v1/verifications/{}/check", held.id);
        let body = json!({ "code": code });
        let (status, answer) = self.post(from, &path, Some(&held.secret), &body).await?;
        Ok(status == 200 && answer["status"] == "approved")
    }

    /// The code in the last message to a number.
    pub fn code_at(&self, number: &str) -> Option<String> {
        self.fake.sent_to(number).into_iter().find_map(|sent| sent.code)
    }

    /// How many messages have reached a number: what a bill would count.
    fn messages_to(&self, number: &str) -> usize {
        self.fake.sent_to(number).len()
    }

    async fn post(&self, from: &str, path: &str, bearer: Option<&str>, body: &Value) -> Result<(u16, Value)> {
        let mut request = Request::post(path)
            .header("host", "verify.example")
            .header("origin", "https://shop.example")
            .header("content-type", "application/json")
            // As the one proxy before the server writes it.
            .header("x-forwarded-for", from);
        if let Some(secret) = bearer {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        let request = request.body(Body::from(body.to_string()))?;
        let response = self.routes.clone().oneshot(request).await?;
        let status = response.status().as_u16();
        if status >= 500 {
            return Err(format!("{path} answered {status}").into());
        }
        let bytes = to_bytes(response.into_body(), LONGEST_ANSWER).await?;
        Ok((status, serde_json::from_slice(&bytes)?))
    }
}

/// The server's settings: production with what it begins with, but for where things lie, and but for `defences`.
fn settings(folder: &Path, fake: &FakeTwilio, defences: Defences, sites: usize) -> Result<String> {
    let place = |name: &str| toml::Value::from(folder.join(name).display().to_string());
    let account = fake.account();
    let mut text = format!(
        "mode = \"production\"\ndata_dir = {}\nkeys_dir = {}\n\
         [http]\ntrusted_proxies = 1\n\
         [database]\npatience = \"1m\"\n\
         [twilio]\naccount_sid = \"{}\"\nauth_token = \"{}\"\nfrom = \"+15005550006\"\napi_url = \"{}\"\n{}",
        place("data"),
        place("keys"),
        account.sid,
        account.auth_token,
        fake.url(),
        defences.settings(),
    );
    for site in 0..sites {
        write!(
            text,
            "[[sites]]\nkey = \"site-{site}\"\norigins = [\"https://shop.example\"]\ncountries = [\"US\", \"GB\"]\n"
        )?;
    }
    Ok(text)
}

/// Does the work; how many tries it took.
fn prove(challenge: &Value) -> Result<(String, u64)> {
    let challenge: Challenge = serde_json::from_value(challenge.clone())?;
    let options = SolveChallengeOptions {
        timeout_ms: 0,
        ..SolveChallengeOptions::new(&challenge)
    };
    let solution = solve_challenge(options)?.ok_or("a challenge has no solution")?;
    let tries = u64::from(solution.counter) + 1;
    let payload = Payload { challenge, solution };
    Ok((BASE64_STANDARD.encode(serde_json::to_vec(&payload)?), tries))
}
