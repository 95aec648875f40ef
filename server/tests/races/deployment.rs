//! One or three server processes on one database, with one set of keys and one outbox file.

use crate::CLIENTS;
use crate::cluster::fresh_database;
use crate::real::{Api, Program, Reply, Result};
use crate::rows::Rows;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::Barrier;

/// Settings of one race, by name and value.
pub type Settings = [(&'static str, &'static str)];

/// The name by which all servers of a deployment are called, so that a token of one is a token of all.
pub const PUBLIC_HOST: &str = "verify.localhost:4999";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    ThreeOnPostgres,
}

pub struct Deployment {
    apis: Vec<Api>,
    _programs: Vec<Program>,
    /// Its database, for a race that did not hold.
    pub rows: Rows,
    settings: Vec<(&'static str, String)>,
    folder: TempDir,
}

impl Deployment {
    pub async fn start(kind: Kind, settings: &Settings) -> Result<Self> {
        let folder = TempDir::new()?;
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut all = vec![
            // What is shown is that counts are exact, not that a busy machine is quick: nobody is denied for want of time.
            ("PHONE_VERIFY__DATABASE__PATIENCE", "60s".to_owned()),
            ("PHONE_VERIFY__KEYS_DIR", path("keys")),
            ("PHONE_VERIFY__HTTP__PUBLIC_URL", format!("http://{PUBLIC_HOST}")),
            ("PHONE_VERIFY__OUTBOX__FILE", path("outbox.jsonl")),
        ];
        all.extend(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let postgres = match kind {
            Kind::Sqlite => None,
            Kind::Postgres | Kind::ThreeOnPostgres => Some(fresh_database().await?),
        };
        if let Some(url) = &postgres {
            all.push(("PHONE_VERIFY__DATABASE__URL", url.clone()));
        }
        let count = if kind == Kind::ThreeOnPostgres { 3 } else { 1 };
        let programs: Vec<Program> = (0..count)
            .map(|_| Program::start(folder.path(), &all))
            .collect::<Result<_>>()?;
        let apis = programs
            .iter()
            .map(|program| Api::behind(&program.url, PUBLIC_HOST));
        Ok(Self {
            apis: apis.collect::<Result<_>>()?,
            _programs: programs,
            rows: match postgres {
                Some(url) => Rows::OfPostgres(url),
                None => Rows::OfSqlite(folder.path().join("data/phone-verify.db")),
            },
            settings: all,
            folder,
        })
    }

    /// Runs another command of the program beside its servers, with their settings.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        Program::run(self.folder.path(), &self.settings, arguments)
    }

    /// One of its servers; neighbours are different ones.
    pub fn api(&self, index: usize) -> Api {
        self.apis[index % self.apis.len()].clone()
    }

    /// What was sent to a number, oldest first.
    pub fn codes_sent_to(&self, number: &str) -> Result<Vec<String>> {
        let text = std::fs::read_to_string(self.folder.path().join("outbox.jsonl")).unwrap_or_default();
        let mut codes = Vec::new();
        // Most lines are of other rounds: looking is much quicker than parsing.
        for line in text.lines().filter(|line| line.contains(number)) {
            let entry: Value = serde_json::from_str(line)?;
            if entry["to"] == number {
                codes.push(
                    entry["code"]
                        .as_str()
                        .ok_or("a message without a code")?
                        .to_owned(),
                );
            }
        }
        Ok(codes)
    }

    /// 64 clients do the same at the same moment, spread over the servers.
    pub async fn at_once<F>(&self, call: impl Fn(Api, usize) -> F) -> Result<Vec<Reply>>
    where
        F: Future<Output = Result<Reply>> + Send + 'static,
    {
        let barrier = Arc::new(Barrier::new(CLIENTS));
        let calls = (0..CLIENTS).map(|index| {
            let (barrier, call) = (barrier.clone(), call(self.api(index), index));
            tokio::spawn(async move {
                barrier.wait().await;
                call.await
            })
        });
        let calls: Vec<_> = calls.collect();
        let mut replies = Vec::with_capacity(CLIENTS);
        for call in calls {
            replies.push(call.await??);
        }
        Ok(replies)
    }
}

/// How many replies there are of each word.
pub fn counted(replies: &[Reply]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for reply in replies {
        *counts.entry(reply.word()).or_default() += 1;
    }
    counts
}

/// The counts must be these, exactly.
pub fn require_counts(replies: &[Reply], expected: &[(&str, usize)]) -> Result {
    let expected = expected.iter().map(|(word, count)| ((*word).to_owned(), *count));
    require("answers", &counted(replies), &expected.collect())
}

/// So many guesses must have been evaluated, exactly, and all others refused as too many.
pub fn evaluated(replies: &[Reply], expected: usize) -> Result {
    let mut counts = counted(replies);
    for refused in ["429 too_many_requests", "410 exhausted"] {
        counts.remove(refused);
    }
    require(
        "evaluated",
        &counts,
        &[("422 wrong_code".to_owned(), expected)].into(),
    )
}

/// What came must be what was expected; else the race says both.
pub fn require<T: PartialEq + Debug>(what: &str, came: &T, expected: &T) -> Result {
    if came == expected {
        Ok(())
    } else {
        Err(format!("{what}: {came:?}, expected {expected:?}").into())
    }
}

/// A number of its own for each round, and for each race.
pub fn number(race: u32, round: u32) -> String {
    format!("+1202{}", 2_000_000 + race * 100_000 + round)
}
