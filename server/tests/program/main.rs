//! The program itself: what it prints, how it ends, what it refuses, what it logs.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../cluster/mod.rs"]
#[expect(dead_code, reason = "each test program uses its own part")]
mod cluster;
mod faults;
mod import;
mod metrics;
mod operator;
mod privacy;
mod process;

use process::{Outcome, Program, client};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

const NUMBER: &str = "+12025550134";

async fn post(url: &str, secret: Option<&str>, body: &Value) -> (u16, Value) {
    let mut request = client().post(url).json(body);
    if let Some(secret) = secret {
        request = request.bearer_auth(secret);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn start(program: &Program) -> Value {
    let url = format!("{}/v1/verifications", program.url);
    let (status, view) = post(&url, None, &json!({"site_key": "demo", "phone_number": NUMBER})).await;
    assert_eq!(status, 201, "{view}");
    view
}

async fn check(program: &Program, view: &Value, code: &str) -> (u16, Value) {
    let url = format!(
        "{}/v1/verifications/{}/check",
        program.url,
        view["id"].as_str().unwrap()
    );
    post(&url, view["client_secret"].as_str(), &json!({ "code": code })).await
}

async fn code(program: &Program) -> String {
    let request = client().get(format!("{}/dev/outbox", program.url));
    let entries = request.header("accept", "application/json").send().await.unwrap();
    let entries: Value = entries.json().await.unwrap();
    entries[0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_prints_where_it_listens_and_ends_with_0_on_sigterm() {
    let folder = TempDir::new().unwrap();
    for signal in ["TERM", "INT"] {
        let program = Program::serve(&folder, &[]);
        assert!(!program.url.ends_with(":0"), "the real port: {}", program.url);
        let health = client()
            .get(format!("{}/healthz", program.url))
            .send()
            .await
            .unwrap();
        assert_eq!(health.status(), 200);
        let outcome = program.end(signal);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        for page in ["/\n", "/dev/embedded\n", "/dev/outbox\n"] {
            assert!(outcome.output.contains(page), "{outcome:?}");
        }
    }
}

#[test]
fn what_it_refuses_to_start_with_is_one_line_and_exit_1() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("phone-verify.toml");
    std::fs::write(&file, "[http]\nlisen = \"127.0.0.1:0\"\n").unwrap();
    let refused = |outcome: Outcome, line: &str| {
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.errors.contains(line), "{outcome:?}");
        assert_eq!(outcome.errors.lines().count(), 1, "{outcome:?}");
    };
    let named = ["--config", file.to_str().unwrap()];
    refused(
        Program::run(&folder, &["serve", named[0], named[1]], &[]),
        "unknown field `lisen`",
    );
    refused(
        Program::run(&folder, &["config", "check", named[0], named[1]], &[]),
        "unknown field `lisen`",
    );
    refused(Program::run(&folder, &["migrate"], &[]), "unknown field `lisen`");
    std::fs::remove_file(&file).unwrap();
    refused(
        Program::run(&folder, &["serve", named[0], named[1]], &[]),
        "cannot be read",
    );
    refused(
        Program::run(&folder, &["serve", "--listen", "0.0.0.0:0"], &[]),
        "loopback only",
    );
    refused(
        Program::run(&folder, &["serve"], &[("PHONE_VERIFY__CODE__LENGTH", "5")]),
        "code.length",
    );
}

#[test]
fn config_check_says_what_is_used() {
    let folder = TempDir::new().unwrap();
    let outcome = Program::run(
        &folder,
        &["config", "check"],
        &[("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s")],
    );
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.output.contains("development") && outcome.output.contains("outbox"),
        "{outcome:?}"
    );
    assert!(
        outcome.errors.contains("warning: limits.number.spacing"),
        "{outcome:?}"
    );
}

#[test]
fn migrate_makes_the_database_and_ends() {
    let folder = TempDir::new().unwrap();
    let outcome = Program::run(&folder, &["migrate"], &[]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(folder.path().join("data/phone-verify.db").exists());
}

#[tokio::test]
async fn erase_forgets_a_number_on_every_site_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, &[]);
    start(&program).await;
    let erase = |number: &str| Program::run(&folder, &["erase", number], &[]);
    let outcome = erase("+1 202 555 0134");
    assert_eq!(
        (outcome.code, outcome.output.as_str()),
        (Some(0), "1 rows erased\n"),
        "{outcome:?}"
    );
    assert_eq!(erase("+12025550134").output, "0 rows erased\n");
    for number in ["", "x", "(202) 555-0134", "-1"] {
        let outcome = erase(number);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(
            outcome.errors.starts_with("phone-verify: NUMBER: "),
            "{outcome:?}"
        );
    }
    program.end("TERM");
}

#[tokio::test]
async fn block_and_unblock_work_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, &[("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s")]);
    let sent = async || {
        let outbox = client().get(format!("{}/dev/outbox", program.url));
        let outbox = outbox.header("accept", "application/json").send().await.unwrap();
        outbox.json::<Vec<Value>>().await.unwrap().len()
    };
    start(&program).await;
    let said = |arguments: &[&str], said: &str| {
        let outcome = Program::run(&folder, arguments, &[]);
        assert_eq!(
            (outcome.code, outcome.output.as_str()),
            (Some(0), said),
            "{outcome:?}"
        );
    };
    said(
        &["block", "+1 202 555 0134", "--site", "demo"],
        "blocked; 1 live verifications ended\n",
    );
    said(
        &["block", NUMBER, "--site=demo"],
        "blocked before; 0 live verifications ended\n",
    );
    start(&program).await;
    assert_eq!(sent().await, 1);
    said(&["unblock", NUMBER], "was not blocked\n");
    said(&["unblock", NUMBER, "--site", "demo"], "unblocked\n");
    start(&program).await;
    assert_eq!(sent().await, 2);
    for (arguments, at_fault) in [
        (["block", "x", "--site=demo"], "NUMBER: "),
        (["block", NUMBER, "--site=nobody"], "--site: "),
        (["unblock", NUMBER, "--site= "], "--site: "),
    ] {
        let outcome = Program::run(&folder, &arguments, &[]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.errors.contains(at_fault), "{outcome:?}");
    }
    program.end("TERM");
}

