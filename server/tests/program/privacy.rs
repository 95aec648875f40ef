//! A day with the program itself at TRACE: every answer's head and body, the metrics, the log and the database's files are searched for
//! everything secret that was used. An answer may hold what it is there to tell, and nothing else.

use crate::process::{Program, client};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

const SETTINGS: &[(&str, &str)] = &[
    ("RUST_LOG", "trace"),
    ("PHONE_VERIFY__HTTP__METRICS_LISTEN", "127.0.0.1:0"),
    ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s"),
    ("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "0s"),
    ("PHONE_VERIFY__KEYS__READ_EVERY", "200ms"),
    ("PHONE_VERIFY__SITES__0__KEY", "demo"),
    ("PHONE_VERIFY__SITES__0__SECRET", "the-secret-of-demo"),
    (
        "PHONE_VERIFY__SITES__0__PREVIOUS_SECRET",
        "the-old-secret-of-demo",
    ),
    ("PHONE_VERIFY__SITES__0__COUNTRIES", "*"),
    ("PHONE_VERIFY__SITES__0__ORIGINS", "loopback"),
    ("PHONE_VERIFY__SITES__1__KEY", "keeps"),
    ("PHONE_VERIFY__SITES__1__SECRET", "the-secret-of-keeps"),
    ("PHONE_VERIFY__SITES__1__COUNTRIES", "*"),
    ("PHONE_VERIFY__SITES__1__NUMBER_STORAGE", "encrypted"),
    ("PHONE_VERIFY__SITES__1__TOKEN_NUMBER", "true"),
];

const NUMBER: &str = "+12025550134";
const OTHER_NUMBER: &str = "+12025550135";

/// Numbers as people write them, in full and in part.
const DIGITS: [&str; 6] = [
    "2025550134",
    "202-555-0134",
    "5550134",
    "2025550135",
    "202-555-0135",
    "5550135",
];

/// One answer, its head included.
struct Answer {
    call: String,
    text: String,
    /// What it is there to tell.
    may_hold: Vec<String>,
}

struct Day {
    program: Program,
    secrets: Vec<String>,
    answers: Vec<Answer>,
}

impl Day {
    fn used(&mut self, secret: &str) -> String {
        assert!(secret.len() >= 6, "too short to be looked for: {secret:?}");
        self.secrets.push(secret.to_owned());
        secret.to_owned()
    }

    fn to(&self, method: Method, path: &str) -> RequestBuilder {
        client().request(method, format!("{}{path}", self.program.url))
    }

    /// Asks, and keeps the answer; `tells` names the fields that are there to be told.
    async fn ask(&mut self, request: RequestBuilder, tells: &[&str]) -> Value {
        let reply = request.send().await.unwrap();
        let call = format!("{} {}", reply.status(), reply.url().path());
        let mut text = format!("{:?}\n", reply.headers());
        let body = reply.text().await.unwrap();
        text.push_str(&body);
        let value: Value = serde_json::from_str(&body).unwrap_or_default();
        let may_hold = tells.iter().filter_map(|field| value[*field].as_str());
        let may_hold = may_hold.map(str::to_owned).collect();
        self.answers.push(Answer { call, text, may_hold });
        value
    }

    async fn host(&mut self, site: &str, method: Method, path: &str, body: &Value, tells: &[&str]) -> Value {
        let secret = format!("the-secret-of-{site}");
        let request = self.to(method, path).basic_auth(site, Some(secret)).json(body);
        self.ask(request, tells).await
    }

    async fn start(&mut self, body: &Value) -> Value {
        let request = self.to(Method::POST, "/v1/verifications").json(body);
        let view = self.ask(request, &["client_secret"]).await;
        self.used(view["client_secret"].as_str().unwrap());
        view
    }

    async fn of(&mut self, view: &Value, method: Method, call: &str, body: &Value, tells: &[&str]) -> Value {
        let path = format!("/v1/verifications/{}{call}", view["id"].as_str().unwrap());
        let secret = view["client_secret"].as_str().unwrap();
        let request = self.to(method, &path).bearer_auth(secret).json(body);
        self.ask(request, tells).await
    }

    async fn code_sent_to(&mut self, number: &str) -> String {
        let request = self.to(Method::GET, "/dev/outbox");
        let reply = request.header("accept", "application/json").send().await.unwrap();
        let entries: Vec<Value> = reply.json().await.unwrap();
        let entry = entries.iter().find(|entry| entry["to"] == number).unwrap();
        let code = entry["code"].as_str().unwrap().to_owned();
        self.used(&code)
    }
}

/// What a site's pages, its server and its operator do in a day, and what goes wrong in it.
async fn a_day(day: &mut Day, folder: &TempDir, site: &str) {
    let session = json!({"subject": "17", "nonce": "nonce-of-17", "purpose": "signup"});
    let opened = day
        .host(site, Method::POST, "/v1/sessions", &session, &["session", "url"])
        .await;
    let session = day.used(opened["session"].as_str().unwrap());
    let page = format!("/v1/sessions/{session}");
    let body = json!({"site_key": site, "phone_number": "+1 (202) 555-0134", "session": session});
    let view = day.start(&body).await;
    let code = day.code_sent_to(NUMBER).await;
    let resend = json!({"channel": "call", "phone_number": NUMBER});
    day.of(&view, Method::POST, "/resend", &resend, &[]).await;
    let stranger = json!({"channel": "sms", "phone_number": OTHER_NUMBER});
    day.of(&view, Method::POST, "/resend", &stranger, &[]).await;
    day.of(&view, Method::GET, "", &json!({}), &[]).await;
    let wrong = if code.starts_with('0') { "198765" } else { "098765" };
    day.used(wrong);
    for typed in [wrong, "12345678901", "abc"] {
        let body = json!({"code": typed, "phone_number": NUMBER});
        day.of(&view, Method::POST, "/check", &body, &[]).await;
    }
    let right = json!({"code": code, "phone_number": NUMBER});
    let approved = day.of(&view, Method::POST, "/check", &right, &["token"]).await;
    let token = day.used(approved["token"].as_str().unwrap());
    day.of(&view, Method::POST, "/check", &json!({"code": wrong}), &[])
        .await;
    day.of(&view, Method::DELETE, "", &json!({}), &[]).await;
    let shown = day.host(site, Method::GET, &page, &Value::Null, &["token"]).await;
    day.used(shown["token"].as_str().unwrap());

    let claim = json!({ "token": token });
    let held = "/v1/subjects/17/number";
    day.host(site, Method::PUT, held, &claim, &["phone_number"]).await;
    day.host(site, Method::GET, held, &Value::Null, &["phone_number"])
        .await;
    day.host(site, Method::POST, "/v1/tokens/redeem", &claim, &[])
        .await;
    let form = format!("secret=the-secret-of-{site}&response={token}");
    let site_verify = day.to(Method::POST, "/v1/siteverify").body(form);
    let site_verify = site_verify.header("content-type", "application/x-www-form-urlencoded");
    day.ask(site_verify, &[]).await;
    day.host(site, Method::DELETE, held, &Value::Null, &[]).await;

    let other = day
        .start(&json!({"site_key": site, "phone_number": OTHER_NUMBER}))
        .await;
    let code = day.code_sent_to(OTHER_NUMBER).await;
    let right = json!({"code": code, "phone_number": OTHER_NUMBER});
    let approved = day.of(&other, Method::POST, "/check", &right, &["token"]).await;
    let token = day.used(approved["token"].as_str().unwrap());
    let claim = json!({ "token": token });
    let redeem = day
        .host(site, Method::POST, "/v1/tokens/redeem", &claim, &["phone_number"])
        .await;
    assert_eq!(redeem["aud"], site, "{redeem}");
    let erase = json!({ "phone_number": OTHER_NUMBER });
    day.host(site, Method::POST, "/v1/numbers/erase", &erase, &[])
        .await;

    for line in [
        &["block", NUMBER, "--site", site][..],
        &["unblock", NUMBER, "--site", site],
        &["keys", "rotate"],
        &["look-up", NUMBER],
        &["unlock", NUMBER],
        &["breakers", "open", NUMBER],
        &["breakers", "close", NUMBER],
        &["breakers", "list"],
    ] {
        let outcome = Program::run(folder, line, SETTINGS);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        day.answers.push(Answer {
            call: line[0].to_owned(),
            text: outcome.output + &outcome.errors,
            may_hold: Vec::new(),
        });
    }
}

/// Requests that hold secrets where they do not belong.
async fn mistakes(day: &mut Day) {
    let started = json!({"site_key": "demo", "phone_number": NUMBER, "country": NUMBER}).to_string();
    let twice = format!(r#"{{"site_key": "demo", "phone_number": "{NUMBER}", "phone_number": "{NUMBER}"}}"#);
    let unknown = json!({"site_key": NUMBER, "phone_number": NUMBER}).to_string();
    let cut = format!(r#"{{"site_key": "demo", "phone_number": "{NUMBER}"#);
    for body in [started, twice, unknown, cut, NUMBER.to_owned()] {
        let request = day.to(Method::POST, "/v1/verifications");
        let request = request.header("content-type", "application/json").body(body);
        day.ask(request, &[]).await;
    }
    for path in [
        "/v1/verifications/+12025550134",
        "/v1/2025550134",
        "/2025550134",
        "/?to=2025550134",
    ] {
        let request = day.to(Method::GET, path).bearer_auth("the-secret-of-demo");
        day.ask(request, &[]).await;
    }
    let denied = day
        .to(Method::POST, "/v1/tokens/redeem")
        .basic_auth("keeps", Some("the-secret-of-demo"));
    day.ask(denied.json(&json!({"token": NUMBER})), &[]).await;
    for path in ["/healthz", "/readyz", "/.well-known/jwks.json", "/"] {
        let request = day.to(Method::GET, path);
        day.ask(request, &[]).await;
    }
}

/// What rules decided, once it is written: wrong codes, another's number, a country that is none.
async fn decisions(day: &mut Day, folder: &TempDir) {
    let told = async |arguments: &[&str]| {
        for _ in 0..100 {
            let outcome = Program::run(folder, &[&["decisions"], arguments].concat(), SETTINGS);
            assert_eq!(outcome.code, Some(0), "{outcome:?}");
            // The last of the mistakes that a rule decides.
            if outcome.output.contains("site_unknown") {
                return outcome;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("no decision is written");
    };
    for arguments in [&[][..], &["--json"]] {
        let outcome = told(arguments).await;
        for rule in ["wrong_code", "invalid_code", "number_mismatch"] {
            assert!(outcome.output.contains(rule), "{rule}: {outcome:?}");
        }
        day.answers.push(Answer {
            call: "decisions".to_owned(),
            text: outcome.output + &outcome.errors,
            may_hold: Vec::new(),
        });
    }
}

/// Whether the text holds the secret. A few digits count only where no others stand beside them: log lines and claims have long
/// numbers in them.
fn holds(text: &[u8], secret: &str) -> bool {
    let is_short = secret.len() < 7;
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let mut found = text.windows(secret.len()).enumerate();
    found.any(|(at, part)| {
        part == secret.as_bytes()
            && !(is_short && (is_part(text.get(at.wrapping_sub(1))) || is_part(text.get(at + secret.len()))))
    })
}

fn keys_of(folder: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path().join("keys")).unwrap();
    let texts = entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    let is_key = |line: &String| !line.starts_with('#') && !line.starts_with('-');
    lines.filter(is_key).collect()
}

#[tokio::test]
async fn no_answer_no_line_of_the_log_and_no_file_has_a_secret_that_is_not_its_to_tell() {
    let folder = TempDir::new().unwrap();
    let mut day = Day {
        program: Program::serve(&folder, SETTINGS),
        secrets: DIGITS.map(str::to_owned).to_vec(),
        answers: Vec::new(),
    };
    for (name, value) in SETTINGS {
        if name.ends_with("SECRET") {
            day.used(value);
        }
    }
    for site in ["demo", "keeps"] {
        a_day(&mut day, &folder, site).await;
    }
    mistakes(&mut day).await;
    decisions(&mut day, &folder).await;
    let metrics = client().get(day.program.metrics_url());
    day.ask(metrics, &[]).await;
    day.secrets.extend(keys_of(&folder));
    let Day {
        program,
        secrets,
        answers,
    } = day;
    let files: Vec<(String, Vec<u8>)> = ["phone-verify.db", "phone-verify.db-wal"]
        .map(|name| {
            let bytes = std::fs::read(folder.path().join("data").join(name)).unwrap();
            assert!(bytes.len() > 1_000, "{name} is seen");
            (name.to_owned(), bytes)
        })
        .into();
    let outcome = program.end("TERM");

    assert!(answers.len() > 50, "{}", answers.len());
    let metrics = answers.iter().find(|answer| answer.call.ends_with("/metrics"));
    assert!(
        metrics.is_some_and(|metrics| metrics.text.contains("phone_verify_approved_total{")),
        "the day is in the metrics"
    );
    assert!(
        answers
            .iter()
            .any(|answer| holds(answer.text.as_bytes(), "+1 ••• ••• ••34"))
    );
    for Answer { call, text, may_hold } in &answers {
        for secret in &secrets {
            let told = may_hold.iter().any(|told| told.contains(secret.as_str()));
            assert!(
                told || !holds(text.as_bytes(), secret),
                "{secret} in {call}: {text}"
            );
        }
    }
    for (name, bytes) in &files {
        for secret in &secrets {
            assert!(!holds(bytes, secret), "{secret} in {name}");
        }
    }
    // Each line begins with a moment. The outbox of development logs its codes, one line each.
    let (outbox, log): (Vec<&str>, Vec<&str>) = outcome
        .errors
        .lines()
        .partition(|line| line.contains("outbox: nothing is sent"));
    assert!(
        outbox.len() >= 4 && log.len() > 80,
        "{} and {}",
        outbox.len(),
        log.len()
    );
    for line in log {
        let said = line.split_once(' ').map_or(line, |(_, said)| said);
        for secret in &secrets {
            assert!(!holds(said.as_bytes(), secret), "{secret} in {line}");
        }
    }
}
