//! What an operator's Prometheus reads, and what dashboard and alerts ask it for.

use crate::process::{Program, client};
use crate::{check, code, start};
use serde_json::json;
use std::collections::BTreeSet;
use tempfile::TempDir;

const SETTINGS: &[(&str, &str)] = &[
    ("PHONE_VERIFY__HTTP__METRICS_LISTEN", "127.0.0.1:0"),
    ("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "0s"),
    ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "60s"),
];

async fn read(url: &str) -> (u16, String) {
    let reply = client().get(url).send().await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

/// A verification that is approved after a wrong code, a start that a limit refuses and a page that is not there.
async fn some_traffic(program: &Program) {
    let view = start(program).await;
    let right = code(program).await;
    let wrong = if right.starts_with('0') {
        "123456"
    } else {
        "012345"
    };
    assert_eq!(check(program, &view, wrong).await.0, 422);
    assert_eq!(check(program, &view, &right).await.0, 200);
    let again = client().post(format!("{}/v1/verifications", program.url));
    let again = again.json(&json!({"site_key": "demo", "phone_number": "+12025550134"}));
    assert_eq!(again.send().await.unwrap().status(), 429);
    assert_eq!(read(&format!("{}/nowhere/12025550134", program.url)).await.0, 404);
}

#[tokio::test]
async fn what_was_done_is_counted_on_the_listener_of_the_metrics_and_on_no_other() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, SETTINGS);
    some_traffic(&program).await;
    let url = program.metrics_url();
    let (status, text) = read(&url).await;
    assert_eq!(status, 200);
    for line in [
        r#"phone_verify_started_total{channel="sms",country="US"} 1"#,
        r#"phone_verify_approved_total{channel="sms",country="US"} 1"#,
        r#"phone_verify_requests_total{operation="start",outcome="ok"} 1"#,
        r#"phone_verify_requests_total{operation="start",outcome="too_many_requests"} 1"#,
        r#"phone_verify_requests_total{operation="check",outcome="wrong_code"} 1"#,
        r#"phone_verify_limited_total{limit="number"} 1"#,
        "phone_verify_wrong_codes_total 1",
        r#"phone_verify_sends_total{sender="outbox",channel="sms",outcome="accepted"} 1"#,
        r#"phone_verify_sender_up{sender="outbox",channel="sms"} 1"#,
        r#"phone_verify_store_errors_total{operation="start"} 0"#,
        "phone_verify_webhooks_waiting 0",
        r#"phone_verify_http_requests_total{method="POST",route="/v1/verifications",status="429"} 1"#,
        r#"phone_verify_http_requests_total{method="GET",route="none",status="404"} 1"#,
    ] {
        assert!(
            text.lines().any(|have| have == line),
            "{line} is missing in\n{text}"
        );
    }
    assert!(text.ends_with("# EOF\n"), "OpenMetrics ends so");

    let public = format!("{}/metrics", program.url);
    assert_eq!(read(&public).await.0, 404, "nothing on the public port");
    let private = url.replace("/metrics", "/v1/verifications");
    assert_eq!(read(&private).await.0, 404, "nothing else on the metrics' port");
    assert_eq!(program.end("TERM").code, Some(0));
}

#[tokio::test]
async fn without_the_setting_no_port_is_opened_for_metrics() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, &[]);
    let outcome = program.end("TERM");
    assert!(!outcome.errors.contains("metrics are served"), "{outcome:?}");
}

#[tokio::test]
async fn every_metric_that_dashboard_and_alerts_ask_for_is_there() {
    let folder = TempDir::new().unwrap();
    let program = Program::serve(&folder, SETTINGS);
    some_traffic(&program).await;
    let (_, text) = read(&program.metrics_url()).await;
    let are_there: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/monitoring");
    let dashboard = std::fs::read_to_string(format!("{page}/grafana.json")).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert!(parsed["panels"].as_array().unwrap().len() > 8);
    for (name, asked) in [
        ("grafana.json", dashboard),
        (
            "alerts.yml",
            std::fs::read_to_string(format!("{page}/alerts.yml")).unwrap(),
        ),
    ] {
        let names: BTreeSet<&str> = asked
            .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .filter(|word| word.starts_with("phone_verify_") || word.starts_with("process_"))
            .collect();
        assert!(names.len() > 5, "{name} asks for {names:?}");
        for asked in names {
            assert!(
                are_there.contains(asked),
                "{name} asks for {asked}, which is not among {are_there:?}"
            );
        }
    }
}

#[tokio::test]
async fn in_json_every_line_of_the_log_is_an_object_with_time_level_and_message() {
    let folder = TempDir::new().unwrap();
    let settings = [("PHONE_VERIFY__LOG__FORMAT", "json"), ("RUST_LOG", "debug")];
    let program = Program::serve(&folder, &settings);
    let view = start(&program).await;
    let right = code(&program).await;
    assert_eq!(check(&program, &view, &right).await.0, 200);
    let outcome = program.end("TERM");
    assert!(outcome.errors.lines().count() > 5, "{outcome:?}");
    for line in outcome.errors.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        for key in ["timestamp", "level", "target"] {
            assert!(object[key].is_string(), "{key} in {line}");
        }
        assert!(object["fields"].is_object(), "{line}");
    }
}
