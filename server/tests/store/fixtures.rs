//! Verifications, checks and limits to try a store with.

use phone_verify::hooks::EventKind;
use phone_verify::store::{
    CheckAttempt, CheckOutcome, CodeMac, Door, Idempotency, Intent, KeptCode, LimitKey, LimitUse, Listener,
    Listeners, NewDelivery, NewVerification, NumberIndex, Patience, Record, ResendOutcome, Retention, Sealed,
    Settle, StartOutcome, Store,
};
use phone_verify_domain::{
    Channel, CheckPolicy, Country, DeliveryState, IdempotencyKey, LimitWindows, SiteKey, Timestamp,
    VerificationId, Window,
};
use std::sync::Arc;
use std::time::Duration;

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A store, and whatever must live as long.
pub struct Opened {
    pub store: Arc<dyn Store>,
    /// What goes when the test is over.
    pub _kept: Box<dyn std::any::Any + Send>,
}

/// 2026-01-01T12:00:00Z: noon, so that a few hours stay within the UTC day.
pub const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);
pub const DAY: Duration = Duration::from_hours(24);
pub const TTL: Duration = Duration::from_mins(10);
pub const LEASE: Duration = Duration::from_secs(30);
pub const RETENTION: Retention = Retention {
    verifications: DAY,
    tokens: DAY,
    failures: Duration::from_hours(24 * 10),
    decisions: DAY,
};
/// Nothing waits, and nothing runs out but the verification itself.
pub const FREE: CheckPolicy = CheckPolicy {
    per_verification: 5,
    per_number_per_day: 1_000,
    pacing_factor: Duration::ZERO,
};
pub const RIGHT: CodeMac = CodeMac([1; 32]);
pub const WRONG: CodeMac = CodeMac([2; 32]);

/// What a behaviour is tried with: a machine that is busy with something else denies nobody.
pub fn patient() -> Patience {
    Patience::of(Duration::from_mins(1))
}

/// A site that is told of everything, with numbers.
pub fn told() -> Result<SiteKey> {
    Ok(SiteKey::parse("told").ok_or("a site key")?)
}

/// That site alone.
pub fn listeners() -> Result<Listeners> {
    let listener = Listener {
        kinds: EventKind::ALL.into(),
        with_number: true,
    };
    Ok(Listeners::new([(told()?, listener)]))
}

/// How often a race is run; more with `PHONE_VERIFY_TEST_ROUNDS`.
pub fn rounds() -> u32 {
    let rounds = std::env::var("PHONE_VERIFY_TEST_ROUNDS").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

pub fn before(now: Timestamp, duration: Duration) -> Timestamp {
    let duration = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis() - duration)
}

pub fn site() -> Result<SiteKey> {
    Ok(SiteKey::parse("demo").ok_or("a site key")?)
}

pub fn other_site() -> Result<SiteKey> {
    Ok(SiteKey::parse("other").ok_or("a site key")?)
}

/// A name of two parts.
pub fn pair(one: u32, other: u32) -> VerificationId {
    VerificationId::from_bytes((u128::from(one) << 64 | u128::from(other)).to_be_bytes())
}

/// Bytes that no other name has.
fn spread(name: u32) -> [u8; 32] {
    let mut bytes = [1; 32];
    bytes[14..18].copy_from_slice(&name.to_be_bytes());
    bytes
}

pub fn id(name: u32) -> VerificationId {
    pair(name, name)
}

pub fn number(name: u32) -> NumberIndex {
    NumberIndex(spread(name))
}

pub fn limit_key(name: u32) -> LimitKey {
    LimitKey(spread(name))
}

pub fn windows(count: u32, period: Duration) -> LimitWindows {
    [Some(Window { count, period }), None, None]
}

pub fn limit(name: &'static str, key: u32, windows: LimitWindows) -> LimitUse {
    LimitUse {
        name,
        key: limit_key(key),
        windows,
        places: Vec::new(),
    }
}

pub fn intent(name: u32, now: Timestamp) -> Intent {
    Intent {
        delivery_id: format!("delivery-{name}"),
        channel: Channel::Sms,
        sender: "outbox".to_owned(),
        owner: "process".to_owned(),
        lease_until: now + LEASE,
    }
}

/// A verification called `name` of the number called 1, started at noon.
pub fn new(name: u32) -> Result<NewVerification> {
    new_at(name, NOON)
}

pub fn new_at(name: u32, now: Timestamp) -> Result<NewVerification> {
    Ok(NewVerification {
        id: id(name),
        site: site()?,
        door: Door::Browser,
        number: number(1),
        mask: "+1 ••• ••• ••34".to_owned(),
        country: Country::parse("US").ok_or("a country")?,
        known_subject: None,
        purpose: Some("login".to_owned()),
        nonce: Some("nonce".to_owned()),
        session: None,
        subject: Some("subject".to_owned()),
        origin: Some("https://shop.example".to_owned()),
        locale: Some("en".to_owned()),
        code_length: 6,
        sealed: Sealed {
            key_id: 7,
            bytes: b"sealed".to_vec(),
        },
        number_sealed: None,
        number_to_tell: None,
        code: KeptCode::Ours(RIGHT),
        attempts_max: 5,
        sends_max: 5,
        created_at: now,
        expires_at: now + TTL,
        intent: intent(name, now),
        limits: Vec::new(),
        lock: None,
        told: Vec::new(),
        watched: None,
        charge: None,
        pending_max: 1_000,
        proof: None,
        idempotency: None,
    })
}

