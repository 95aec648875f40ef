//! Twilio's own npm library drives the fake.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use fake_twilio::FakeTwilio;
use std::path::PathBuf;
use std::process::Command;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twilios_own_library_finds_twilio() {
    let fake = FakeTwilio::start().await.unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/npm");
    if !folder.join("node_modules/.package-lock.json").exists() {
        run(Command::new("npm").arg("ci").current_dir(&folder)).await;
    }
    let mut node = Command::new("node");
    node.args(["--test", "twilio.test.js"])
        .current_dir(&folder)
        .env("FAKE_TWILIO_URL", fake.url())
        .env("FAKE_ACCOUNT_SID", &fake.account().sid)
        .env("FAKE_AUTH_TOKEN", &fake.account().auth_token)
        .env("FAKE_API_KEY", &fake.account().api_key)
        .env("FAKE_API_KEY_SECRET", &fake.account().api_key_secret);
    // Either would send the library elsewhere.
    node.env_remove("TWILIO_REGION").env_remove("TWILIO_EDGE");
    run(&mut node).await;
}

async fn run(command: &mut Command) {
    let shown = command.get_program().display().to_string();
    let child = command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{shown} is needed for this test (Node 20 or newer): {error}"));
    let output = tokio::task::spawn_blocking(move || child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        output.status.success(),
        "{shown} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
