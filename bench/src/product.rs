//! The server under load, by HTTP, as a page drives it.

use crate::client::Client;
use crate::load::Work;
use crate::process;
use crate::server::Server;
use crate::{Error, Result};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The numbers of every product in this run: a number is used once.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// A server and its clients.
pub struct Product {
    pub client: Client,
    metrics: Client,
    id: u32,
    outbox: PathBuf,
    read: Mutex<u64>,
}

/// A verification of which the code may not be known yet.
pub struct Started {
    pub number: String,
    pub id: String,
    pub secret: String,
    pub code: String,
}

impl Product {
    /// Of this server.
    pub fn new(server: &Server) -> Self {
        Self {
            client: Client::new(server.address),
            metrics: Client::new(server.metrics),
            id: server.id(),
            outbox: server.folder.path().join("outbox.jsonl"),
            read: Mutex::new(0),
        }
    }

    /// The codes that were sent since this was asked last, by number.
    fn codes(&self) -> Result<HashMap<String, String>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = std::fs::File::open(&self.outbox)?;
        file.seek(SeekFrom::Start(*read))?;
        let mut codes = HashMap::new();
        for line in BufReader::new(file).lines() {
            let line = line?;
            *read += line.len() as u64 + 1;
            let entry: Value = serde_json::from_str(&line)?;
            codes.insert(word(&entry, "to")?, word(&entry, "code")?);
        }
        Ok(codes)
    }

    /// The sum of a metric over its labels.
    ///
    /// # Errors
    /// The metrics cannot be read.
    pub async fn metric(&self, name: &str) -> Result<u64> {
        let (_, text) = self.metrics.ask("GET", "/metrics", None, None).await?;
        let text = String::from_utf8(text)?;
        let of_it = text.lines().filter(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['{', ' ']))
        });
        let values = of_it.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
        Ok(values.sum())
    }
}

fn word(value: &Value, key: &str) -> Result<String> {
    let word = value[key].as_str().map(str::to_owned);
    word.ok_or_else(|| Error::from(format!("no `{key}` in {value}")))
}

/// Numbers of Washington, D.C.: valid, and each another one.
fn number() -> String {
    let next = NUMBERS.fetch_add(1, Ordering::Relaxed);
    format!("+1202{}", 2_000_000 + next % 7_999_999)
}

impl Work for Product {
    type Started = Started;

    async fn start(&self) -> Result<Started> {
        let number = number();
        let body = json!({"site_key": "demo", "phone_number": number});
        let asked = self
            .client
            .json("POST", "/v1/verifications", None, Some(&body), 201);
        let view = asked.await?;
        Ok(Started {
            number,
            id: word(&view, "id")?,
            secret: word(&view, "client_secret")?,
            code: String::new(),
        })
    }

    async fn prepare(&self, started: &mut VecDeque<Started>) -> Result {
        let mut codes = self.codes()?;
        for verification in started {
            let code = codes.remove(&verification.number);
            verification.code = code.ok_or("a code is not in the outbox")?;
        }
        Ok(())
    }

    async fn check(&self, started: Started) -> Result {
        let path = format!("/v1/verifications/{}/check", started.id);
        let body = json!({ "code": started.code });
        let asked = self
            .client
            .json("POST", &path, Some(&started.secret), Some(&body), 200);
        let view = asked.await?;
        if view["token"].is_string() {
            Ok(())
        } else {
            Err(format!("no token in {view}").into())
        }
    }

    fn cpu(&self) -> Result<Duration> {
        process::cpu(self.id)
    }

    async fn commits(&self) -> Result<Option<(u64, u64)>> {
        let commits = self.metric("phone_verify_sqlite_commits_total").await?;
        let operations = self.metric("phone_verify_sqlite_operations_total").await?;
        Ok((commits > 0).then_some((operations, commits)))
    }
}
