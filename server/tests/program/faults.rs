//! Disks that are full or cannot be written, and a signal under load.

use crate::process::{Program, client};
use crate::{check, code, post, start};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

async fn is_ready(program: &Program) -> u16 {
    let asked = client().get(format!("{}/readyz", program.url)).send();
    asked.await.unwrap().status().as_u16()
}

#[tokio::test]
async fn on_a_full_disk_it_denies_says_so_and_goes_on_when_there_is_room_again() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve_on_a_disk_that_may_fill(&folder);
    let before = start(&program).await;
    let right = code(&program).await;
    program.limit_files_to("0");

    let url = format!("{}/v1/verifications", program.url);
    let body = json!({"site_key": "demo", "phone_number": "+12025550135"});
    for _ in 0..3 {
        let (status, problem) = post(&url, None, &body).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (503, Some("unavailable")),
            "{problem}"
        );
    }
    let (status, problem) = check(&program, &before, &right).await;
    assert_eq!(
        (status, problem["code"].as_str()),
        (503, Some("unavailable")),
        "{problem}"
    );
    assert_eq!(is_ready(&program).await, 503);
    assert_eq!(
        sent(&program).await,
        1,
        "nothing is sent whose intent is not kept"
    );

    program.limit_files_to("unlimited");
    assert_eq!(is_ready(&program).await, 200);
    let (status, view) = check(&program, &before, &right).await;
    assert_eq!(
        (status, view["status"].as_str()),
        (200, Some("approved")),
        "{view}"
    );
    assert_eq!(post(&url, None, &body).await.0, 201);
    assert_eq!(sent(&program).await, 2);
    assert_eq!(program.end("TERM").code, Some(0));
}

async fn sent(program: &Program) -> usize {
    let request = client().get(format!("{}/dev/outbox", program.url));
    let entries = request.header("accept", "application/json").send().await.unwrap();
    entries.json::<Value>().await.unwrap().as_array().unwrap().len()
}

#[test]
fn a_folder_that_cannot_be_written_refuses_to_start_and_is_named() {
    let folder = TempDir::new().unwrap();
    let made = Program::run(&folder, &["migrate"], &[]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let data = folder.path().join("data");
    let allow = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for file in fs::read_dir(&data).unwrap() {
        allow(&file.unwrap().path(), 0o444);
    }
    allow(&data, 0o555);
    allow(folder.path(), 0o777);
    let outcome = Program::run_as_nobody(&folder, &["serve", "--listen", "127.0.0.1:0"]);
    allow(&data, 0o755);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.output.is_empty(), "it never listened: {outcome:?}");
    assert!(!outcome.errors.trim().is_empty());
}

/// Whatever was accepted is answered, and whatever was answered has been done.
#[tokio::test(flavor = "multi_thread")]
async fn under_load_a_signal_ends_it_with_0_and_no_request_with_a_5xx() {
    let folder = TempDir::new().unwrap();
    let variables = [
        ("PHONE_VERIFY__OUTBOX__FILE", "sent.jsonl"),
        ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s"),
    ];
    let program = Program::serve(&folder, &variables);
    let url = format!("{}/v1/verifications", program.url);
    let answered = Arc::new(AtomicUsize::new(0));
    let clients = (0..8).map(|number| {
        let (url, answered) = (url.clone(), answered.clone());
        tokio::spawn(async move { starts(&answered, &url, number).await })
    });
    let clients: Vec<_> = clients.collect();
    let under_way = async {
        while answered.load(Ordering::Relaxed) < 40 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), under_way)
        .await
        .unwrap();
    let outcome = tokio::task::spawn_blocking(|| program.end("TERM")).await.unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");

    let mut started = Vec::new();
    for client in clients {
        started.extend(client.await.unwrap());
    }
    assert!((40..800).contains(&started.len()), "{} starts", started.len());
    let sent = fs::read_to_string(folder.path().join("sent.jsonl")).unwrap();
    let again = Program::serve(&folder, &variables);
    let client = client();
    for view in &started {
        let id = view["id"].as_str().unwrap();
        assert_eq!(sent.matches(id).count(), 1, "sent once: {id}");
        let looked = client
            .get(format!("{}/v1/verifications/{id}", again.url))
            .bearer_auth(view["client_secret"].as_str().unwrap());
        let kept: Value = looked.send().await.unwrap().json().await.unwrap();
        assert_eq!(kept["delivery"]["state"], "accepted", "{kept}");
    }
}

/// The views of all starts that were answered, each on a connection of its own.
async fn starts(answered: &AtomicUsize, url: &str, client_number: u32) -> Vec<Value> {
    let client = client();
    let mut started = Vec::new();
    for number in 0..100 {
        let number = format!("+1202555{client_number}{number:03}");
        let body = json!({"site_key": "demo", "phone_number": number});
        let request = client.post(url).header("connection", "close").json(&body);
        // Refused, or closed before it was accepted.
        let Ok(response) = request.send().await else {
            break;
        };
        let status = response.status().as_u16();
        assert!(status < 500, "{status}");
        if status == 201 {
            started.push(response.json().await.unwrap());
            answered.fetch_add(1, Ordering::Relaxed);
        }
    }
    started
}
