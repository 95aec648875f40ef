//! Twilio's own libraries for Node and Python, as published, with nothing changed but the base URL.

use crate::harness::TestServer;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use super::{ACCOUNT, SERVICE};

/// The package of Python's, as `server/tests/libraries/requirements.txt` pins it.
const REQUIREMENTS: &str = include_str!("../../libraries/requirements.txt");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where scripts find what was installed: tests run side by side; one installs.
static INSTALLING: Mutex<()> = Mutex::new(());

fn finished(mut command: Command, needs: &str) -> Output {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{needs} is needed for this test: {error}"));
    assert!(
        output.status.success(),
        "{shown} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Node.js, with Twilio's package at hand: the one that the fake is tested with.
fn node() -> Command {
    let folder = root().join("fake-twilio/tests/npm");
    let installing = INSTALLING.lock();
    if !folder.join("node_modules/twilio").is_dir() {
        let mut npm = Command::new("npm");
        npm.arg("ci").current_dir(&folder);
        finished(npm, "npm (Node 20 or newer)");
    }
    drop(installing);
    let mut node = Command::new("node");
    node.env("NODE_PATH", folder.join("node_modules"));
    node
}

/// Python of an environment of its own, with Twilio's package in it.
fn python() -> Command {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("twilio-python");
    let python = folder.join("bin/python");
    let installed = folder.join("installed.txt");
    let installing = INSTALLING.lock();
    if std::fs::read_to_string(&installed).ok().as_deref() != Some(REQUIREMENTS) {
        let needs = "Python 3 with venv (Debian: python3-venv)";
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&folder);
        finished(venv, needs);
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .arg(root().join("server/tests/libraries/requirements.txt"));
        finished(pip, needs);
        std::fs::write(&installed, REQUIREMENTS).unwrap();
    }
    drop(installing);
    Command::new(python)
}

/// Runs a script against servers: one as it comes, one that makes a number wait, one that sends a code twice at most.
async fn drives(script: impl FnOnce() -> Command + Send + 'static) {
    let server = TestServer::start().await;
    let waiting = TestServer::with(&[("LIMITS__NUMBER__SPACING", "60s")]).await;
    let twice = TestServer::with(&[("LIMITS__SENDS__PER_VERIFICATION", "2")]).await;
    let urls = [server.url.clone(), waiting.url.clone(), twice.url.clone()];
    let run = move || {
        let mut command = script();
        for (name, url) in ["PHONE_VERIFY_URL", "WAITING_URL", "TWICE_URL"].iter().zip(urls) {
            command.env(name, url);
        }
        command
            .env("ACCOUNT_SID", ACCOUNT)
            .env("SITE_SECRET", "demo-secret")
            .env("SERVICE_SID", SERVICE)
            .env("NUMBER", "+12025550134");
        for name in [
            "TWILIO_REGION",
            "TWILIO_EDGE",
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
        ] {
            command.env_remove(name);
        }
        finished(command, "Node 20 or newer, Python 3");
    };
    tokio::task::spawn_blocking(run).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn twilios_library_for_node_drives_it() {
    drives(|| {
        let mut node = node();
        node.arg("--test")
            .arg(root().join("server/tests/libraries/verify.test.cjs"));
        node
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twilios_library_for_python_drives_it() {
    drives(|| {
        let mut python = python();
        python.arg(root().join("server/tests/libraries/verify.py"));
        python
    })
    .await;
}

/// The first block of the page in this language, in a file.
fn shown(language: &str, name: &str) -> PathBuf {
    let page = std::fs::read_to_string(root().join("docs/verify-v2.md")).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    let (code, _) = rest.split_once("\n```").unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, code).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_shows_for_node_and_python_runs() {
    drives(|| {
        let mut node = node();
        node.arg(shown("js", "verify-v2.cjs"));
        node
    })
    .await;
    drives(|| {
        let mut python = python();
        python.arg(shown("python", "verify-v2.py"));
        python
    })
    .await;
}
