//! What the server mints, hosts accept: with its keys, at its time, and as long as it lives.

use crate::support::{Issuer, NOW, claims, expected};
use phone_verify_token::{
    Clocks, Expect, Expected, JwksError, KeyError, SigningKey, TokenError, VerifyingKeys, verify,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

#[test]
fn a_minted_token_says_what_was_signed() {
    let issuer = Issuer::new();
    let token = issuer.key.sign(&claims()).unwrap();
    assert_eq!(issuer.verify(&token), Ok(claims()));
}

#[test]
fn absent_claims_are_omitted_and_times_are_integers() {
    let mut bare = claims();
    (bare.sub, bare.nonce, bare.phone_number, bare.purpose, bare.origin) = (None, None, None, None, None);
    let json = serde_json::to_value(&bare).unwrap();
    let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected_names = [
        "amr",
        "aud",
        "country",
        "exp",
        "iat",
        "iss",
        "jti",
        "phone_number_index",
        "phone_number_verified",
        "phone_verified_at",
    ];
    expected_names.sort_unstable();
    assert_eq!(names, expected_names);
    for time in ["iat", "exp", "phone_verified_at"] {
        assert!(json[time].is_i64(), "{time}");
    }
}

#[test]
fn a_token_may_say_more_than_this_version_knows() {
    let issuer = Issuer::new();
    let mut payload = crate::support::claims_json();
    payload["later_claim"] = json!({ "of": "a later version" });
    let token = issuer.signed(&issuer.header().to_string(), &payload.to_string());
    assert_eq!(issuer.verify(&token), Ok(claims()));
}

#[test]
fn a_key_set_survives_publishing() {
    let (old, new) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let published = VerifyingKeys::from_keys([old.verifying_key(), new.verifying_key()])
        .unwrap()
        .to_jwks();
    let read = VerifyingKeys::from_jwks(&serde_json::from_str(&published.to_string()).unwrap()).unwrap();
    for key in [&old, &new] {
        let token = key.sign(&claims()).unwrap();
        assert!(verify(&token, &read, &expected(), NOW).is_ok());
        assert_eq!(read.get(key.kid()).unwrap().to_jwk(), key.public_jwk());
    }
    assert_eq!(read.to_jwks(), published);
}

#[test]
fn a_public_key_tells_nothing_private_and_is_named_by_its_thumbprint() {
    let key = SigningKey::from_pkcs8_pem(RFC_KEY).unwrap();
    let jwk = key.public_jwk();
    let names: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(jwk["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    assert_eq!(jwk["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    assert_eq!(key.kid(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

#[test]
fn a_private_key_survives_its_file_and_does_not_show_in_debug() {
    let key = SigningKey::generate().unwrap();
    let file = key.to_pkcs8_pem();
    let again = SigningKey::from_pkcs8_pem(file.expose_secret()).unwrap();
    assert_eq!(again.kid(), key.kid());
    let token = again.sign(&claims()).unwrap();
    let keys = VerifyingKeys::from_keys([key.verifying_key()]).unwrap();
    assert!(verify(&token, &keys, &expected(), NOW).is_ok());
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.kid()));
    assert!(!format!("{file:?}").contains("BEGIN"));
}

#[test]
fn a_file_that_holds_no_p256_key_is_refused() {
    let public = RFC_KEY.replace("PRIVATE", "PUBLIC");
    let cut = RFC_KEY.replace("MIGH", "");
    for text in [
        "",
        "key",
        &public,
        &cut,
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    ] {
        assert_eq!(SigningKey::from_pkcs8_pem(text).err(), Some(KeyError::Format));
    }
}

#[test]
fn a_key_set_is_refused_where_it_is_broken_and_keys_of_other_kinds_are_passed_over() {
    let good = SigningKey::generate().unwrap().public_jwk();
    let with = |name: &str, value: serde_json::Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        json!({ "keys": [jwk] })
    };
    for (jwks, error) in [
        (json!([]), JwksError::Format),
        (json!({}), JwksError::Format),
        (json!({ "keys": [1] }), JwksError::Format),
        (json!({ "keys": [] }), JwksError::NoKey),
        (with("kty", json!("RSA")), JwksError::NoKey),
        (with("crv", json!("P-384")), JwksError::NoKey),
        (with("alg", json!("HS256")), JwksError::NoKey),
        (with("use", json!("enc")), JwksError::NoKey),
        (with("kid", json!(null)), JwksError::BrokenKey),
        (with("x", json!("AAAA")), JwksError::BrokenKey),
        (with("x", json!("A".repeat(43))), JwksError::BrokenKey),
        (with("y", json!(null)), JwksError::BrokenKey),
        (json!({ "keys": [good, good] }), JwksError::DuplicateKey),
    ] {
        assert_eq!(VerifyingKeys::from_jwks(&jwks).err(), Some(error), "{jwks}");
    }
    let mixed = json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "kid": "h" }, good] });
    assert!(VerifyingKeys::from_jwks(&mixed).unwrap().get("h").is_none());
}

