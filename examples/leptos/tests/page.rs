//! What `docs/leptos.md` shows is this program, short, and it works.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Child, Command};
use std::time::Duration;

const PAGE: &str = include_str!("../../../docs/leptos.md");
const FILES: [&str; 2] = [include_str!("../src/lib.rs"), include_str!("../src/main.rs")];

/// A file without the comment that says what it is.
fn shown(file: &str) -> &str {
    file.split_once("\n\n").unwrap().1
}

#[test]
fn the_documentation_shows_it_word_for_word_in_fewer_than_40_lines_of_code() {
    for file in FILES {
        assert!(PAGE.contains(&format!("```rust\n{}```", shown(file))), "{file}");
    }
    let lines = FILES.iter().flat_map(|file| shown(file).lines());
    let is_code = |line: &&str| !line.is_empty() && !line.trim_start().starts_with("//");
    let code = lines.filter(is_code).count();
    assert!(code < 40, "{code} lines");
}

/// The program, which ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn its_page_has_the_form_and_its_server_functions_do_the_whole_job() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_leptos-host"))
        .current_dir(folder.path())
        .env("PHONE_VERIFY__HTTP__LISTEN", free.to_string())
        .env("LEPTOS_OUTPUT_NAME", "leptos-host")
        .env("LEPTOS_SITE_PKG_DIR", "site")
        .spawn();
    let _program = Program(program.unwrap());

    let url = format!("http://{free}");
    let client = client();
    let page = loop {
        match client.get(&url).send().await {
            Ok(page) => break page,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let html = page.text().await.unwrap();
    assert!(
        html.contains("Phone number") && html.contains("/site/leptos-host.js"),
        "{html}"
    );
    let nonce = html
        .split("nonce=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    assert!(policy.contains(nonce.unwrap()), "{policy}: {html}");

    let ask = async |function: &str, body: &Value| -> Value {
        let request = client
            .post(format!("{url}/api/{function}"))
            .header("origin", &url);
        request.json(body).send().await.unwrap().json().await.unwrap()
    };
    let number = "+12025550134";
    let start = json!({ "site_key": "demo", "phone_number": number, "channel": "sms" });
    let started = ask("start_verification", &start).await;
    let outbox = client
        .get(format!("{url}/dev/outbox"))
        .header("accept", "application/json");
    let sent: Value = outbox.send().await.unwrap().json().await.unwrap();
    let check =
        json!({ "id": started["id"], "client_secret": started["client_secret"], "code": sent[0]["code"] });
    let checked = ask("check_code", &check).await;
    assert_eq!(checked["status"], "approved", "{checked}");
    assert!(checked["token"].is_string());
}

#[expect(clippy::disallowed_methods, reason = "the test's own client")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}
