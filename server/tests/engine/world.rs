//! One deployment for a test: the real store in a folder of its own, a clock that the test moves, a random source that
//! repeats itself, and senders that remember.

use crate::ports::{Recorder, SeededRandom};
use phone_verify::budget::Budgets;
use phone_verify::clock::{Clock, ManualClock};
use phone_verify::decisions::{Decision, Decisions};
use phone_verify::hooks::Hooks;
use phone_verify::hosts::HostDesk;
use phone_verify::keys::{GivenKeys, Keys};
use phone_verify::limits::Limits;
use phone_verify::numbers::TestNumbers;
use phone_verify::proof::Proofs;
use phone_verify::random::SystemRandom;
use phone_verify::senders::Sender;
use phone_verify::sites::{Countries, OriginRule, Sids, Site, Sites};
use phone_verify::store::{Conflict, SqliteStore, Store};
use phone_verify::verification::{Engine, EngineParts, Senders};
use phone_verify_domain::{
    ApiError, Caller, Channel, Check, CheckPolicy, ClientSecret, CodePolicy, ErrorCode, IdempotencyKey,
    Policy, Resend, SendPolicy, SiteKey, Start, Timestamp, VerificationId, Verifier, View, Window,
};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub const NUMBER: &str = "+12025550134";
pub const OTHER_NUMBER: &str = "+12025550135";
pub const ISSUER: &str = "http://127.0.0.1:3000";
/// 2026-01-01T12:00:00Z.
pub const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

pub fn caller() -> Caller {
    caller_at("192.0.2.1")
}

pub fn caller_at(address: &str) -> Caller {
    Caller {
        address: Some(address.parse().unwrap()),
        origin: None,
    }
}

pub fn caller_from(origin: &str) -> Caller {
    Caller {
        origin: Some(origin.to_owned()),
        ..caller()
    }
}

pub fn start(phone_number: &str) -> Start {
    Start {
        site_key: SiteKey::parse("demo"),
        phone_number: phone_number.to_owned(),
        country: None,
        channel: Channel::Sms,
        locale: None,
        session: None,
        nonce: None,
        purpose: None,
        challenge: None,
        idempotency_key: None,
    }
}

pub fn resend(phone_number: &str) -> Resend {
    Resend {
        channel: Channel::Sms,
        phone_number: phone_number.to_owned(),
        country: None,
        idempotency_key: None,
    }
}

pub fn check(code: &str) -> Check {
    Check {
        code: code.to_owned(),
        phone_number: None,
        country: None,
    }
}

pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(&format!("{text:-<16}")).unwrap()
}

pub fn site(site_key: &str) -> Site {
    Site {
        key: SiteKey::parse(site_key).unwrap(),
        name: "Demo".to_owned(),
        secrets: vec![format!("{site_key}-secret").into()],
        origins: vec![OriginRule::Exact("https://shop.example".to_owned())],
        countries: Countries::All,
        channels: vec![Channel::Sms, Channel::Call],
        token_number: false,
        origin_bound: false,
        token_ttl: Duration::from_mins(5),
        keeps_numbers: false,
        subjects_per_number: 1,
        on_conflict: Conflict::Reject,
        webhook: None,
        reverify_after: None,
        sids: Sids::of(&SiteKey::parse("demo").unwrap()),
    }
}

/// What a test may change before the world begins.
pub struct Settings {
    pub sites: Vec<Site>,
    pub policy: Policy,
    pub limits: Limits,
    pub test_numbers: TestNumbers,
    pub shared: bool,
    /// Whether text messages have a second sender to fail over to.
    pub two_sms_senders: bool,
    pub hooks: Hooks,
    pub budgets: Option<Arc<Budgets>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sites: vec![site("demo"), site("other")],
            policy: Policy {
                code: CodePolicy {
                    length: 6,
                    ttl: Duration::from_mins(10),
                },
                checks: CheckPolicy {
                    per_verification: 5,
                    per_number_per_day: 10,
                    pacing_factor: Duration::ZERO,
                },
                sends: SendPolicy {
                    per_verification: 5,
                    pending_per_number: 5,
                    lease: Duration::from_secs(30),
                },
            },
            limits: Limits::default(),
            test_numbers: TestNumbers::default(),
            shared: false,
            two_sms_senders: false,
            hooks: Hooks::default(),
            budgets: None,
        }
    }
}

pub const fn window(count: u32, period: Duration) -> Window {
    Window { count, period }
}

pub struct World {
    pub engine: Engine,
    base: Base,
}

/// All but the engine, from which engines are made.
pub struct Base {
    pub clock: Arc<ManualClock>,
    pub sms: Arc<Recorder>,
    pub second_sms: Arc<Recorder>,
    pub call: Arc<Recorder>,
    pub keys: Arc<Keys>,
    pub store: Arc<dyn Store>,
    pub sites: Sites,
    decisions: Decisions,
    dir: TempDir,
    settings: Settings,
}