#[test]
fn the_end_of_a_token_is_exact_for_the_same_clock_and_a_minute_late_for_another() {
    let issuer = Issuer::new();
    let token = issuer.key.sign(&claims()).unwrap();
    let at = |clocks, now| verify(&token, &issuer.keys, &Expected { clocks, ..expected() }, now).map(|_| ());
    let (iat, exp) = (claims().iat, claims().exp);
    for (clocks, now, outcome) in [
        (Clocks::Same, iat - 1, Err(TokenError::NotYetValid)),
        (Clocks::Same, iat, Ok(())),
        (Clocks::Same, exp - 1, Ok(())),
        (Clocks::Same, exp, Err(TokenError::Expired)),
        (Clocks::Apart, iat - 61, Err(TokenError::NotYetValid)),
        (Clocks::Apart, iat - 60, Ok(())),
        (Clocks::Apart, exp + 59, Ok(())),
        (Clocks::Apart, exp + 60, Err(TokenError::Expired)),
    ] {
        assert_eq!(at(clocks, now), outcome, "{clocks:?} {now}");
    }
}

#[test]
fn an_expectation_is_kept_to_the_letter() {
    let issuer = Issuer::new();
    let bound = issuer.key.sign(&claims()).unwrap();
    let mut free = claims();
    free.sub = None;
    let free = issuer.key.sign(&free).unwrap();
    for (expect, of_bound, of_free) in [
        (Expect::Exactly("user-1"), true, false),
        (Expect::Exactly("user-2"), false, false),
        (Expect::Exactly(""), false, false),
        (Expect::Absent, false, true),
        (Expect::Any, true, true),
    ] {
        let expected = Expected {
            subject: expect,
            ..expected()
        };
        let accepts = |token: &str| verify(token, &issuer.keys, &expected, NOW).is_ok();
        assert_eq!(
            (accepts(&bound), accepts(&free)),
            (of_bound, of_free),
            "{expect:?}"
        );
    }
}

/// The matrix of threat T13: two of each, sixteen tokens, sixteen verifiers.
#[test]
fn of_all_sites_users_sessions_and_purposes_only_the_tokens_own_take_it() {
    let issuer = Issuer::new();
    let all = (0..16_usize).map(|bits| {
        let one_of = |bit: usize, names: [&'static str; 2]| names[bits >> bit & 1];
        [
            one_of(0, ["demo", "shop"]),
            one_of(1, ["user-1", "user-2"]),
            one_of(2, ["nonce-1", "nonce-2"]),
            one_of(3, ["order", "login"]),
        ]
    });
    let all: Vec<[&str; 4]> = all.collect();
    for minted_for in &all {
        let [site, user, session, purpose] = minted_for.map(str::to_owned);
        let mut claims = claims();
        claims.aud = site;
        claims.sub = Some(user);
        claims.nonce = Some(session);
        claims.purpose = Some(purpose);
        let token = issuer.key.sign(&claims).unwrap();
        for taken_by in &all {
            let [audience, user, session, purpose] = *taken_by;
            let expected = Expected {
                audience,
                subject: Expect::Exactly(user),
                nonce: Expect::Exactly(session),
                purpose: Expect::Exactly(purpose),
                ..expected()
            };
            let accepted = verify(&token, &issuer.keys, &expected, NOW).is_ok();
            assert_eq!(accepted, minted_for == taken_by, "{minted_for:?} {taken_by:?}");
        }
    }
}

#[test]
fn claims_do_not_show_the_number_or_the_user_in_debug() {
    let shown = format!("{:?}", claims());
    for hidden in ["12125550123", "user-1", "nonce-1", "abab"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

/// The key of RFC 7515, A.3, as PKCS #8.
const RFC_KEY: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff
H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp
7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt
-----END PRIVATE KEY-----
";
