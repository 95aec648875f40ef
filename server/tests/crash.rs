//! The whole program killed with SIGKILL at any moment and started again: no counter, no verification and no message is
//! lost or doubled (faults F1 to F3).
#![expect(clippy::expect_used, reason = "a test says why it cannot go on")]

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The program as a user runs it, in a folder of its own that outlives it.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_phone-verify"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(folder)
            .env("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "0s")
            .env("PHONE_VERIFY__OUTBOX__FILE", folder.join("outbox.jsonl"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next().transpose()? {
            if let Some(at) = line.find("http://127.0.0.1:") {
                let url = line[at..]
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches('/')
                    .to_owned();
                // The pipe is drained, so that the program never waits for its reader.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, url });
            }
        }
        Err("the program ended before it listened".into())
    }

    fn kill(mut self) -> Result {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A failed assertion must leave no process behind; one that has ended already is no matter.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What one client knows of one verification, from acknowledged answers alone.
#[derive(Clone)]
struct Known {
    number: String,
    idempotency_key: String,
    /// Id and client secret, once the start was answered.
    started: Option<(String, String)>,
    wrong_answers: u32,
    /// A check whose answer never came: it may have been spent.
    unanswered_check: bool,
    token_id: Option<String>,
}

struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    async fn start(&self, known: &Known) -> reqwest::Result<(u16, Value)> {
        let body = json!({"site_key": "demo", "phone_number": known.number, "channel": "sms"});
        let request = self
            .http
            .post(format!("{}/v1/verifications", self.url))
            .json(&body);
        answer(request.header("idempotency-key", &known.idempotency_key)).await
    }

    async fn check(&self, id: &str, secret: &str, code: &str) -> reqwest::Result<(u16, Value)> {
        let request = self
            .http
            .post(format!("{}/v1/verifications/{id}/check", self.url));
        answer(request.bearer_auth(secret).json(&json!({"code": code}))).await
    }

    async fn view(&self, id: &str, secret: &str) -> reqwest::Result<(u16, Value)> {
        answer(
            self.http
                .get(format!("{}/v1/verifications/{id}", self.url))
                .bearer_auth(secret),
        )
        .await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<(u16, Value)> {
    let response = request.send().await?;
    Ok((response.status().as_u16(), response.json().await?))
}

/// `number -> codes`, one for each message that left, read from the outbox's file.
fn messages(folder: &Path) -> Result<HashMap<String, Vec<String>>> {
    let mut messages: HashMap<String, Vec<String>> = HashMap::new();
    let text = std::fs::read_to_string(folder.join("outbox.jsonl")).unwrap_or_default();
    for line in text.lines() {
        // The last line may be torn by the kill; its message then never left.
        let Ok(entry) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let (Some(to), Some(code)) = (entry["to"].as_str(), entry["code"].as_str()) else {
            return Err(format!("an outbox line without `to` or `code`: {line}").into());
        };
        messages.entry(to.to_owned()).or_default().push(code.to_owned());
    }
    Ok(messages)
}

/// The wrong code that `known` tries: never the right one for more than a guess in a million.
const WRONG: &str = "000000";

async fn work(client: &Client, known: &mut Known, right_code: Option<&str>) {
    if known.started.is_none() {
        match client.start(known).await {
            Ok((201, view)) => {
                let text = |field: &str| view[field].as_str().unwrap_or_default().to_owned();
                known.started = Some((text("id"), text("client_secret")));
            }
            Ok((status, body)) => panic!("a start was refused: {status} {body}"),
            Err(_) => return,
        }
    }
    let Some((id, secret)) = known.started.clone() else {
        return;
    };
    match client.check(&id, &secret, right_code.unwrap_or(WRONG)).await {
        Ok((422, body)) if body["code"] == "wrong_code" => known.wrong_answers += 1,
        Ok((200, view)) => known.token_id = Some(token_id(&view)),
        Ok(_) => {}
        Err(_) => known.unanswered_check = true,
    }
}

fn token_id(view: &Value) -> String {
    use base64::Engine;
    let token = view["token"]
        .as_str()
        .expect("an approved check carries the token");
    let claims = token.split('.').nth(1).expect("a JWT has three parts");
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .expect("base64url");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON claims");
    claims["jti"].as_str().expect("a jti").to_owned()
}

fn rounds() -> u32 {
    std::env::var("PHONE_VERIFY_TEST_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(6)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_has_lost_no_counter_no_verification_and_sent_nothing_twice() -> Result {
    let folder = tempfile::tempdir()?;
    let http = reqwest_client()?;
    let everything: Arc<Mutex<Vec<Known>>> = Arc::default();
    let next_number = Arc::new(AtomicU32::new(2_000_000));
    for round in 0..rounds() {
        let server = Server::start(folder.path())?;
        let stop = Arc::new(AtomicBool::new(false));
        let answered_in_round = Arc::new(AtomicU32::new(0));
        let workers: Vec<_> = (0..8u32)
            .map(|worker| {
                let client = Client {
                    http: http.clone(),
                    url: server.url.clone(),
                };
                let (stop, everything, next_number) = (stop.clone(), everything.clone(), next_number.clone());
                let answered_in_round = answered_in_round.clone();
                tokio::spawn(async move {
                    while !stop.load(Ordering::SeqCst) {
                        let number = next_number.fetch_add(1, Ordering::SeqCst);
                        let mut known = Known {
                            number: format!("+1202{number}"),
                            idempotency_key: format!("crash-{round:04}-{worker:02}-{number}"),
                            started: None,
                            wrong_answers: 0,
                            unanswered_check: false,
                            token_id: None,
                        };
                        for _ in 0..3 {
                            if !known.unanswered_check {
                                work(&client, &mut known, None).await;
                            }
                        }
                        answered_in_round.fetch_add(u32::from(known.started.is_some()), Ordering::SeqCst);
                        everything.lock().expect("no worker panicked").push(known);
                    }
                })
            })
            .collect();
        // The work is under way, and the moment of the kill differs from round to round.
        let under_way = async {
            while answered_in_round.load(Ordering::SeqCst) < 8 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), under_way).await?;
        tokio::time::sleep(Duration::from_millis(u64::from(round * 37 % 100))).await;
        server.kill()?;
        stop.store(true, Ordering::SeqCst);
        for worker in workers {
            worker.await?;
        }
    }

    let server = Server::start(folder.path())?;
    let client = Client {
        http,
        url: server.url.clone(),
    };
    let mut everything = std::mem::take(&mut *everything.lock().expect("no worker panicked"));
    let answered = everything.iter().filter(|known| known.started.is_some()).count();
    assert!(
        answered > 20,
        "the load was real: {answered} starts were answered"
    );
    let before = messages(folder.path())?;
    for (number, codes) in &before {
        assert_eq!(codes.len(), 1, "{number} got a second message");
    }
    for known in &mut everything {
        prove(&client, known, &before).await?;
    }
    // Repeating what was never answered may send for the first time, never for the second.
    for (number, codes) in &messages(folder.path())? {
        assert_eq!(codes.len(), 1, "{number} got a second message");
    }
    server.kill()
}

/// Holds the restarted server against what was acknowledged before the kill.
async fn prove(client: &Client, known: &mut Known, messages: &HashMap<String, Vec<String>>) -> Result {
    let number = known.number.clone();
    let Some((id, secret)) = known.started.clone() else {
        // The answer was lost: the same key leads to the same verification, whose code, if it left, is good.
        let (status, view) = client.start(known).await?;
        assert_eq!(status, 201, "{number}: {view}");
        let (id, secret) = (text(&view, "id"), text(&view, "client_secret"));
        if let Some([code]) = messages.get(&number).map(Vec::as_slice) {
            let (status, body) = client.check(&id, &secret, code).await?;
            assert_eq!(status, 200, "the code that left for {number} is refused: {body}");
        }
        return Ok(());
    };
    let (status, view) = client.view(&id, &secret).await?;
    assert_eq!(status, 200, "the verification of {number} is lost: {view}");
    let spent = 5 - u32::try_from(view["attempts_left"].as_u64().ok_or("attempts_left")?)?;
    let most = known.wrong_answers + u32::from(known.unanswered_check);
    assert!(
        (known.wrong_answers..=most).contains(&spent),
        "{number}: {spent} spent, {} answered",
        known.wrong_answers
    );
    assert_eq!(view["sends_left"], 4, "{number}");
    // The number's limit of sends outlived the kill: ten seconds apart in development.
    let again = Known {
        idempotency_key: format!("again-{}", known.idempotency_key),
        ..known.clone()
    };
    let (status, body) = client.start(&again).await?;
    if view["next_sms_in"].as_u64().is_some_and(|wait| wait > 2) {
        assert_eq!(
            (status, &body["code"]),
            (429, &json!("too_many_requests")),
            "{number}"
        );
    }
    let [code] = messages.get(&number).map(Vec::as_slice).unwrap_or_default() else {
        return Err(format!("no message for the acknowledged start of {number}").into());
    };
    if code == WRONG || status == 201 {
        return Ok(());
    }
    work(client, known, Some(code)).await;
    let first = known
        .token_id
        .clone()
        .ok_or_else(|| format!("the right code of {number} is refused"))?;
    work(client, known, Some(code)).await;
    assert_eq!(
        known.token_id.as_ref(),
        Some(&first),
        "{number} has a second token"
    );
    Ok(())
}

fn text(view: &Value, field: &str) -> String {
    view[field].as_str().unwrap_or_default().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "the test is its own composition")]
fn reqwest_client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()?)
}
