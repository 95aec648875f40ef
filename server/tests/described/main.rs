//! The running server against its own description: Schemathesis makes requests of `/openapi.json`, good ones and bad ones,
//! and holds each answer to what is described. `PHONE_VERIFY_TEST_EXAMPLES` sets how many a call gets.

#[path = "../real/mod.rs"]
mod real;

use real::{Api, Program, Proof, Result, from_environment};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The packages and their versions.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// What holds of every answer: no 5xx, a described status with a described body of a described type, `Allow` with every 405;
/// and nothing that the description forbids, without credentials or by another method, is done.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,negative_data_rejection,missing_required_header,unsupported_method,\
                      allow_header_conformance,ignored_auth";

/// The site `demo` as a service of Twilio's.
const SERVICE: &str = "VA2a97516c354b68848cdbd8f54a226a0a";

#[tokio::test]
async fn schemathesis_finds_no_answer_that_is_not_described() -> Result {
    let examples = from_environment("PHONE_VERIFY_TEST_EXAMPLES", 4_u32);
    let seed = from_environment("PHONE_VERIFY_TEST_SEED", 1_u64);
    let proof = Proof::begin("schemathesis_finds_no_answer_that_is_not_described");
    let schemathesis = tokio::task::spawn_blocking(installed).await??;
    let folder = TempDir::new()?;
    let program = Program::start(folder.path(), &[])?;
    let settings = folder.path().join("schemathesis.toml");
    std::fs::write(&settings, callers(&program.url).await?)?;

    let mut command = Command::new(schemathesis);
    command
        .arg("--config-file")
        .arg(&settings)
        .args(["run", &format!("{}/openapi.json", program.url)])
        .args([
            "--url",
            &program.url,
            "--phases",
            "examples,coverage,fuzzing",
            "--mode",
            "all",
        ])
        .args(["--checks", CHECKS])
        .args([
            "--max-examples",
            &examples.to_string(),
            "--seed",
            &seed.to_string(),
        ])
        .args([
            "--workers",
            "2",
            "--continue-on-failure",
            "--no-color",
            "--warnings",
            "off",
        ])
        .current_dir(folder.path());
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    let output = tokio::task::spawn_blocking(move || finished(command)).await??;
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let counted = told.lines().find(|line| line.contains(" generated"));
    let counted = counted.ok_or_else(|| format!("nothing was tried: {told}"))?;
    proof.held(
        &format!("{examples} examples a call, seed {seed}"),
        counted.trim().trim_end_matches(','),
    )
}

/// Who asks: each call as one who may, so that more is reached than the refusal of a stranger.
async fn callers(url: &str) -> Result<String> {
    let api = Api::new(url)?;
    let mut settings = format!("[parameters]\nservice = \"{SERVICE}\"\n");
    for (at, call) in ["view", "cancel", "resend", "check"].iter().enumerate() {
        let started = api.started(&format!("+1202555014{at}")).await?;
        write!(
            settings,
            "[[operations]]\ninclude-operation-id = \"{call}\"\nheaders = {{ Authorization = \"Bearer {}\" }}\n\
             parameters = {{ id = \"{}\" }}\n",
            started.secret, started.id
        )?;
    }
    for tag in ["Host", "Twilio Verify"] {
        write!(
            settings,
            "[[operations]]\ninclude-tag = \"{tag}\"\nauth = {{ basic = {{ username = \"demo\", password = \"demo-secret\" }} }}\n"
        )?;
    }
    // A CAPTCHA's users are told of what is missing or senseless by a 200.
    settings.push_str(
        "[[operations]]\ninclude-operation-id = \"siteVerify\"\n[operations.checks.negative_data_rejection]\nenabled = false\n",
    );
    Ok(settings)
}

/// Schemathesis in a Python environment of its own.
fn installed() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis-python");
    let done = folder.join("installed.txt");
    if std::fs::read_to_string(&done).ok().as_deref() != Some(REQUIREMENTS) {
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/described/requirements.txt");
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&folder);
        succeeded(venv)?;
        let mut pip = Command::new(folder.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .arg(requirements);
        succeeded(pip)?;
        std::fs::write(&done, REQUIREMENTS)?;
    }
    Ok(folder.join("bin/schemathesis"))
}

fn finished(mut command: Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output();
    Ok(output.map_err(|error| format!("{command:?} (Debian: python3-venv): {error}"))?)
}

fn succeeded(command: Command) -> Result {
    let shown = format!("{command:?}");
    let output = finished(command)?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{shown}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
