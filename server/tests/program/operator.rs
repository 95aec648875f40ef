//! What the operator does on the command line, beside a running server.

use crate::process::{Program, client};
use crate::{NUMBER, post};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

const SETTINGS: &[(&str, &str)] = &[
    ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s"),
    ("PHONE_VERIFY__LIMITS__NUMBER__PER_HOUR", "2"),
    ("PHONE_VERIFY__LIMITS__CONVERSION__ENABLED", "true"),
];
const ABROAD: &str = "+447400123456";

struct Deployment {
    folder: TempDir,
    program: Program,
}

impl Deployment {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let program = Program::serve(&folder, SETTINGS);
        Self { folder, program }
    }

    async fn start(&self, number: &str) -> (u16, Value) {
        let url = format!("{}/v1/verifications", self.program.url);
        post(&url, None, &json!({"site_key": "demo", "phone_number": number})).await
    }

    async fn sent(&self) -> usize {
        let outbox = client().get(format!("{}/dev/outbox", self.program.url));
        let outbox = outbox.header("accept", "application/json").send().await.unwrap();
        outbox.json::<Vec<Value>>().await.unwrap().len()
    }

    fn says(&self, arguments: &[&str]) -> String {
        let outcome = Program::run(&self.folder, arguments, SETTINGS);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        outcome.output
    }

    fn refuses(&self, arguments: &[&str], said: &str) {
        let outcome = Program::run(&self.folder, arguments, SETTINGS);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.errors.contains(said), "{outcome:?}");
    }

    /// Decisions are written within a second or so.
    async fn eventually_says(&self, arguments: &[&str], said: &str) -> String {
        for _ in 0..100 {
            let output = self.says(arguments);
            if output.contains(said) {
                return output;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{arguments:?} never says {said}");
    }
}

#[tokio::test]
async fn breakers_are_listed_opened_and_closed_beside_a_running_server() {
    let deployment = Deployment::new();
    assert_eq!(deployment.says(&["breakers", "list"]), "");
    deployment.start(NUMBER).await;
    let listed = deployment.says(&["breakers", "list"]);
    assert!(
        listed.starts_with("US: closed; 0 of 1 sends approved\n"),
        "{listed}"
    );
    let prefix = listed.lines().nth(1).unwrap();
    assert!(
        prefix.ends_with(" in US: closed; 0 of 1 sends approved"),
        "{prefix}"
    );
    let (prefix, _) = prefix.split_once(' ').unwrap();

    assert_eq!(deployment.says(&["breakers", "open", "US"]), "open\n");
    assert_eq!(deployment.says(&["breakers", "open", "US"]), "open before\n");
    let listed = deployment.says(&["breakers", "list"]);
    assert!(listed.starts_with("US: open since 2"), "{listed}");
    assert!(listed.contains(" by hand; 0 of 0 sends approved\n"), "{listed}");
    assert_eq!(
        deployment.start("+12125550134").await.0,
        201,
        "nobody learns of it"
    );
    assert_eq!(deployment.sent().await, 1);
    deployment.start(ABROAD).await;
    assert_eq!(deployment.sent().await, 2);
    assert_eq!(deployment.says(&["breakers", "close", "US"]), "closed\n");
    assert_eq!(deployment.says(&["breakers", "close", "US"]), "closed before\n");
    deployment.start("+12125550134").await;
    assert_eq!(deployment.sent().await, 3);

    assert_eq!(deployment.says(&["breakers", "open", prefix]), "open\n");
    assert_eq!(deployment.says(&["breakers", "open", NUMBER]), "open before\n");
    deployment.start("+12025550177").await;
    assert_eq!(deployment.sent().await, 3, "of the same prefix");
    assert_eq!(deployment.says(&["breakers", "close", NUMBER]), "closed\n");
    let unknown = "00".repeat(32);
    for place in ["nowhere", "", "+1", unknown.as_str()] {
        deployment.refuses(&["breakers", "open", place], "PLACE: ");
    }
    let off = Program::run(&deployment.folder, &["breakers", "open", "US"], &[]);
    assert!(
        off.errors.contains("limits.conversion.enabled is false"),
        "{off:?}"
    );
    deployment.program.end("TERM");
}

#[tokio::test]
async fn a_number_is_looked_up_and_unlocked_and_its_decisions_are_told() {
    let deployment = Deployment::new();
    let (_, view) = deployment.start(NUMBER).await;
    let id = view["id"].as_str().unwrap();
    deployment.start(NUMBER).await;
    assert_eq!(deployment.start(NUMBER).await.0, 429);
    let limited = " refused start number: 2 of 2 in 1 h, again in ";
    let looked_up = deployment
        .eventually_says(&["look-up", "+1 202 555 0134"], limited)
        .await;
    for said in [
        "number: +1 ••• ••• ••34\n",
        "country: US\n",
        "blocked: no\n",
        "has said STOP: no\n",
        "next message possible: in ",
        " demo sms: accepted; verification ",
        " looked_up by command line\n",
    ] {
        assert!(looked_up.contains(said), "{said}: {looked_up}");
    }
    assert!(!looked_up.contains("5550134"), "{looked_up}");
    let unlocked = deployment.says(&["unlock", NUMBER]);
    assert_eq!(unlocked, "unlocked; next message possible: now\n");
    assert_eq!(deployment.start(NUMBER).await.0, 201);
    for command in ["look-up", "unlock"] {
        deployment.refuses(&[command, "555"], "NUMBER: ");
    }

    deployment.start("+1 202 555").await;
    let all = deployment.eventually_says(&["decisions"], "invalid_number").await;
    let newest_first: Vec<&str> = all.lines().collect();
    assert_eq!(newest_first.len(), 2, "{all}");
    assert!(
        newest_first[0].contains(" refused start invalid_number: site demo; sms"),
        "{all}"
    );
    assert!(
        newest_first[1].contains(limited) && newest_first[1].ends_with("site demo; sms; US"),
        "{all}"
    );
    let by_rule = deployment.says(&["decisions", "--rule", "number", "--json"]);
    let object: Value = serde_json::from_str(&by_rule).unwrap();
    for (field, value) in [
        ("outcome", json!("refused")),
        ("operation", json!("start")),
        ("rule", json!("number")),
        ("site", json!("demo")),
        ("country", json!("US")),
        ("counted", json!(2)),
        ("allowed", json!(2)),
        ("window", json!(3_600)),
        ("times", json!(1)),
    ] {
        assert_eq!(object[field], value, "{by_rule}");
    }
    let whole = deployment.says(&["decisions", "--verification", id]);
    assert!(
        whole.contains(" allowed start -: site demo; sms; US; "),
        "{whole}"
    );
    assert_eq!(deployment.says(&["decisions", "--site", "other"]), "");
    assert_eq!(
        deployment
            .says(&["decisions", "--since", "2h", "--limit", "1"])
            .lines()
            .count(),
        1
    );
    assert_eq!(
        deployment.says(&["decisions", "--since", "2999-01-01T00:00:00Z"]),
        ""
    );
    for (option, value) in [
        ("--verification", "17"),
        ("--site", " "),
        ("--rule", "x"),
        ("--since", "soon"),
    ] {
        deployment.refuses(&["decisions", option, value], &format!("{option}: "));
    }
    deployment.program.end("TERM");
}

#[tokio::test]
async fn what_was_decided_in_the_last_moment_is_written_before_a_server_ends() {
    let deployment = Deployment::new();
    assert_eq!(deployment.start("+1 202 555").await.0, 422);
    let Deployment { folder, program } = deployment;
    assert_eq!(program.end("TERM").code, Some(0));
    let outcome = Program::run(&folder, &["decisions"], SETTINGS);
    assert_eq!(outcome.output.lines().count(), 1, "{outcome:?}");
}
