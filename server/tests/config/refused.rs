//! What refuses to start, and what is warned of.

use crate::{PRODUCTION, assert_refused, environment, problems, read};
use phone_verify::config::Config;

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
fn no_secret_is_printed() {
    let printed = format!("{:?}", read(PRODUCTION, &[]));
    assert!(!printed.contains("a-twilio-auth-token"));
    assert!(!printed.contains("the-secret-of-the-shop"));
}
