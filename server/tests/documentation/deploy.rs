//! `examples/deploy` is what one may copy.

use phone_verify::config::{Config, Mode};
use std::collections::BTreeMap;

const SETTINGS: &str = include_str!("../../../examples/deploy/phone-verify.toml");
const ENVIRONMENT: &str = include_str!("../../../examples/deploy/environment");

/// The variables that the example asks to be filled in, filled in.
fn filled() -> BTreeMap<String, String> {
    ENVIRONMENT
        .lines()
        .filter_map(|line| line.strip_suffix('='))
        .map(|name| {
            let value = match name {
                "TWILIO_ACCOUNT_SID" => "AC0123456789abcdef0123456789abcdef",
                "TWILIO_MESSAGING_SERVICE_SID" => "MG0123456789abcdef0123456789abcdef",
                "TWILIO_FROM_NUMBER" => "+12025550123",
                _ => "a secret that is long enough",
            };
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

#[test]
fn the_example_settings_start_in_production_once_the_secrets_are_filled_in() {
    let config = Config::parse(Some(SETTINGS), &filled()).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(config.mode, Mode::Production));
    assert_eq!(config.http.trusted_proxies, Some(1));
    assert!(
        Config::parse(Some(SETTINGS), &BTreeMap::new()).is_err(),
        "without the secrets"
    );
}
