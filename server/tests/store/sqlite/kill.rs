//! What was answered survives SIGKILL at any moment.

use super::open;
use crate::fixtures::*;
use phone_verify::store::SqliteStore;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = "PHONE_VERIFY_TEST_KILL_FOLDER";
const ROUND: &str = "PHONE_VERIFY_TEST_KILL_ROUND";
const WRITERS: u32 = 16;
/// Names of one writer's verifications; more than it starts before it is killed.
const NAMES: u32 = 100_000;

/// Each round's child is killed after so many answers, which fall at another point of its work each time.
fn answers_in(round: u32) -> usize {
    20 + 37 * round as usize
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill() -> Result {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return writes_until_it_is_killed(Path::new(&folder)).await;
    }
    let folder = tempfile::tempdir()?;
    let mut answered: HashMap<String, u32> = HashMap::new();
    for round in 0..rounds() {
        for line in answers_until_killed(folder.path(), round)? {
            *answered.entry(line).or_default() += 1;
        }
        let store = open(folder.path()).await?;
        for (line, times) in &answered {
            survived(&store, line, *times)
                .await
                .map_err(|error| format!("{line}: {error}"))?;
        }
    }
    assert!(answered.len() > 20);
    Ok(())
}

/// Runs the child below, kills it after some answers, and returns all that it had written by then.
fn answers_until_killed(folder: &Path, round: u32) -> Result<Vec<String>> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([
            "--exact",
            "sqlite::kill::what_was_answered_survives_a_kill",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    let mut answers = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        if line.starts_with("started ") || line.starts_with("wrong ") {
            answers.push(line);
        }
        if answers.len() == answers_in(round) {
            // SIGKILL; what is in the pipe by then is read to its end.
            child.kill()?;
        }
    }
    let status = child.wait()?;
    assert!(status.code().is_none(), "the child ended by itself: {status}");
    Ok(answers)
}

/// Whether what the child was answered is in the file.
async fn survived(store: &SqliteStore, answer: &str, times: u32) -> Result {
    let (word, name) = answer.split_once(' ').ok_or("no name")?;
    let record = found(store, name.parse()?).await?;
    if word == "wrong" {
        assert!(
            record.facts.attempts_used >= times,
            "attempts {}",
            record.facts.attempts_used
        );
        assert!(record.day.used >= times, "day {}", record.day.used);
    }
    Ok(())
}

/// The child: this very test, told by [`FOLDER`] what it is.
async fn writes_until_it_is_killed(folder: &Path) -> Result {
    let round: u32 = std::env::var(ROUND)?.parse()?;
    let store = open(folder).await?;
    let writers = (0..WRITERS).map(|writer| write_on(&store, (round * WRITERS + writer) * NAMES));
    futures::future::try_join_all(writers).await?;
    Ok(())
}

async fn write_on(store: &SqliteStore, first: u32) -> Result {
    for name in first.. {
        let mut start = new(name)?;
        start.number = number(name);
        started(store, start).await?;
        say(&format!("started {name}"))?;
        for _ in 0..3 {
            assert_eq!(checked(store, check(name, WRONG)?).await?, "wrong");
            say(&format!("wrong {name}"))?;
        }
    }
    Ok(())
}

/// One whole line at once: nothing may be said by halves.
fn say(line: &str) -> Result {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{line}\n").as_bytes())?;
    output.flush()?;
    Ok(())
}
