//! The parts that a history plays with: the real engine, keys and SQLite store; a fake clock, a fake provider, faults.

use crate::random::Seeded;
use crate::sender::FaultyProvider;
use crate::store::FaultyStore;
use phone_verify::clock::{Clock, ManualClock};
use phone_verify::decisions::Decisions;
use phone_verify::hooks::Hooks;
use phone_verify::keys::{GivenKeys, Keys};
use phone_verify::limits::Limits;
use phone_verify::numbers::TestNumbers;
use phone_verify::proof::Proofs;
use phone_verify::random::Random;
use phone_verify::senders::Sender;
use phone_verify::sites::{Countries, OriginRule, Sids, Site, Sites};
use phone_verify::store::{Conflict, Retention, SqliteStore, Store};
use phone_verify::verification::{Engine, EngineParts, Senders};
use phone_verify_domain::{
    Caller, Channel, CheckPolicy, CodePolicy, Policy, SendPolicy, SiteKey, Timestamp, VerificationId,
    Verifier, View, Window,
};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Sends to one number in a day.
pub const SENDS_A_DAY: u32 = 5;

pub struct World {
    pub seed: Arc<Seeded>,
    pub clock: Arc<ManualClock>,
    pub provider: Arc<FaultyProvider>,
    store: Arc<FaultyStore>,
    engine: Engine,
    folder: tempfile::TempDir,
    processes: AtomicU32,
}

impl World {
    pub async fn new(seed: Arc<Seeded>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // 2026-01-01, so that days and seconds are real ones.
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_767_225_600_000)));
        let faults = Mutex::new(25);
        let provider = Arc::new(FaultyProvider {
            seed: seed.clone(),
            clock: clock.clone(),
            faults,
            sent: Mutex::default(),
        });
        let store = open(folder.path(), &seed).await?;
        let engine = engine(folder.path(), &seed, &clock, &provider, &store, 0)?;
        Ok(Self {
            seed,
            clock,
            provider,
            store,
            engine,
            folder,
            processes: AtomicU32::new(0),
        })
    }

    pub fn verifier(&self) -> &dyn Verifier {
        &self.engine
    }

    /// One of many addresses, so that the address' limit does not hide the others.
    pub fn caller(seeded: &Seeded) -> Caller {
        let byte = u8::try_from(seeded.below(250)).unwrap_or_default();
        Caller {
            address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, byte))),
            origin: None,
        }
    }

    /// The process ends without a word, and another begins on the same database.
    pub async fn crash(self) -> Result<Self> {
        let Self {
            seed,
            clock,
            provider,
            store,
            engine,
            folder,
            processes,
        } = self;
        drop(engine);
        drop(store);
        let process = processes.fetch_add(1, Ordering::SeqCst) + 1;
        let store = open(folder.path(), &seed).await?;
        let engine = self::engine(folder.path(), &seed, &clock, &provider, &store, process)?;
        Ok(Self {
            seed,
            clock,
            provider,
            store,
            engine,
            folder,
            processes,
        })
    }

    pub fn jump_back(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or_default();
        self.clock
            .set(Timestamp::from_millis(self.clock.now().as_millis() - by));
    }

    /// Tidying may fail like everything else; it is tried again at the next turn.
    pub async fn sweep(&self) {
        let day = Duration::from_hours(24);
        drop(
            self.store
                .sweep(
                    self.clock.now(),
                    Retention {
                        verifications: day,
                        tokens: day,
                        failures: day,
                        decisions: day,
                    },
                )
                .await,
        );
    }

    /// No faults from here on.
    pub fn heal(&self) {
        *self.provider.faults.lock().expect("not poisoned") = 0;
        *self.store.faults.lock().expect("not poisoned") = 0;
    }
}

async fn open(folder: &Path, seed: &Arc<Seeded>) -> Result<Arc<FaultyStore>> {
    let url = format!("sqlite://{}", folder.join("phone-verify.db").display());
    let inner: Arc<dyn Store> = Arc::new(SqliteStore::open(&url).await?);
    Ok(Arc::new(FaultyStore {
        inner,
        seed: seed.clone(),
        faults: Mutex::new(4),
    }))
}

fn engine(
    folder: &Path,
    seed: &Arc<Seeded>,
    clock: &Arc<ManualClock>,
    provider: &Arc<FaultyProvider>,
    store: &Arc<FaultyStore>,
    process: u32,
) -> Result<Engine> {
    let keys = Keys::load(
        &folder.join("keys"),
        &GivenKeys::default(),
        seed.as_ref() as &dyn Random,
        clock.clone(),
    )?;
    let senders: Vec<Arc<dyn Sender>> = vec![provider.clone()];
    let site = Site {
        key: SiteKey::parse("demo").ok_or("a site key")?,
        name: "Demo".to_owned(),
        secrets: Vec::new(),
        origins: vec![OriginRule::Loopback],
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
        sids: Sids::of(&SiteKey::parse("demo").ok_or("a site key")?),
    };
    let window = |count, period| Some(Window { count, period });
    let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
    Ok(Engine::new(EngineParts {
        codes: phone_verify::senders::Codes::Ours,
        decisions: Decisions::forgotten(),
        proofs: Proofs::default(),
        metrics: phone_verify::metrics::Metrics::default(),
        store: store.clone(),
        senders: Senders::new([(Channel::Sms, senders.clone()), (Channel::Call, senders)]),
        keys: Arc::new(keys),
        hooks: Hooks::default(),
        clock: clock.clone(),
        random: seed.clone(),
        sites: Sites::new([site]),
        policy: Policy {
            code: CodePolicy {
                length: 6,
                ttl: Duration::from_mins(10),
            },
            checks: CheckPolicy {
                per_verification: 5,
                per_number_per_day: 10,
                pacing_factor: Duration::from_secs(15),
            },
            sends: SendPolicy {
                per_verification: 5,
                pending_per_number: 5,
                lease: Duration::from_secs(30),
            },
        },
        limits: Limits {
            number: [
                window(1, Duration::from_mins(1)),
                window(3, hour),
                window(SENDS_A_DAY, day),
            ],
            address: [window(1_000, hour), None, None],
            checks_per_address: [window(1_000, hour), None, None],
            ..Limits::default()
        },
        budgets: None,
        test_numbers: TestNumbers::default(),
        issuer: "https://verify.example.com".to_owned(),
        own_origin: None,
        process: format!("process-{process}"),
        shared: false,
    }))
}

/// The `jti` of the view's token.
pub fn token_id(view: &View) -> Result<String> {
    use base64::Engine as _;
    let token = view.token.as_deref().ok_or("an approved view without a token")?;
    let claims = token.split('.').nth(1).ok_or("a token without claims")?;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims)?;
    let claims: serde_json::Value = serde_json::from_slice(&claims)?;
    Ok(claims["jti"].as_str().ok_or("a token without `jti`")?.to_owned())
}

impl World {
    /// The row of a repeated call is kept for 24 hours; a refused start's is not.
    pub fn idempotency_is_kept(&self, id: &VerificationId) -> bool {
        let sent = self.provider.sent.lock().expect("not poisoned");
        sent.iter()
            .find(|message| message.verification == id.to_string())
            .is_some_and(|first| first.at.until(self.clock.now()) < Duration::from_hours(23))
    }
}
