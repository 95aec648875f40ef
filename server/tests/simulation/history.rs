//! One random history: users, guessers, faults, crashes and clock jumps, with the invariants checked after each step.

use crate::random::Seeded;
use crate::sender::FaultyProvider;
use crate::world::{Result, World};
use phone_verify_domain::{
    Channel, Check, ClientSecret, ErrorCode, IdempotencyKey, Resend, SiteKey, Start, Status, VerificationId,
    View,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// What the outside has seen of one verification.
struct Seen {
    id: VerificationId,
    secret: ClientSecret,
    number: usize,
    /// Codes that were evaluated, by the answers; each lost answer may have been one more.
    evaluated: u32,
    token_ids: HashSet<String>,
    idempotency_key: String,
}

const NUMBERS: [&str; 4] = ["+12025550134", "+12025550135", "+442079460123", "+4915112345678"];

/// Plays the history of `seed` and returns how many steps changed something.
pub async fn play(seed: u64, steps: u32) -> Result<u32> {
    let random = Arc::new(Seeded::new(seed));
    let mut world = World::new(random.clone()).await?;
    let mut known: Vec<Seen> = Vec::new();
    let mut effects = 0;
    for step in 0..steps {
        let before = world.provider.sent.lock().expect("not poisoned").len();
        match random.below(100) {
            0..=24 => start(&world, &random, &mut known, step).await?,
            25..=34 => repeat(&world, &random, &mut known).await?,
            35..=49 => resend(&world, &random, &known).await?,
            50..=64 => check(&world, &random, &mut known, false).await?,
            65..=79 => check(&world, &random, &mut known, true).await?,
            80..=82 => cancel(&world, &random, &known).await?,
            83..=92 => world.clock.advance(Duration::from_millis(random.below(90_000))),
            93 => world.clock.advance(Duration::from_hours(random.below(30))),
            94 => world.jump_back(Duration::from_secs(random.below(3_600))),
            95..=96 => world.sweep().await,
            _ => world = world.crash().await?,
        }
        effects += u32::from(world.provider.sent.lock().expect("not poisoned").len() > before);
        invariants(&world, &known)?;
    }
    liveness(&mut world).await?;
    Ok(effects)
}

fn request(number: usize, key: &str) -> Start {
    Start {
        site_key: SiteKey::parse("demo"),
        phone_number: NUMBERS[number].to_owned(),
        country: None,
        channel: Channel::Sms,
        locale: None,
        session: None,
        nonce: None,
        purpose: None,
        challenge: None,
        idempotency_key: IdempotencyKey::parse(key),
    }
}

fn seen_of(view: &View, number: usize, idempotency_key: String) -> Result<Seen> {
    let secret = view
        .client_secret
        .as_deref()
        .and_then(ClientSecret::parse)
        .ok_or("a start without a client secret")?;
    let id = VerificationId::parse(&view.id).ok_or("a view without an id")?;
    Ok(Seen {
        id,
        secret,
        number,
        evaluated: 0,
        token_ids: HashSet::new(),
        idempotency_key,
    })
}

async fn start(world: &World, seeded: &Seeded, seen: &mut Vec<Seen>, step: u32) -> Result {
    let number = usize::try_from(seeded.below(NUMBERS.len() as u64))?;
    let key = format!("history-step-{step:08}");
    match world
        .verifier()
        .start(&World::caller(seeded), request(number, &key))
        .await
    {
        Ok(view) => seen.push(seen_of(&view, number, key)?),
        Err(error) => allowed(
            &error,
            &[
                ErrorCode::TooManyRequests,
                ErrorCode::Unavailable,
                ErrorCode::SenderUnavailable,
                ErrorCode::InvalidNumber,
            ],
        )?,
    }
    Ok(())
}

/// The same key again leads to the same verification and sends nothing.
async fn repeat(world: &World, seeded: &Seeded, seen: &mut [Seen]) -> Result {
    let Some(one) = pick(seeded, seen) else {
        return Ok(());
    };
    let sent = world.provider.sent.lock().expect("not poisoned").len();
    match world
        .verifier()
        .start(&World::caller(seeded), request(one.number, &one.idempotency_key))
        .await
    {
        Ok(view) if world.idempotency_is_kept(&one.id) => {
            if view.id != one.id.to_string() {
                return Err(format!("the same key led to {} and then to {}", one.id, view.id).into());
            }
            if world.provider.sent.lock().expect("not poisoned").len() != sent {
                return Err("a repeated call sent again".into());
            }
        }
        Ok(_) => {}
        Err(error) => allowed(
            &error,
            &[
                ErrorCode::RequestInProgress,
                ErrorCode::Unavailable,
                ErrorCode::TooManyRequests,
                ErrorCode::SenderUnavailable,
                ErrorCode::InvalidNumber,
            ],
        )?,
    }
    Ok(())
}

async fn resend(world: &World, seeded: &Seeded, seen: &[Seen]) -> Result {
    let Some(at) = pick_index(seeded, seen.len()) else {
        return Ok(());
    };
    let one = &seen[at];
    let resend = Resend {
        channel: if seeded.percent(50) {
            Channel::Sms
        } else {
            Channel::Call
        },
        phone_number: NUMBERS[one.number].to_owned(),
        country: None,
        idempotency_key: None,
    };
    if let Err(error) = world
        .verifier()
        .resend(&World::caller(seeded), one.id, &one.secret, resend)
        .await
    {
        allowed(
            &error,
            &[
                ErrorCode::TooManyRequests,
                ErrorCode::Unavailable,
                ErrorCode::SenderUnavailable,
                ErrorCode::InvalidNumber,
                ErrorCode::Expired,
                ErrorCode::Exhausted,
                ErrorCode::Canceled,
                ErrorCode::AlreadyApproved,
                ErrorCode::NotFound,
            ],
        )?;
    }
    Ok(())
}

async fn check(world: &World, seeded: &Seeded, seen: &mut [Seen], right: bool) -> Result {
    let Some(one) = pick(seeded, seen) else {
        return Ok(());
    };
    let code = world.code_of(one.id);
    let (Some(code), true) = (code.clone(), right) else {
        return guess(world, seeded, one, code.as_deref()).await;
    };
    match world.check(seeded, one.id, &one.secret, &code).await {
        Ok(view) => {
            if view.status != Status::Approved {
                return Err("the right code was answered with success and no approval".into());
            }
            one.token_ids.insert(crate::world::token_id(&view)?);
        }
        Err(error) => allowed(
            &error,
            &[
                ErrorCode::TooManyRequests,
                ErrorCode::Unavailable,
                ErrorCode::Expired,
                ErrorCode::Exhausted,
                ErrorCode::Canceled,
                ErrorCode::AlreadyApproved,
                ErrorCode::NotFound,
            ],
        )?,
    }
    Ok(())
}

async fn guess(world: &World, seeded: &Seeded, one: &mut Seen, code: Option<&str>) -> Result {
    let wrong = format!("{:06}", seeded.below(1_000_000));
    if Some(wrong.as_str()) == code {
        return Ok(());
    }
    match world.check(seeded, one.id, &one.secret, &wrong).await {
        Ok(_) => return Err("a wrong code was approved".into()),
        Err(error) if error.code == ErrorCode::WrongCode => one.evaluated += 1,
        Err(error) => allowed(
            &error,
            &[
                ErrorCode::TooManyRequests,
                ErrorCode::Unavailable,
                ErrorCode::Expired,
                ErrorCode::Exhausted,
                ErrorCode::Canceled,
                ErrorCode::AlreadyApproved,
                ErrorCode::NotFound,
            ],
        )?,
    }
    Ok(())
}

async fn cancel(world: &World, seeded: &Seeded, seen: &[Seen]) -> Result {
    let Some(at) = pick_index(seeded, seen.len()) else {
        return Ok(());
    };
    let one = &seen[at];
    if let Err(error) = world
        .verifier()
        .cancel(&World::caller(seeded), one.id, &one.secret)
        .await
    {
        allowed(&error, &[ErrorCode::Unavailable, ErrorCode::NotFound])?;
    }
    Ok(())
}

fn pick_index(seeded: &Seeded, length: usize) -> Option<usize> {
    let length = u64::try_from(length).ok().filter(|&length| length > 0)?;
    usize::try_from(seeded.below(length)).ok()
}

fn pick<'a>(seeded: &Seeded, seen: &'a mut [Seen]) -> Option<&'a mut Seen> {
    pick_index(seeded, seen.len()).map(|at| &mut seen[at])
}

