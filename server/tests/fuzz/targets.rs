//! One function of bytes for each reader of what strangers send.

use http::{HeaderMap, HeaderValue};
use phone_verify::config::{BaseUrl, Config};
use phone_verify::http::client_address;
use phone_verify::numbers;
use phone_verify::senders::twilio::{Claim, Signatures};
use phone_verify_domain::{Code, Country};
use phone_verify_token::{Claims, Clocks, Expect, Expected, SigningKey, VerifyingKeys, verify};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

pub const NUMBERS: &[&[u8]] = &[
    b"+12025550134",
    b"(202) 555-0134",
    b"tel:+44-20-7946-0123;phone-context=+44",
    b"0049 1511 2345678",
    b"+1 202 555 0134 ext. 5",
    "\u{ff0b}\u{ff14}\u{ff14} 7400 123456".as_bytes(),
];

/// What is read as a number is one number, whoever reads it again.
pub fn number(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for country in [None, Country::parse("US"), Country::parse("GB")] {
        let Ok(parsed) = numbers::parse(&text, country) else {
            continue;
        };
        let number = parsed.number.expose();
        let digits = number.strip_prefix('+').unwrap();
        assert!((4..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()));
        let again = numbers::parse(number, None).unwrap();
        assert_eq!(again.number.expose(), number);
        assert!(!parsed.number.mask().contains(&digits[digits.len() - 6..]));
    }
}

pub const CODES: &[&[u8]] = &[
    b"012345",
    b" 012-345 ",
    b"0123456789",
    "\u{661}\u{662}3456".as_bytes(),
];

/// A code is exactly so many ASCII digits, once spaces and hyphens are gone.
pub fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let plain: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .collect();
    for length in Code::LENGTHS {
        let is_code = plain.len() == usize::from(length) && plain.bytes().all(|byte| byte.is_ascii_digit());
        match Code::parse(&text, length) {
            Ok(code) => assert!(is_code && code.expose() == plain),
            Err(_) => assert!(!is_code),
        }
    }
}

pub const FORWARDED: &[&[u8]] = &[
    b"6.6.6.6",
    b"6.6.6.6, 203.0.113.9",
    b"[2001:db8::1]:443\n::ffff:6.6.6.6",
    b"unknown, _hidden",
];

/// Lines that the client made up, before what the last proxy appended: on a line of its own, or on the last of them.
pub fn forwarded(bytes: &[u8]) {
    let (peer, client) = (
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)),
    );
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let mut joined = lines.last().unwrap().to_vec();
    joined.extend_from_slice(b", 198.51.100.7");
    let mut apart = HeaderMap::new();
    let mut together = HeaderMap::new();
    for (index, line) in lines.iter().enumerate() {
        let Ok(value) = HeaderValue::from_bytes(line) else {
            return;
        };
        if index + 1 < lines.len() {
            together.append("x-forwarded-for", value.clone());
        }
        apart.append("x-forwarded-for", value);
    }
    apart.append("x-forwarded-for", HeaderValue::from_static("198.51.100.7"));
    together.append("x-forwarded-for", HeaderValue::from_bytes(&joined).unwrap());
    for headers in [apart, together] {
        assert_eq!(client_address(&headers, peer, 0), peer);
        assert_eq!(client_address(&headers, peer, 1), client, "{headers:?}");
        // Further to the right than the proxies nothing is looked for, and nothing there panics.
        for proxies in 2..5 {
            let _ = client_address(&headers, peer, proxies);
        }
    }
}

/// A token that is good.
pub struct Minted {
    pub token: String,
    keys: VerifyingKeys,
}

const NOW: i64 = 1_800_000_000;

impl Minted {
    pub fn new() -> Self {
        let key = SigningKey::generate().unwrap();
        let claims = Claims {
            iss: "https://verify.example.com".into(),
            aud: "demo".into(),
            sub: None,
            nonce: Some("nonce-1".into()),
            jti: "3q2-7w".into(),
            iat: NOW - 10,
            exp: NOW + 290,
            phone_number: None,
            phone_number_index: "ab".repeat(32),
            phone_number_verified: true,
            phone_verified_at: NOW - 10,
            amr: vec!["sms".into()],
            purpose: None,
            country: "US".into(),
            origin: None,
        };
        let minted = Self {
            token: key.sign(&claims).unwrap(),
            keys: VerifyingKeys::from_keys([key.verifying_key()]).unwrap(),
        };
        assert!(minted.is_accepted(&minted.token));
        minted
    }

