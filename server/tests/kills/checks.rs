use crate::place::Database;
use crate::real::{Api, Program, Proof, Reply, Result, Started, token_id};
use crate::{kills, number, seed, seeded, settings};
use fake_twilio::FakeTwilio;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// Checks of one verification that are under way at a time.
const AT_ONCE: usize = 3;

/// Verifications that are guessed at, and as many whose right code is typed.
const EACH: usize = 2;

/// What one client knows, from answers alone.
#[derive(Default)]
struct Known {
    wrong: u64,
    tokens: HashSet<String>,
    unanswered: u64,
}

impl Known {
    fn note(&mut self, answer: Result<Reply>) -> Result<bool> {
        match answer {
            Ok(reply) if reply.status == 200 => {
                self.tokens.insert(token_id(&reply)?);
            }
            Ok(reply) if reply.word() == "422 wrong_code" => self.wrong += 1,
            Ok(reply) => return Err(format!("a check was refused: {reply:?}").into()),
            Err(_) => {
                self.unanswered += 1;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn add(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.tokens.extend(other.tokens);
        self.unanswered += other.unanswered;
    }
}

/// A verification whose code reached the phone.
#[derive(Clone)]
struct Target {
    started: Started,
    code: String,
    /// What is typed.
    typed: String,
}

#[derive(Default)]
struct Sum {
    answered: u64,
    before: u64,
    after: u64,
    approvals: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_during_checks_no_attempt_is_lost_and_none_approves_twice() -> Result {
    let proof = Proof::begin("killed_during_checks_no_attempt_is_lost_and_none_approves_twice");
    let (folder, fake, mut random) = (TempDir::new()?, FakeTwilio::start().await?, seeded());
    let mut sum = Sum::default();
    for kill in 0..kills() {
        let program = Program::start(folder.path(), &settings(&fake))?;
        let targets = targets(&program, &fake, kill).await?;
        let after = Duration::from_micros(random.below(60_000));
        let known = check_until_killed(program, after, &targets).await?;
        prove(&folder, &fake, &targets, &known, &mut sum)
            .await
            .map_err(|error| format!("seed {}, kill {kill}: {error}", seed()))?;
    }
    assert!(sum.before + sum.after > 0, "no kill interrupted a check");
    proof.held(
        &format!("{} kills, seed {}", kills(), seed()),
        &format!(
            "{} checks answered, 0 lost; {} approvals, 0 double; interrupted checks: {} before the commit, {} after it and \
             before the answer",
            sum.answered, sum.approvals, sum.before, sum.after
        ),
    )
}

async fn targets(program: &Program, fake: &FakeTwilio, kill: u32) -> Result<Vec<Target>> {
    let api = Api::new(&program.url)?;
    let mut targets = Vec::new();
    for index in 0..2 * EACH {
        let number = number(1_000_000 + kill * 100 + u32::try_from(index)?);
        let started = api.started(&number).await?;
        let sent = fake.sent_to(&number);
        let code = sent.first().and_then(|sent| sent.code.clone());
        let code = code.ok_or("nothing was sent")?;
        let digit = if code.starts_with('0') { '1' } else { '0' };
        let typed = if index < EACH {
            format!("{digit}{}", &code[1..])
        } else {
            code.clone()
        };
        targets.push(Target { started, code, typed });
    }
    Ok(targets)
}

/// All targets are checked, several times at once each, until the server dies or nothing more can be asked.
async fn check_until_killed(program: Program, after: Duration, targets: &[Target]) -> Result<Vec<Known>> {
    let api = Api::new(&program.url)?;
    let answers = Arc::new(AtomicU32::new(0));
    let clients: Vec<Vec<_>> = targets
        .iter()
        .map(|target| {
            let client = || {
                let (api, target, answers) = (api.clone(), target.clone(), answers.clone());
                tokio::spawn(async move {
                    let mut known = Known::default();
                    // Thirty each stay below the hundred checks of a verification.
                    for _ in 0..30 {
                        let answer = api.check(&target.started, &target.typed).await;
                        if !known.note(answer)? {
                            break;
                        }
                        answers.fetch_add(1, Ordering::SeqCst);
                    }
                    Ok::<_, Box<dyn std::error::Error + Send + Sync>>(known)
                })
            };
            (0..AT_ONCE).map(|_| client()).collect()
        })
        .collect();
    // The moment is drawn from when checks are under way, not from when the first client connects.
    let under_way = async {
        while answers.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), under_way).await?;
    tokio::time::sleep(after).await;
    program.kill()?;
    let mut all = Vec::new();
    for clients in clients {
        let mut known = Known::default();
        for client in clients {
            known.add(client.await??);
        }
        all.push(known);
    }
    Ok(all)
}

/// Holds the database and the restarted server against what was answered before the kill.
async fn prove(
    folder: &TempDir,
    fake: &FakeTwilio,
    targets: &[Target],
    known: &[Known],
    sum: &mut Sum,
) -> Result {
    let mut database = Database::open(folder.path()).await?;
    for (target, known) in targets.iter().zip(known) {
        let id = &target.started.id;
        let (spent, tokens) = (database.spent(id).await?, database.tokens(id).await?);
        assert!(
            tokens.len() <= 1 && known.tokens.len() <= 1,
            "{id} is approved twice"
        );
        sum.answered += known.wrong;
        if target.typed == target.code {
            assert_eq!(spent, tokens.len() as u64, "{id}: approved once, and counted");
            assert!(
                known.tokens.iter().all(|token| tokens.contains(token)),
                "{id} lost its approval"
            );
            continue;
        }
        assert_eq!(tokens.len(), 0, "{id}: a wrong code approved");
        let range = known.wrong..=known.wrong + known.unanswered;
        assert!(range.contains(&spent), "{id}: {spent} spent, {range:?} asked");
        sum.after += spent - known.wrong;
        sum.before += known.wrong + known.unanswered - spent;
    }
    database.close().await?;
    let program = Program::start(folder.path(), &settings(fake))?;
    let api = Api::new(&program.url)?;
    for (target, known) in targets.iter().zip(known) {
        let mut tokens = known.tokens.clone();
        for _ in 0..2 {
            let reply = api.check(&target.started, &target.code).await?;
            assert_eq!(reply.status, 200, "the right code is refused: {reply:?}");
            tokens.insert(token_id(&reply)?);
        }
        assert_eq!(tokens.len(), 1, "{} has two approvals", target.started.id);
        sum.approvals += 1;
    }
    program.kill()
}
