//! Bodies, paths and headers against the real router, store and engine over HTTP.

use crate::harness::{Reply, Started, TestServer};
use crate::mutator::Mutator;
use crate::real::{Proof, Result};
use crate::{seed, time};
use reqwest::Method;
use reqwest::header::HeaderValue;
use tokio::time::Instant;

const BODIES: &[&[u8]] = &[
    br#"{"site_key":"demo","phone_number":"+12025550134","channel":"sms"}"#,
    br#"{"site_key":"demo","phone_number":"020 7946 0123","country":"GB","channel":"call","locale":"en-GB","nonce":"n","purpose":"p"}"#,
    br#"{"code":"012345","phone_number":"+12025550134"}"#,
    br#"{"channel":"call","phone_number":"+12025550134"}"#,
    br#"{"token":"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"}"#,
];

const HEADERS: &[&str] = &[
    "authorization",
    "idempotency-key",
    "origin",
    "x-forwarded-for",
    "content-type",
    "accept-language",
];

struct Target {
    server: TestServer,
    started: Started,
}

impl Target {
    /// Every door with the same body; what a client sends is never the server's fault.
    async fn ask(&self, input: &[u8]) {
        let of_one = format!("/v1/verifications/{}", self.started.id);
        let tail = String::from_utf8_lossy(&input[..input.len().min(40)]).into_owned();
        let strange = format!("/v1/verifications/{}", percent(&tail));
        let calls = [
            ("/v1/verifications".to_owned(), false),
            (format!("{of_one}/check"), true),
            (format!("{of_one}/resend"), true),
            ("/v1/tokens/redeem".to_owned(), false),
            ("/api/start_verification".to_owned(), false),
            ("/twilio/messages/status".to_owned(), false),
            (strange, true),
        ];
        for (path, secret) in calls {
            let mut request = self
                .server
                .request(Method::POST, &path)
                .header("content-type", "application/json")
                .body(input.to_vec());
            if secret {
                request = request.bearer_auth(&self.started.secret);
            } else if path.ends_with("redeem") {
                request = request.basic_auth("demo", Some("demo-secret"));
            } else if path.starts_with("/api") {
                request = request.header("sec-fetch-site", "same-origin");
            }
            let name = HEADERS[input.len() % HEADERS.len()];
            if let (true, Ok(value)) = (input.len().is_multiple_of(4), HeaderValue::from_bytes(input)) {
                request = request.header(name, value);
            }
            let reply = Reply::of(request).await;
            assert!(reply.status < 500, "{path}: {} {}", reply.status, reply.body);
            if path.starts_with("/v1") && reply.status >= 400 {
                assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
            }
        }
    }
}

/// As a path segment.
fn percent(text: &str) -> String {
    let encoded: Vec<String> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    encoded.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_path_or_header_is_answered_with_a_server_error() -> Result {
    let proof = Proof::begin("no_body_path_or_header_is_answered_with_a_server_error");
    // Limits far away: what is fuzzed is what stands before them.
    let target = {
        let server = TestServer::with(&[
            ("LIMITS__NUMBER__PER_HOUR", "1000000"),
            ("LIMITS__NUMBER__PER_DAY", "1000000"),
        ])
        .await;
        let started = server.started("+12025550135").await;
        Target { server, started }
    };
    let mut mutator = Mutator::new(seed(), BODIES);
    let begun = Instant::now();
    let mut inputs = 0_u64;
    while begun.elapsed() < time() {
        let input = mutator.next();
        let shown = crate::Shown(&input);
        target.ask(shown.0).await;
        inputs += 1;
    }
    assert!(inputs > 0);
    proof.held(
        &format!("{inputs} inputs to 7 routes each, seed {}", seed()),
        "no panic and no 5xx",
    )
}
