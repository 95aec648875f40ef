//! What settings of senders lead to.

use crate::{PRODUCTION, assert_refused, environment};
use phone_verify::config::{Config, SenderName};
use secrecy::ExposeSecret;

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