#[tokio::test]
async fn keys_rotate_publishes_a_key_that_a_running_server_reads_and_a_damaged_one_is_told_by_readyz() {
    let folder = TempDir::new().unwrap();
    let soon = [("PHONE_VERIFY__KEYS__READ_EVERY", "100ms")];
    let program = Program::serve(&folder, &soon);
    let get = async |path: &str| {
        let reply = client()
            .get(format!("{}{path}", program.url))
            .send()
            .await
            .unwrap();
        (reply.status(), reply.json::<Value>().await.unwrap())
    };
    let outcome = Program::run(&folder, &["keys", "rotate"], &soon);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for line in [
        "signing-2.pem: made; used from 2",
        "sealing-2.key: made; used from 2",
    ] {
        assert!(outcome.output.contains(line), "{outcome:?}");
    }
    let until = Instant::now() + Duration::from_secs(20);
    while get("/.well-known/jwks.json").await.1["keys"]
        .as_array()
        .unwrap()
        .len()
        != 2
    {
        assert!(Instant::now() < until, "the new key is not published");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(get("/readyz").await.0, 200);

    std::fs::write(folder.path().join("keys/sealing-2.key"), "damaged").unwrap();
    while get("/readyz").await.0 == 200 {
        assert!(Instant::now() < until, "the damaged key is not told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (status, told) = get("/readyz").await;
    assert_eq!(status, 503);
    assert!(told["reasons"][0].as_str().unwrap().contains("keys"), "{told}");
    start(&program).await;
    let refused = Program::run(&folder, &["keys", "rotate"], &soon);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let outcome = program.end("TERM");
    assert!(outcome.errors.contains("sealing-2.key"), "{outcome:?}");
    assert!(!outcome.errors.contains("damaged"), "{outcome:?}");
}

#[test]
fn keys_that_are_not_the_databases_refuse_to_start() {
    let folder = TempDir::new().unwrap();
    Program::serve(&folder, &[]).end("TERM");
    let other = folder.path().join("other-keys");
    let outcome = Program::run(
        &folder,
        &["serve", "--listen", "127.0.0.1:0"],
        &[("PHONE_VERIFY__KEYS_DIR", other.to_str().unwrap())],
    );
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome.errors.contains("the keys do not belong to the database"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn nothing_is_lost_when_it_is_killed() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, &[]);
    let view = start(&program).await;
    let code = code(&program).await;
    let wrong = if code.starts_with('0') { "111111" } else { "000000" };
    for _ in 0..2 {
        assert_eq!(check(&program, &view, wrong).await.0, 422);
    }
    program.end("KILL");

    let program = Program::serve(&folder, &[]);
    let (status, refusal) = check(&program, &view, wrong).await;
    assert_eq!(
        (status, &refusal["verification"]["attempts_left"]),
        (422, &json!(2)),
        "{refusal}"
    );
    program.end("KILL");
}

/// The outbox's one line has the code and the number; at no level has any other line one of them, or a secret.
#[tokio::test]
async fn one_line_of_the_log_has_the_code_and_none_a_secret() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, &[("RUST_LOG", "trace")]);
    let view = start(&program).await;
    let code = code(&program).await;
    let (status, approved) = check(&program, &view, &code).await;
    assert_eq!(status, 200, "{approved}");
    let outcome = program.end("TERM");

    let log = outcome.errors.as_str();
    let lines = |text: &str| log.lines().filter(|line| line.contains(text)).collect::<Vec<_>>();
    let with_code = lines(&code);
    assert_eq!(with_code.len(), 1, "{with_code:#?}");
    assert!(with_code[0].contains("INFO"), "{with_code:?}");
    assert_eq!(lines(&NUMBER[1..]), with_code);
    assert_eq!(lines(view["client_secret"].as_str().unwrap()).len(), 0);
    assert_eq!(lines(approved["token"].as_str().unwrap()).len(), 0);
}

#[tokio::test]
async fn budget_show_says_what_was_spent_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    let show = |settings: &[(&str, &str)]| Program::run(&folder, &["budget", "show"], settings);
    let none = show(&[]);
    assert_eq!(
        (none.code, none.output.as_str()),
        (Some(0), "no budget is set: nothing is counted\n")
    );
    let settings = [
        ("PHONE_VERIFY__BUDGET__PER_DAY", "5"),
        ("PHONE_VERIFY__BUDGET__SMS", "0.25"),
        ("PHONE_VERIFY__BUDGET__CALL", "0.5"),
    ];
    let program = Program::serve(&folder, &settings);
    start(&program).await;
    let shown = show(&settings);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    let lines: Vec<&str> = shown.output.lines().collect();
    let [all_day, all_month, site_day, site_month] = lines.as_slice() else {
        panic!("{shown:?}");
    };
    let unlimited = ": normal; 0.25 USD, 1 sends, 0 with a price";
    for (line, whose, amount) in [
        (
            all_day,
            "all sites ",
            ": normal; 0.25 of 5.00 USD, 1 sends, 0 with a price",
        ),
        (all_month, "all sites ", unlimited),
        (site_day, "demo ", unlimited),
        (site_month, "demo ", unlimited),
    ] {
        assert!(line.starts_with(whose) && line.ends_with(amount), "{line}");
    }
    assert_eq!(program.end("TERM").code, Some(0));
}