pub fn idempotency(key: &str, asked: u8, now: Timestamp) -> Result<Idempotency> {
    Ok(Idempotency {
        key: IdempotencyKey::parse(&format!("{key:-<16}")).ok_or("an idempotency key")?,
        request_mac: [asked; 32],
        asked_at: now,
        expires_at: now + DAY,
    })
}

/// A resend of the verification called `name` whose delivery is called `delivery`.
pub fn new_delivery(name: u32, delivery: u32, now: Timestamp) -> Result<NewDelivery> {
    Ok(NewDelivery {
        id: id(name),
        site: site()?,
        now,
        intent: intent(delivery, now),
        limits: Vec::new(),
        lock: None,
        told: Vec::new(),
        watched: None,
        charge: None,
        idempotency: None,
    })
}

/// The provider took the delivery called `delivery` of the verification called `name`.
pub fn accepted(name: u32, delivery: u32, now: Timestamp) -> Settle {
    Settle {
        id: id(name),
        delivery_id: format!("delivery-{delivery}"),
        owner: "process".to_owned(),
        sender: "outbox".to_owned(),
        now,
        state: DeliveryState::Accepted,
        reason: None,
        sender_reference: Some("reference".to_owned()),
        look_after: None,
        news: None,
        give_back: None,
        costs_nothing: false,
        cancel: false,
        forget: None,
    }
}

/// A check of the verification called `name` at noon, with nothing to wait for.
pub fn check(name: u32, code_mac: CodeMac) -> Result<CheckAttempt> {
    check_at(name, code_mac, NOON)
}

pub fn check_at(name: u32, code_mac: CodeMac, now: Timestamp) -> Result<CheckAttempt> {
    Ok(CheckAttempt {
        id: id(name),
        site: site()?,
        code_mac,
        now,
        policy: FREE,
        counts_in_day: true,
        jti: format!("jti-{name}-{}", now.as_millis()),
        token_expires_at: now + Duration::from_mins(5),
        limits: Vec::new(),
        lock: None,
        number_to_tell: None,
        failures: None,
        gives_back: Vec::new(),
    })
}

pub async fn started(store: &dyn Store, start: NewVerification) -> Result<Record> {
    match store.start(start).await? {
        StartOutcome::Started(started) => Ok(started.record),
        other => Err(format!("not started: {}", word_of_start(&other)).into()),
    }
}

pub async fn resent(store: &dyn Store, resend: NewDelivery) -> Result<Record> {
    match store.resend(resend).await? {
        ResendOutcome::Sending(begun) => Ok(begun.record),
        other => Err(format!("not sent again: {}", word_of_resend(&other)).into()),
    }
}

pub async fn found(store: &dyn Store, name: u32) -> Result<Record> {
    Ok(store.find(id(name)).await?.ok_or("no such verification")?)
}

/// Which outcome it was: outcomes hold records, which are compared field by field where it matters.
pub fn word_of_start(outcome: &StartOutcome) -> &'static str {
    match outcome {
        StartOutcome::Started(..) => "started",
        StartOutcome::Limited(_) => "limited",
        StartOutcome::VoiceOff => "voice off",
        StartOutcome::Repeated(_) => "repeated",
        StartOutcome::Mismatch => "mismatch",
        StartOutcome::Alive(_) => "alive",
        StartOutcome::ProofUsed => "proof used",
    }
}

pub fn word_of_resend(outcome: &ResendOutcome) -> &'static str {
    match outcome {
        ResendOutcome::Sending(..) => "sending",
        ResendOutcome::Limited(_) => "limited",
        ResendOutcome::VoiceOff => "voice off",
        ResendOutcome::Refused(_) => "refused",
        ResendOutcome::Repeated(_) => "repeated",
        ResendOutcome::Mismatch => "mismatch",
        ResendOutcome::NotFound => "not found",
    }
}

pub fn word_of_check(outcome: &CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Approved(_) => "approved",
        CheckOutcome::ApprovedBefore(_) => "approved before",
        CheckOutcome::Wrong(..) => "wrong",
        CheckOutcome::Ended(_) => "ended",
        CheckOutcome::TooEarly(_) => "too early",
        CheckOutcome::DaySpent(_) => "day spent",
        CheckOutcome::Limited(..) => "limited",
        CheckOutcome::AskProvider(_) => "ask",
        CheckOutcome::Unanswered(_) => "unanswered",
        CheckOutcome::NotFound => "not found",
    }
}

/// What a check came to.
pub async fn checked(store: &dyn Store, attempt: CheckAttempt) -> Result<&'static str> {
    Ok(word_of_check(&store.check(attempt).await?))
}
