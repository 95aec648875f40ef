//! The settings: where they come from, which win, and which refuse to start.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod refused;
mod senders;
mod sources;

use phone_verify::config::Config;
use std::collections::BTreeMap;

/// Enough for production to start.
const PRODUCTION: &str = r#"
[http]
public_url = "https://verify.example.com"
trusted_proxies = 1
[twilio]
account_sid = "AC00000000000000000000000000000001"
auth_token = "a-twilio-auth-token"
from = "+12025550100"
[[sites]]
key = "shop"
secret = "the-secret-of-the-shop"
origins = ["https://shop.example"]
countries = ["US", "GB"]
"#;

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn read(file: &str, variables: &[(&str, &str)]) -> Config {
    Config::parse(Some(file), &environment(variables)).unwrap()
}

fn problems(file: Option<&str>, variables: &[(&str, &str)]) -> Vec<String> {
    match Config::parse(file, &environment(variables)) {
        Ok(_) => panic!("accepted: {file:?} {variables:?}"),
        Err(error) => error.problems,
    }
}

fn assert_refused(file: Option<&str>, variables: &[(&str, &str)], line: &str) {
    let problems = problems(file, variables);
    assert!(
        problems.iter().any(|problem| problem.contains(line)),
        "{line:?} is not in {problems:?}"
    );
    for problem in &problems {
        assert!(!problem.contains('\n'), "one line: {problem:?}");
    }
}
