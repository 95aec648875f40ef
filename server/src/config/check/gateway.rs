//! `[http_sender]`.

use super::Findings;
use crate::config::Config;
use crate::senders::http::Gateway;
use std::time::Duration;

/// The browser waits for the answer to a start no longer than that.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn check(config: &Config, findings: &mut Findings) {
    let sender = &config.http_sender;
    if sender.url.is_none() {
        return;
    }
    match Gateway::new(sender) {
        Ok(gateway) if gateway.is_open_http() => {
            findings.refuse_in_production(config, "http_sender.url: it is not https: use an https address");
        }
        Ok(_) => {}
        Err(problem) => findings.refuse(problem.to_string()),
    }
    if sender.timeout > LONGEST_TIMEOUT {
        findings.refuse("http_sender.timeout: expected \"10s\" or less");
    }
}