    fn is_accepted(&self, token: &str) -> bool {
        let expected = Expected {
            issuer: "https://verify.example.com",
            audience: "demo",
            subject: Expect::Absent,
            nonce: Expect::Exactly("nonce-1"),
            purpose: Expect::Absent,
            clocks: Clocks::Apart,
        };
        verify(token, &self.keys, &expected, NOW).is_ok()
    }

    /// Whatever is not the token itself is refused.
    pub fn altered(&self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        assert!(text == self.token || !self.is_accepted(&text));
    }
}

const AUTH_TOKEN: &str = "an-auth-token";
const TARGET: &str = "/twilio/messages/status?delivery=07";

/// A signature, a line end, a form.
pub const WEBHOOKS: &[&[u8]] = &[
    b"MessageSid=SM1&MessageStatus=delivered&To=%2B12025550134",
    b"MessageStatus=failed&ErrorCode=30006&MessageSid=SM1",
    b"MessageStatus=delivered&MessageStatus=failed",
    b"bodySHA256=00",
];

/// What Twilio signed.
pub struct Signed {
    signatures: Signatures,
    signature: String,
    form: Vec<(String, String)>,
}

impl Signed {
    pub fn new() -> Self {
        let form: Vec<_> = url::form_urlencoded::parse(WEBHOOKS[0]).into_owned().collect();
        let signature = Self::sign(&form);
        let url = BaseUrl::parse("https://verify.example.com").unwrap();
        Self {
            signatures: Signatures::new(url, [AUTH_TOKEN.to_owned().into()]),
            signature,
            form,
        }
    }

    fn sign(form: &[(String, String)]) -> String {
        fake_twilio::sign(AUTH_TOKEN, &format!("https://verify.example.com{TARGET}"), form)
    }

    fn open(&self, target: &str, signature: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
        self.signatures.open(Claim {
            target,
            signature: Some(signature),
            is_form: true,
            body,
        })
    }

    /// The bytes as the body, as the query and as the signature: accepted only where Twilio would have signed them so.
    pub fn altered(&self, bytes: &[u8]) {
        assert_eq!(
            self.open(TARGET, &self.signature, WEBHOOKS[0]).as_ref(),
            Some(&self.form)
        );
        if let Some(form) = self.open(TARGET, &self.signature, bytes) {
            assert_eq!(Self::sign(&form), self.signature, "{form:?}");
        }
        let text = String::from_utf8_lossy(bytes);
        let target = format!("/twilio/messages/status?{text}");
        assert!(self.open(&target, &self.signature, WEBHOOKS[0]).is_none());
        assert!(self.open(TARGET, &text, WEBHOOKS[0]).is_none());
    }
}

pub const CONFIGURATIONS: &[&[u8]] = &[
    b"mode = \"production\"\n[http]\npublic_url = \"https://verify.example.com\"\ntrusted_proxies = 1\n",
    b"[limits.number]\nspacing = \"60s\"\nper_hour = 3\n[limits.checks]\npacing_factor = \"0s\"\n",
    b"[[sites]]\nkey = \"shop\"\nsecret = \"s\"\norigins = [\"https://shop.example\"]\ncountries = [\"US\", \"*\"]\n",
    b"[code]\nlength = 6\nttl = \"10m\"\ntemplate.en = \"{code} is it\"\n[database]\nurl = \"sqlite://x.db\"\n",
    b"[twilio]\naccount_sid = \"AC00000000000000000000000000000000\"\nauth_token = \"t\"\nfrom = \"+15005550006\"\n",
    b"[senders]\nsms = [\"messages\", \"outbox\"]\n[[test_numbers]]\npattern = \"+1212555*\"\ncode = \"000000\"\n",
];

/// A file, and the same text as a variable: read, or refused in words.
pub fn configuration(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = Config::parse(Some(&text), &BTreeMap::new()) {
        assert!(!error.to_string().is_empty());
    }
    for name in [
        "LIMITS__NUMBER__SPACING",
        "HTTP__PUBLIC_URL",
        "SITES__0__ORIGINS",
        "CODE__LENGTH",
    ] {
        let environment = BTreeMap::from([(format!("PHONE_VERIFY__{name}"), text.clone().into_owned())]);
        if let Err(error) = Config::parse(None, &environment) {
            assert!(!error.to_string().is_empty());
        }
    }
}
