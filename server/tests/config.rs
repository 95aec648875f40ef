//! The settings: where they come from, which win, and which refuse to start.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use phone_verify::config::{Config, LogFormat, Mode, SenderName};
use phone_verify::sites::{Countries, OriginRule};
use phone_verify_domain::{Channel, SiteKey};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::time::Duration;

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

#[test]
fn twilios_own_names_are_read_and_lose_to_ours() {
    let variables = [
        ("TWILIO_ACCOUNT_SID", "ACtheirs"),
        ("TWILIO_AUTH_TOKEN", "theirs"),
        ("TWILIO_API_KEY", "SK1"),
        ("TWILIO_API_KEY_SECRET", "key-secret"),
        ("TWILIO_FROM_NUMBER", "+12025550100"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG1"),
        ("TWILIO_VERIFY_SERVICE_SID", "VA1"),
        ("TWILIO_REGION", "ie1"),
        ("TWILIO_EDGE", ""),
        ("TWILIO_INCOMING_RESPONSE", "Nobody reads this."),
        ("TWILIO_API_URL", "http://127.0.0.1:4010"),
        ("TWILIO_VERIFY_URL", "http://127.0.0.1:4011/"),
        ("TWILIO_LOOKUPS_URL", "http://localhost:4012"),
        ("PHONE_VERIFY__TWILIO__ACCOUNT_SID", "ACours"),
    ];
    let twilio = Config::parse(None, &environment(&variables)).unwrap().twilio;
    assert_eq!(twilio.account_sid.as_deref(), Some("ACours"));
    assert_eq!(twilio.auth_token.unwrap().expose_secret(), "theirs");
    assert_eq!(twilio.api_key.as_deref(), Some("SK1"));
    assert_eq!(twilio.api_key_secret.unwrap().expose_secret(), "key-secret");
    assert_eq!(twilio.from.as_deref(), Some("+12025550100"));
    assert_eq!(twilio.messaging_service_sid.as_deref(), Some("MG1"));
    assert_eq!(twilio.verify_service_sid.as_deref(), Some("VA1"));
    assert_eq!(twilio.region.as_deref(), Some("ie1"));
    assert_eq!(twilio.edge, None);
    assert_eq!(twilio.incoming_response.as_deref(), Some("Nobody reads this."));
    assert_eq!(twilio.api_url.unwrap().as_str(), "http://127.0.0.1:4010");
    assert_eq!(twilio.verify_url.unwrap().as_str(), "http://127.0.0.1:4011");
    assert_eq!(twilio.lookups_url.unwrap().as_str(), "http://localhost:4012");
}

#[test]
fn senders_follow_from_what_twilio_is_given() {
    let routes = |more: &[(&str, &str)]| {
        let credentials = [("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "token")];
        let all: Vec<_> = credentials.iter().chain(more).copied().collect();
        let routes = Config::parse(None, &environment(&all)).unwrap().routes();
        (routes.sms, routes.call)
    };
    let from = ("TWILIO_FROM_NUMBER", "+12025550100");
    let service = ("TWILIO_MESSAGING_SERVICE_SID", "MG1");
    let named = ("PHONE_VERIFY__SENDERS__SMS", "messages,outbox");

    assert_eq!(
        routes(&[from]),
        (vec![SenderName::Messages], vec![SenderName::Calls])
    );
    assert_eq!(routes(&[service]), (vec![SenderName::Messages], vec![]));
    let verify = ("TWILIO_VERIFY_SERVICE_SID", "VA1");
    assert_eq!(
        routes(&[verify]),
        (vec![SenderName::Verify], vec![SenderName::Verify])
    );
    assert_eq!(routes(&[verify, service]).0, [SenderName::Messages]);
    // Development, and nothing to send from.
    assert_eq!(routes(&[]), (vec![SenderName::Outbox], vec![SenderName::Outbox]));
    assert_eq!(
        routes(&[from, named]),
        (vec![SenderName::Messages, SenderName::Outbox], vec![])
    );
}

#[test]
fn with_twilios_codes_no_other_sender_stands_beside_verify() {
    let twilio = "mode = \"development\"\n[twilio]\naccount_sid = \"AC1\"\nauth_token = \"t\"\nfrom = \"+12025550100\"\n";
    let alone = "senders: with Twilio Verify the code is Twilio's";
    for senders in [
        "sms = [\"verify\", \"messages\"]",
        "sms = [\"verify\"]\ncall = [\"calls\"]",
        "sms = [\"outbox\"]\ncall = [\"verify\"]",
    ] {
        let file = format!("{twilio}verify_service_sid = \"VA1\"\n[senders]\n{senders}");
        assert_refused(Some(&file), &[], alone);
        let custom = file.replace("[senders]", "verify_custom_code = true\n[senders]");
        Config::parse(Some(&custom), &environment(&[])).unwrap();
    }
    let file = format!("{twilio}verify_service_sid = \"VA1\"\n[senders]\nsms = [\"verify\"]");
    Config::parse(Some(&file), &environment(&[])).unwrap();
    let none = format!("{twilio}[senders]\nsms = [\"verify\"]");
    assert_refused(
        Some(&none),
        &[],
        "senders.sms: `verify` needs twilio.verify_service_sid",
    );
    let path = format!("{twilio}verify_service_sid = \"VA1/../x\"");
    assert_refused(Some(&path), &[], "twilio.verify_service_sid: expected");
}

/// What is wrong in a file, and the line that says so.
const UNREADABLE: &[(&str, &str)] = &[
    ("unknown_thing = 1", "unknown field `unknown_thing`"),
    ("[http]\nlisen = \"x\"", "unknown field `lisen`"),
    ("[[sites]]\nkey = \"a\"\norigin = []", "unknown field `origin`"),
    (
        "[limits.number]\nper_hour = 0",
        "limits.number.per_hour: a count of 0",
    ),
    (
        "[limits.number]\nper_hour = 1000001",
        "limits.number.per_hour: expected 1 to",
    ),
    (
        "[limits.number]\nper_hour = -1",
        "limits.number.per_hour: expected 1 to",
    ),
    (
        "[limits.number]\nper_hour = \"many\"",
        "limits.number.per_hour: expected",
    ),
    (
        "[limits.checks]\npacing_factor = \"soon\"",
        "limits.checks.pacing_factor: expected",
    ),
    (
        "[limits.checks]\npacing_factor = 15",
        "limits.checks.pacing_factor: expected",
    ),
    (
        "[code]\nttl = \"0s\"",
        "code.ttl: expected a duration longer than",
    ),
    ("[code]\nlength = 5", "code.length: expected 6 to 10"),
    ("[code]\nlength = 11", "code.length: expected 6 to 10"),
    (
        "[code]\ntemplate.en = \"none\"",
        "code.template.en: `{code}` is not in it",
    ),
    (
        "[http]\npublic_url = \"https://a.example/path\"",
        "http.public_url: expected scheme",
    ),
    (
        "[http]\npublic_url = \"a.example\"",
        "http.public_url: expected scheme",
    ),
    ("[http]\nlisten = \"3000\"", "http.listen: "),
    ("[log]\nformat = \"xml\"", "log.format: unknown variant"),
    (
        "[twilio]\nauth_token = 1234",
        "twilio.auth_token: expected a string, found a whole number",
    ),
    ("[[sites]]\nkey = \"a b\"", "sites[0].key: expected 1 to 64"),
    ("[[sites]]\nsecret = \"x\"", "sites[0].key: it is missing"),
    (
        "[[sites]]\nkey = \"a\"\n[[sites]]\nkey = \"a\"",
        "sites[1].key: another site has",
    ),
    (
        "[[sites]]\nkey = \"a\"\norigins = [\"*\"]",
        "sites[0].origins: expected scheme",
    ),
    (
        "[[sites]]\nkey = \"a\"\norigins = [\"null\"]",
        "sites[0].origins: expected scheme",
    ),
    (
        "[[sites]]\nkey = \"a\"\ncountries = [\"UK\"]",
        "sites[0].countries: `UK` is no region",
    ),
    (
        "[[sites]]\nkey = \"a\"\nchannels = [\"fax\"]",
        "sites[0].channels[0]: ",
    ),
    ("[[sites]]\nkey = \"a\"\nchannels = []", "sites[0].channels: name"),
    (
        "[[sites]]\nkey = \"a\"\ntoken_ttl = \"59s\"",
        "sites[0].token_ttl: expected",
    ),
    (
        "[[sites]]\nkey = \"a\"\ntoken_ttl = \"61m\"",
        "sites[0].token_ttl: expected",
    ),
    (
        "[[sites]]\nkey = \"a\"\nwebhook_secret = \"whsec_c2hvcnQ=\"",
        "sites[0].webhook_secret: ",
    ),
    (
        "[[test_numbers]]\npattern = \"1\"\ncode = \"000000\"",
        "test_numbers[0].pattern: ",
    ),
    (
        "[[test_numbers]]\npattern = \"+1*\"\ncode = \"0000\"",
        "test_numbers[0].code: expected",
    ),
    (
        "data_dir = \"./d\"\nkeys_dir = \"./x/../d/keys\"",
        "keys_dir: it lies inside data_dir",
    ),
    (
        "[senders]\nsms = [\"calls\"]",
        "senders.sms: `calls` does not serve this channel",
    ),
    (
        "[senders]\nsms = [\"messages\"]",
        "senders.sms: `messages` needs twilio.from",
    ),
    (
        "[senders]\nsms = [\"outbox\", \"outbox\"]",
        "senders.sms: `outbox` is there twice",
    ),
    ("[calls]\npress_key = true", "calls.press_key: "),
];

#[test]
fn a_setting_that_cannot_be_read_is_named_by_its_path() {
    for (text, line) in UNREADABLE {
        assert_refused(Some(&format!("mode = \"development\"\n{text}")), &[], line);
    }
    assert_refused(Some("mode = \"staging\""), &[], "mode: unknown variant");
    assert_refused(Some("\n\nthis is no toml"), &[], "line 3: ");
}

#[test]
fn a_variable_that_cannot_be_read_is_named_and_its_value_kept_back() {
    let rows = [
        (
            "LIMITS__NUMBER__PER_HOUR",
            "limits.number.per_hour: expected a whole number",
        ),
        ("TWILIO__LOOKUP", "twilio.lookup: expected true or false"),
        ("HTTP__PUBLIC_URL", "http.public_url: "),
        ("TWILIO__AUTH", "unknown field `auth`"),
        ("HTTP", "http: "),
        ("SITES__3__KEY", "sites: expected a list numbered from 0"),
    ];
    for (name, line) in rows {
        let name = format!("PHONE_VERIFY__{name}");
        let variables = [(name.as_str(), "s3cret")];
        assert_refused(None, &variables, line);
        for problem in problems(None, &variables) {
            assert!(!problem.contains("s3cret"), "{problem}");
        }
    }
    let broken = "[twilio]\nauth_token = \"s3cret\" oops";
    assert!(!problems(Some(broken), &[])[0].contains("s3cret"));
}

#[test]
fn production_refuses_what_is_dangerous_and_says_what_to_change() {
    let test_number = [
        ("PHONE_VERIFY__TEST_NUMBERS__0__PATTERN", "+1212*"),
        ("PHONE_VERIFY__TEST_NUMBERS__0__CODE", "000000"),
    ];
    assert_refused(Some(PRODUCTION), &test_number, "remove them");

    let half_a_key = "twilio.api_key, twilio.api_key_secret: one is there without the other";
    let rows = [
        ("PHONE_VERIFY__SENDERS__SMS", "outbox", "`outbox` sends nothing"),
        (
            "PHONE_VERIFY__SITES__0__ORIGINS",
            "http://shop.example",
            "sites[0].origins: one is not https",
        ),
        (
            "PHONE_VERIFY__SITES__0__ORIGINS",
            "loopback",
            "sites[0].origins: `loopback` is for development",
        ),
        (
            "PHONE_VERIFY__SITES__0__WEBHOOK_URL",
            "http://shop.example/hook",
            "webhook_url: it is not https",
        ),
        (
            "PHONE_VERIFY__HTTP__PUBLIC_URL",
            "http://verify.example.com",
            "http.public_url: it is not https",
        ),
        (
            "PHONE_VERIFY__HTTP__TRUSTED_PROXIES",
            "",
            "http.trusted_proxies: ",
        ),
        (
            "PHONE_VERIFY__TWILIO__API_URL",
            "http://twilio.example",
            "twilio.api_url: it is not https",
        ),
        (
            "PHONE_VERIFY__TWILIO__FROM",
            "",
            "senders: nothing can deliver a code",
        ),
        ("PHONE_VERIFY__CODE__LENGTH", "5", "code.length"),
        ("PHONE_VERIFY__LIMITS__LOCK_DAYS", "3651", "limits.lock_days"),
        (
            "PHONE_VERIFY__RETENTION__VERIFICATIONS",
            "23h",
            "retention.verifications",
        ),
        ("PHONE_VERIFY__RETENTION__TOKENS", "0s", "retention.tokens"),
        ("PHONE_VERIFY__DATABASE__PATIENCE", "1s", "database.patience"),
        ("PHONE_VERIFY__DATABASE__PATIENCE", "6m", "database.patience"),
        (
            "PHONE_VERIFY__LIMITS__PREFIX__PER_DAY",
            "0",
            "limits.prefix.per_day",
        ),
        ("PHONE_VERIFY__CODE__TTL", "11m", "code.ttl"),
        ("TWILIO_API_KEY", "SK1", half_a_key),
        ("TWILIO_API_KEY_SECRET", "x", half_a_key),
    ];
    for (name, value, line) in rows {
        assert_refused(Some(PRODUCTION), &[(name, value)], line);
    }
}

#[test]
fn production_takes_loopback_addresses_without_encryption() {
    let config = read(
        PRODUCTION,
        &[
            ("PHONE_VERIFY__HTTP__PUBLIC_URL", "http://127.0.0.1:3000"),
            ("PHONE_VERIFY__TWILIO__API_URL", "http://127.0.0.1:4010"),
            ("PHONE_VERIFY__SITES__0__ORIGINS", "http://localhost:8080"),
        ],
    );
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn development_that_nobody_asked_for_listens_on_loopback_only() {
    let open = ("PHONE_VERIFY__HTTP__LISTEN", "0.0.0.0:3000");
    assert_refused(None, &[open], "http.listen: development listens on loopback only");
    let asked = environment(&[open, ("PHONE_VERIFY__MODE", "development")]);
    assert!(Config::parse(None, &asked).is_ok());
}

#[test]
fn what_is_allowed_and_should_be_known_is_said() {
    let config = read(
        PRODUCTION,
        &[
            ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s"),
            ("PHONE_VERIFY__LIMITS__CHECKS__PACING_FACTOR", "0s"),
            ("PHONE_VERIFY__LIMITS__LOCK_DAYS", "7"),
            ("PHONE_VERIFY__SITES__0__COUNTRIES", ""),
        ],
    );
    for said in [
        "limits.number.spacing: \"0s\" means no wait",
        "limits.checks.pacing_factor: \"0s\" means no wait",
        "limits.lock_days: whoever uses up a stranger's number locks it",
        "sites[0].countries: empty serves no number",
    ] {
        let mut warnings = config.warnings.iter();
        assert!(warnings.any(|warning| warning.contains(said)), "{said}");
    }
    assert_eq!(read(PRODUCTION, &[]).warnings, Vec::<String>::new());
}

#[test]
fn a_sid_has_twilios_shape_and_a_service_s_is_one_site_s_own() {
    const SID: &str = "VA0123456789abcdef0123456789abcdef";
    for bad in [
        "VA",
        "VA0123456789abcdef0123456789abcdeg",
        "AC0123456789abcdef0123456789abcdef",
    ] {
        let given = [("PHONE_VERIFY__SITES__0__SERVICE_SID", bad)];
        assert_refused(
            Some(PRODUCTION),
            &given,
            "service_sid: expected `VA` and 32 hexadecimal digits",
        );
    }
    let given = [("PHONE_VERIFY__SITES__0__ACCOUNT_SID", SID)];
    assert_refused(
        Some(PRODUCTION),
        &given,
        "account_sid: expected `AC` and 32 hexadecimal digits",
    );
    let twice = [
        ("PHONE_VERIFY__SITES__0__KEY", "one"),
        ("PHONE_VERIFY__SITES__0__SERVICE_SID", SID),
        ("PHONE_VERIFY__SITES__1__KEY", "two"),
        ("PHONE_VERIFY__SITES__1__SERVICE_SID", SID),
    ];
    assert_refused(None, &twice, "sites[1].service_sid: another site has the same");
}

#[test]
fn no_secret_is_printed() {
    let printed = format!("{:?}", read(PRODUCTION, &[]));
    assert!(!printed.contains("a-twilio-auth-token"));
    assert!(!printed.contains("the-secret-of-the-shop"));
}