fn allowed(error: &phone_verify_domain::ApiError, codes: &[ErrorCode]) -> Result {
    if codes.contains(&error.code) {
        Ok(())
    } else {
        Err(format!("an unexpected refusal: {error}").into())
    }
}

/// The numbering follows `research/security.md`, part 7.
fn invariants(world: &World, seen: &[Seen]) -> Result {
    for one in seen {
        if one.evaluated > 5 {
            return Err(format!("I1: {} evaluated {} wrong codes", one.id, one.evaluated).into());
        }
        if one.token_ids.len() > 1 {
            return Err(format!("I3: {} has {} tokens", one.id, one.token_ids.len()).into());
        }
    }
    let sent = world.provider.sent.lock().expect("not poisoned");
    let mut deliveries = HashSet::new();
    let mut codes: HashMap<&str, &str> = HashMap::new();
    for message in sent.iter() {
        if !deliveries.insert(&message.delivery_id) {
            return Err(format!(
                "I5: delivery {} was asked of the provider twice",
                message.delivery_id
            )
            .into());
        }
        let first = codes.entry(&message.verification).or_insert(&message.code);
        if *first != message.code {
            return Err(format!("{} was sent two codes", message.verification).into());
        }
    }
    sends_of_a_day(&sent)
}

/// I6: what may have reached a phone in any 24 hours. GCRA allows the whole window at once and its share again while the
/// window passes, so the bound over any 24 hours is twice the window.
fn sends_of_a_day(sent: &[crate::sender::Sent]) -> Result {
    for (at, message) in sent.iter().enumerate().filter(|(_, message)| message.arrived) {
        let day = sent[..=at].iter().filter(|earlier| {
            earlier.arrived
                && earlier.number == message.number
                && earlier.at.until(message.at) < Duration::from_hours(24)
        });
        let count = day.count();
        if count > 2 * crate::world::SENDS_A_DAY as usize {
            return Err(format!("I6: {count} messages to one number within a day").into());
        }
    }
    Ok(())
}

