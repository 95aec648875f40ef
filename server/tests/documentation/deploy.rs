//! `examples/deploy` is what one may copy.

use phone_verify::config::{Config, Mode};
use std::collections::BTreeMap;

const SETTINGS: &str = include_str!("../../../examples/deploy/phone-verify.toml");
const COMPOSE: &str = include_str!("../../../examples/deploy/compose.yaml");
const DOCKERFILE: &str = include_str!("../../../Dockerfile");
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

#[test]
fn the_compose_file_starts_the_same_settings_on_postgresql_with_metrics_that_are_not_published() {
    let mut variables = filled();
    let given: BTreeMap<&str, &str> = COMPOSE
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(name, _)| name.starts_with("PHONE_VERIFY__"))
        .collect();
    variables.extend(given.iter().map(|(name, value)| {
        let value = value.replace("${POSTGRES_PASSWORD:?}", "secret");
        ((*name).to_owned(), value)
    }));
    let config = Config::parse(Some(SETTINGS), &variables).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(config.mode, Mode::Production));
    assert!(given["PHONE_VERIFY__DATABASE__URL"].starts_with("postgres://phone_verify:"));
    let metrics = config.http.metrics_listen.map(|address| address.port());
    let metrics = metrics.unwrap().to_string();
    let published = COMPOSE
        .lines()
        .filter(|line| line.trim().starts_with("- 127.0.0.1:"));
    let published: Vec<&str> = published.collect();
    assert_eq!(published.len(), 1);
    assert!(!published[0].contains(&metrics), "{published:?}");
}

#[test]
fn the_image_runs_as_nobody_with_folders_that_the_settings_name() {
    let given: BTreeMap<String, String> = DOCKERFILE
        .split(|letter: char| letter.is_whitespace())
        .filter_map(|word| word.split_once('='))
        .filter(|(name, _)| name.starts_with("PHONE_VERIFY__"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(given.len(), 3, "{given:?}");
    let variables = filled().into_iter().chain(given).collect();
    let config = Config::parse(Some(SETTINGS), &variables).unwrap_or_else(|error| panic!("{error}"));
    let last = DOCKERFILE.rsplit("\nFROM ").next().unwrap();
    assert!(last.starts_with("scratch\n") && last.contains("\nUSER 65532:65532\n"));
    for folder in [&config.data_dir, &config.keys_dir] {
        let folder = folder.to_str().unwrap();
        assert!(last.contains(&format!("\"{folder}\"")), "{folder} is a volume");
        assert!(
            DOCKERFILE.contains(&format!("/image{folder} ")),
            "{folder} is made"
        );
    }
}
