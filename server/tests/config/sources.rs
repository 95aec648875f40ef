//! Where settings come from, and which win.

use crate::{PRODUCTION, environment, read};
use phone_verify::config::{Config, LogFormat, Mode, SenderName};
use phone_verify::sites::{Countries, OriginRule};
use phone_verify_domain::{Channel, SiteKey};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::time::Duration;

#[test]
fn without_a_file_it_is_development_whatever_the_variables_say() {
    let config = Config::parse(None, &environment(&[("PHONE_VERIFY__LOG__LEVEL", "debug")])).unwrap();
    assert_eq!(config.mode, Mode::Development);
    assert!(config.is_loopback_only());
    assert_eq!(config.routes().sms, [SenderName::Outbox]);
    assert_eq!(config.routes().call, [SenderName::Outbox]);
}

#[test]
fn with_a_file_it_is_production_unless_mode_says_otherwise() {
    assert_eq!(read(PRODUCTION, &[]).mode, Mode::Production);
    let said = read("mode = \"development\"", &[]);
    assert_eq!(said.mode, Mode::Development);
    assert!(!said.is_loopback_only(), "asked for explicitly");
    let by_variable = read("", &[("PHONE_VERIFY__MODE", "development")]);
    assert_eq!(by_variable.mode, Mode::Development);
}

#[test]
fn development_has_a_demo_site_and_wide_limits() {
    let config = Config::parse(None, &BTreeMap::new()).unwrap();
    let sites = config.sites().unwrap();
    let demo = sites.get(&SiteKey::parse("demo").unwrap()).unwrap();
    assert_eq!(demo.secrets[0].expose_secret(), "demo-secret");
    assert_eq!(demo.origins, [OriginRule::Loopback]);
    assert_eq!(demo.countries, Countries::All);
    assert_eq!(demo.channels, [Channel::Sms, Channel::Call]);

    let number = &config.limits.number;
    assert_eq!(number.spacing, Duration::from_secs(10));
    assert_eq!((number.per_hour.get(), number.per_day.get()), (100, 100));
    assert_eq!(number.pending.get(), 5);
    assert_eq!(config.limits.address.per_10_minutes.get(), 1_000);
    let deployment = config.limits.deployment.per_minute.unwrap();
    assert_eq!(deployment.get(), 1_000);
    assert_eq!(config.limits.checks.per_verification.get(), 5);
}

#[test]
fn development_with_sites_has_no_demo_site() {
    let config = read("mode = \"development\"\n[[sites]]\nkey = \"mine\"", &[]);
    let keys: Vec<&str> = config.sites.iter().map(|site| site.key.as_str()).collect();
    assert_eq!(keys, ["mine"]);
}

#[test]
fn production_has_the_documented_defaults() {
    let config = read(PRODUCTION, &[]);
    let limits = &config.limits;
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.http.connections_per_address.get(), 64);
    assert_eq!(
        config.database_url().expose_secret(),
        "sqlite://./data/phone-verify.db"
    );
    assert_eq!(config.code.length, 6);
    assert_eq!(config.code.ttl, Duration::from_mins(10));
    assert_eq!(limits.checks.per_verification.get(), 5);
    assert_eq!(limits.checks.per_number_per_day.get(), 10);
    assert_eq!(limits.checks.pacing_factor, Duration::from_secs(15));
    assert_eq!(limits.sends.per_verification.get(), 5);
    assert_eq!(limits.number.spacing, Duration::from_mins(1));
    assert_eq!(limits.number.per_hour.get(), 3);
    assert_eq!(limits.number.per_day.get(), 5);
    assert_eq!(limits.address.per_10_minutes.get(), 10);
    assert_eq!(limits.address.per_hour.get(), 30);
    assert_eq!(limits.address.per_day.get(), 100);
    assert_eq!(limits.prefix.per_hour.get(), 10);
    assert_eq!(limits.prefix.per_day.get(), 25);
    assert_eq!(limits.deployment.per_hour.get(), 1_000);
    assert_eq!(limits.deployment.per_day.get(), 5_000);
    assert_eq!(limits.lock(), None);
    assert_eq!(limits.failed_checks.per_minute.get(), 60);
    assert_eq!(config.outbox.keep.get(), 1_000);
    assert_eq!(config.sites[0].token_ttl, Duration::from_mins(5));
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = read(
        PRODUCTION,
        &[
            ("PHONE_VERIFY__LIMITS__NUMBER__PER_HOUR", "7"),
            ("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "90s"),
            ("PHONE_VERIFY__LIMITS__CONVERSION__ENABLED", "false"),
            ("PHONE_VERIFY__LOG__FORMAT", "json"),
            ("PHONE_VERIFY__HTTP__LISTEN", "0.0.0.0:8080"),
            ("PHONE_VERIFY__HTTP__TRUSTED_PROXIES", "2"),
            ("PHONE_VERIFY__CODE__TEMPLATE__EN", "{code} from {site}"),
            ("PHONE_VERIFY__SITES__0__COUNTRIES", "de, AT,ch"),
            ("PHONE_VERIFY__SITES__0__CHANNELS", "sms"),
            ("PHONE_VERIFY__SITES__0__TOKEN_NUMBER", "true"),
            ("PHONE_VERIFY__SITES__1__KEY", "second"),
        ],
    );
    assert_eq!(config.limits.number.per_hour.get(), 7);
    assert_eq!(config.limits.number.per_day.get(), 5);
    assert_eq!(config.limits.checks.pacing_factor, Duration::from_secs(90));
    assert!(!config.limits.conversion.enabled);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.http.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(config.http.proxies(), 2);
    assert_eq!(config.code.template["en"], "{code} from {site}");
    assert_eq!(config.sites[0].key, "shop");
    assert_eq!(config.sites[0].countries, ["de", "AT", "ch"]);
    assert_eq!(config.sites[0].channels, [Channel::Sms]);
    assert!(config.sites[0].token_number);
    assert_eq!(config.sites[1].key, "second");
}

#[test]
fn sites_can_come_from_the_environment_alone() {
    let origins = "https://a.example:443,http://localhost:8080";
    let variables = [
        ("PHONE_VERIFY__SITES__0__KEY", "a"),
        ("PHONE_VERIFY__SITES__0__ORIGINS", origins),
        ("PHONE_VERIFY__SITES__0__COUNTRIES", "*"),
        ("PHONE_VERIFY__SITES__1__KEY", "b"),
        ("PHONE_VERIFY__SITES__1__COUNTRIES", ""),
    ];
    let sites = Config::parse(None, &environment(&variables))
        .unwrap()
        .sites()
        .unwrap();
    let site = |key| sites.get(&SiteKey::parse(key).unwrap());
    let exact = |origin: &str| OriginRule::Exact(origin.to_owned());
    let a = site("a").unwrap();
    assert_eq!(
        a.origins,
        [exact("https://a.example"), exact("http://localhost:8080")]
    );
    assert_eq!(a.countries, Countries::All);
    assert!(site("b").is_some());
    assert!(site("demo").is_none());
}