/// I8: when the faults stop, an honest user who got the message verifies.
async fn liveness(world: &mut World) -> Result {
    world.heal();
    world.clock.advance(Duration::from_hours(200));
    let seeded = world.seed.clone();
    let view = world
        .verifier()
        .start(&World::caller(&seeded), request(0, "history-liveness"))
        .await?;
    let seen = seen_of(&view, 0, String::new())?;
    let code = world.code_of(seen.id).ok_or("I8: nothing was sent")?;
    let view = world.check(&seeded, seen.id, &seen.secret, &code).await?;
    if view.status == Status::Approved {
        Ok(())
    } else {
        Err("I8: the right code is not approved".into())
    }
}

impl World {
    async fn check(
        &self,
        seeded: &Seeded,
        id: VerificationId,
        secret: &ClientSecret,
        code: &str,
    ) -> std::result::Result<View, phone_verify_domain::ApiError> {
        let check = Check {
            code: code.to_owned(),
            phone_number: None,
            country: None,
        };
        self.verifier()
            .check(&World::caller(seeded), id, secret, check)
            .await
    }

    /// The code that reached the phone, if any did.
    fn code_of(&self, id: VerificationId) -> Option<String> {
        let sent: &FaultyProvider = &self.provider;
        let sent = sent.sent.lock().expect("not poisoned");
        sent.iter()
            .find(|message| message.arrived && message.verification == id.to_string())
            .map(|m| m.code.clone())
    }
}