impl Deref for World {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(mut settings: Settings) -> Self {
        let dir = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at(NOON));
        let folder = dir.path().join("keys");
        let keys = Keys::load(&folder, &GivenKeys::default(), &SystemRandom, clock.clone()).unwrap();
        let base = Base {
            clock,
            sms: Recorder::named("first"),
            second_sms: Recorder::named("second"),
            call: Recorder::named("caller"),
            keys: Arc::new(keys),
            store: open_store(&dir).await,
            sites: Sites::new(std::mem::take(&mut settings.sites)),
            decisions: Decisions::noted(),
            dir,
            settings,
        };
        Self {
            engine: base.engine_of("process-1"),
            base,
        }
    }

    /// A started verification, and the code that was sent.
    pub async fn started(&self, phone_number: &str) -> Started<'_> {
        self.started_by(start(phone_number)).await
    }

    pub async fn started_by(&self, start: Start) -> Started<'_> {
        let view = self.engine.start(&caller(), start).await.unwrap();
        self.held(&view)
    }

    /// What the browser holds of a verification.
    pub fn held(&self, view: &View) -> Started<'_> {
        let id = VerificationId::parse(&view.id).unwrap();
        Started {
            world: self,
            id,
            secret: ClientSecret::parse(view.client_secret.as_deref().unwrap()).unwrap(),
            code: self.code_of(id),
        }
    }
}

impl Base {
    /// Another engine on the same store, as after a restart or on another machine.
    pub fn engine_of(&self, process: &str) -> Engine {
        Engine::new(self.parts(process))
    }

    pub fn parts(&self, process: &str) -> EngineParts {
        let as_sender = |recorder: &Arc<Recorder>| recorder.clone() as Arc<dyn Sender>;
        let mut sms = vec![as_sender(&self.sms)];
        if self.settings.two_sms_senders {
            sms.push(as_sender(&self.second_sms));
        }
        EngineParts {
            codes: phone_verify::senders::Codes::Ours,
            decisions: self.decisions.clone(),
            proofs: Proofs::default(),
            metrics: phone_verify::metrics::Metrics::default(),
            store: self.store.clone(),
            senders: Senders::new([(Channel::Sms, sms), (Channel::Call, vec![as_sender(&self.call)])]),
            keys: self.keys.clone(),
            hooks: self.settings.hooks.clone(),
            clock: self.clock.clone(),
            random: Arc::new(SeededRandom::default()),
            sites: self.sites.clone(),
            policy: self.settings.policy,
            limits: self.settings.limits,
            budgets: self.settings.budgets.clone(),
            test_numbers: self.settings.test_numbers.clone(),
            issuer: ISSUER.to_owned(),
            own_origin: Some(ISSUER.to_owned()),
            process: process.to_owned(),
            shared: self.settings.shared,
        }
    }

    pub fn desk(&self) -> HostDesk {
        HostDesk {
            store: self.store.clone(),
            keys: self.keys.clone(),
            hooks: self.settings.hooks.clone(),
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
            public_url: ISSUER.to_owned(),
        }
    }

    fn code_of(&self, id: VerificationId) -> String {
        let recorders = [&self.sms, &self.second_sms, &self.call];
        let mut sent = recorders.into_iter().flat_map(|recorder| recorder.sent());
        sent.find(|sent| sent.verification == id)
            .map(|sent| sent.code)
            .unwrap_or_default()
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// What rules have decided since somebody asked last.
    pub fn decided(&self) -> Vec<Decision> {
        self.decisions.take(self.now(), true)
    }

    /// The folder of the database and, beneath it, of the keys.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn open_store(dir: &TempDir) -> Arc<dyn Store> {
    let url = format!("sqlite://{}", dir.path().join("phone-verify.db").display());
    Arc::new(SqliteStore::open(&url).await.unwrap())
}

/// A verification in the hands of its browser.
pub struct Started<'a> {
    pub world: &'a World,
    pub id: VerificationId,
    pub secret: ClientSecret,
    /// The digits that were sent.
    pub code: String,
}

impl Started<'_> {
    /// Digits that are not the code: `number` different ones.
    pub fn wrong(&self, number: u32) -> String {
        let right: u32 = self.code.parse().unwrap();
        format!("{:06}", (right + 1 + number) % 1_000_000)
    }

    pub async fn check(&self, code: &str) -> Result<View, ApiError> {
        self.check_as(&caller(), check(code)).await
    }

    pub async fn check_as(&self, caller: &Caller, check: Check) -> Result<View, ApiError> {
        self.world
            .engine
            .check(caller, self.id, &self.secret, check)
            .await
    }

    pub async fn approve(&self) -> View {
        self.check(&self.code).await.unwrap()
    }

    pub async fn resend(&self, resend: Resend) -> Result<View, ApiError> {
        self.world
            .engine
            .resend(&caller(), self.id, &self.secret, resend)
            .await
    }

    pub async fn view(&self) -> View {
        self.world
            .engine
            .view(&caller(), self.id, &self.secret)
            .await
            .unwrap()
    }

    pub async fn cancel(&self) -> View {
        self.world
            .engine
            .cancel(&caller(), self.id, &self.secret)
            .await
            .unwrap()
    }
}

/// The refusal's code, and the view in it.
pub fn refusal(result: Result<View, ApiError>) -> (ErrorCode, Option<View>) {
    let error = result.expect_err("a refusal");
    (error.code, error.verification.map(|view| *view))
}

pub fn code_of(result: Result<View, ApiError>) -> ErrorCode {
    refusal(result).0
}
