//! Numbers are read as Google's libphonenumber reads them: its JavaScript edition judges spellings of every region's
//! example numbers, and the server's reading must agree. Needs Node.js and npm.
#![expect(
    clippy::expect_used,
    reason = "a test ends where something is not as it must be"
)]

mod grouped;

use phone_verify::numbers::{self, NumberKind};
use phone_verify_domain::Country;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

#[derive(Deserialize)]
struct Judged {
    text: String,
    region: Option<String>,
    e164: Option<String>,
    country: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// What one of the scripts beside this file writes.
fn written_by<T: DeserializeOwned>(script: &str) -> Vec<T> {
    // Tests run side by side; one installs.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/numbers");
    let installing = INSTALLING.lock();
    if !folder.join("node_modules/google-libphonenumber").is_dir() {
        let status = Command::new("npm")
            .args(["ci", "--silent"])
            .current_dir(&folder)
            .status()
            .expect("npm is installed");
        assert!(status.success(), "npm ci: {status}");
    }
    drop(installing);
    let output = Command::new("node")
        .arg(script)
        .current_dir(&folder)
        .stderr(Stdio::inherit())
        .output()
        .expect("node is installed");
    assert!(output.status.success(), "node {script}: {}", output.status);
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

fn kind(name: &str) -> NumberKind {
    match name {
        "FIXED_LINE" | "MOBILE" | "FIXED_LINE_OR_MOBILE" | "VOIP" => NumberKind::Line,
        _ => NumberKind::Service,
    }
}

#[test]
fn thousands_of_spellings_of_every_regions_example_numbers_are_read_as_googles_libphonenumber_reads_them() {
    let judged: Vec<Judged> = written_by("oracle.mjs");
    assert!(judged.len() > 4_000, "only {} spellings", judged.len());
    let valid = judged.iter().filter(|judged| judged.e164.is_some()).count();
    assert!(valid > 4_000, "only {valid} spellings of valid numbers");

    let mut disagreements = Vec::new();
    for Judged {
        text,
        region,
        e164,
        country,
        kind: type_name,
    } in &judged
    {
        let ours = numbers::parse(text, region.as_deref().and_then(Country::parse)).ok();
        let agreed = match (&ours, e164) {
            (None, None) => true,
            // Google's plan of Germany has free numbers of 16 digits; E.164 ends at 15, and so do ours.
            (None, Some(e164)) => e164.len() > "+".len() + 15,
            (Some(ours), Some(e164)) => {
                ours.number.expose() == e164
                    && ours.country.map(|country| country.to_string()) == *country
                    && Some(ours.kind) == type_name.as_deref().map(kind)
            }
            _ => false,
        };
        if !agreed {
            let ours = ours.map(|ours| (ours.number.expose().to_owned(), ours.country, ours.kind));
            disagreements.push(format!(
                "{text:?} in {region:?}: {ours:?}, not {e164:?} {country:?} {type_name:?}"
            ));
        }
    }
    println!("{} spellings, {valid} of valid numbers", judged.len());
    assert!(
        disagreements.is_empty(),
        "{} disagree:\n{}",
        disagreements.len(),
        disagreements.join("\n")
    );
}
