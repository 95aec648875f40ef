use crate::place::{Database, Place};
use crate::real::{Api, Program, Proof, Result, Started};
use crate::{kills, number, seed, seeded, settings};
use fake_twilio::{Behaviour, FakeTwilio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// How long Twilio keeps an answer to itself: the window between intent and outcome, which the kills are to hit.
const SLOW: u64 = 60;

/// Clients that start verifications without a pause.
const CLIENTS: u32 = 4;

/// One start, and whether its answer came.
#[derive(Clone)]
struct Asked {
    number: String,
    key: String,
    answered: Option<Started>,
}

#[derive(Default)]
struct Places {
    before: u32,
    between: u32,
    after: u32,
    /// Kills that met at least one send between its intent and its outcome.
    kills_between: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_during_sends_no_message_is_doubled_or_without_a_row_and_every_code_verifies() -> Result {
    let proof =
        Proof::begin("killed_during_sends_no_message_is_doubled_or_without_a_row_and_every_code_verifies");
    let (folder, fake, mut random) = (TempDir::new()?, FakeTwilio::start().await?, seeded());
    let (mut places, mut verified, mut messages) = (Places::default(), 0, 0);
    let next = Arc::new(AtomicU32::new(0));
    for kill in 0..kills() {
        fake.behave(Behaviour {
            delay_ms: SLOW,
            ..Behaviour::default()
        });
        let program = Program::start(folder.path(), &settings(&fake))?;
        let after = Duration::from_micros(random.below(2_000 * SLOW));
        let asked = start_until_killed(program, &fake, messages, after, &next).await?;
        fake.behave_well();
        locate(&folder, &asked, &mut places).await?;
        let (more_verified, more_messages) = verify(&folder, &fake, &asked)
            .await
            .map_err(|error| format!("seed {}, kill {kill}: {error}", seed()))?;
        verified += more_verified;
        messages += more_messages;
    }
    assert_eq!(
        fake.sent().len(),
        messages,
        "a message to a number that nobody started"
    );
    assert_eq!(fake.violations(), [""; 0]);
    assert!(
        places.kills_between * 5 >= kills(),
        "too few kills fell between intent and outcome: {} of {}",
        places.kills_between,
        kills()
    );
    proof.held(
        &format!("{} kills, seed {}", kills(), seed()),
        &format!(
            "{messages} messages, 0 doubled, 0 without a row, {verified} codes verified; interrupted sends: {} before the \
             intent, {} between intent and outcome ({} kills), {} after the outcome",
            places.before, places.between, places.kills_between, places.after
        ),
    )
}

/// Clients start one verification after the other; the server dies in the middle.
async fn start_until_killed(
    program: Program,
    fake: &FakeTwilio,
    messages_before: usize,
    after: Duration,
    next: &Arc<AtomicU32>,
) -> Result<Vec<Asked>> {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let api = Api::new(&program.url)?;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (api, asked, next) = (api.clone(), asked.clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let (number, key) = (number(index), format!("kill-while-sending-{index}"));
                    let answer = api.start(&number, Some(&key)).await.ok();
                    let over = answer.is_none();
                    let answered = answer.map(|reply| {
                        assert_eq!(reply.status, 201, "{reply:?}");
                        Started::of(&reply)
                    });
                    asked.lock().unwrap().push(Asked {
                        number,
                        key,
                        answered,
                    });
                    if over {
                        break;
                    }
                }
            })
        })
        .collect();
    // The moment is drawn from when sends are under way, not from when the first client connects.
    let under_way = async {
        while fake.sent().len() == messages_before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), under_way).await?;
    tokio::time::sleep(after).await;
    program.kill()?;
    for client in clients {
        client.await?;
    }
    Ok(std::mem::take(&mut *asked.lock().unwrap()))
}

async fn locate(folder: &TempDir, asked: &[Asked], places: &mut Places) -> Result {
    let mut database = Database::open(folder.path()).await?;
    let between_before = places.between;
    for one in asked {
        let place = database.place(&one.key).await?;
        if one.answered.is_some() {
            assert_eq!(
                place,
                Place::AfterOutcome,
                "{}: an answered start is lost",
                one.number
            );
            continue;
        }
        match place {
            Place::BeforeIntent => places.before += 1,
            Place::Between => places.between += 1,
            Place::AfterOutcome => places.after += 1,
        }
    }
    places.kills_between += u32::from(places.between > between_before);
    database.close().await
}

/// After the restart: each message has a row, nothing is sent again, and the code that left is good.
async fn verify(folder: &TempDir, fake: &FakeTwilio, asked: &[Asked]) -> Result<(u32, usize)> {
    let mut database = Database::open(folder.path()).await?;
    for one in asked {
        let sent = fake.sent_to(&one.number).len();
        assert!(sent <= 1, "{} got {sent} messages", one.number);
        let has_row = database.place(&one.key).await? != Place::BeforeIntent;
        assert!(has_row || sent == 0, "{} got a message without a row", one.number);
    }
    database.close().await?;
    let program = Program::start(folder.path(), &settings(fake))?;
    let api = Api::new(&program.url)?;
    let (mut verified, mut messages) = (0, 0);
    for one in asked {
        let repeated = api.start(&one.number, Some(&one.key)).await?;
        assert_eq!(repeated.status, 201, "{}: {repeated:?}", one.number);
        let started = Started::of(&repeated);
        if let Some(first) = &one.answered {
            assert_eq!(
                first, &started,
                "{}: the same key, another verification",
                one.number
            );
        }
        let sent = fake.sent_to(&one.number);
        assert!(sent.len() <= 1, "{} got {} messages", one.number, sent.len());
        messages += sent.len();
        let Some(code) = sent.first().and_then(|sent| sent.code.as_deref()) else {
            continue;
        };
        let reply = api.check(&started, code).await?;
        assert_eq!(
            reply.status, 200,
            "the code that left for {} is refused: {reply:?}",
            one.number
        );
        verified += 1;
    }
    program.kill()?;
    Ok((verified, messages))
}
