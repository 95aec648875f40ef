//! Every way to change a good token that we know of makes it a bad one.

use crate::support::{Issuer, NOW, claims, claims_json, encode};
use phone_verify_token::TokenError::{self, *};
use serde_json::{Value, json};

/// Signs the claims with `change` made to them, and expects the refusal `error`.
fn refuse_claims(issuer: &Issuer, name: &str, error: TokenError, change: impl FnOnce(&mut Value)) {
    let mut payload = claims_json();
    change(&mut payload);
    let token = issuer.signed(&issuer.header().to_string(), &payload.to_string());
    assert_eq!(issuer.verify(&token), Err(error), "{name}");
}

/// Signs the claims under a header with `change` made to it.
fn refuse_header(issuer: &Issuer, name: &str, error: TokenError, change: impl FnOnce(&mut Value)) {
    let mut header = issuer.header();
    change(&mut header);
    let token = issuer.signed(&header.to_string(), &claims_json().to_string());
    assert_eq!(issuer.verify(&token), Err(error), "{name}");
}

#[test]
fn the_unchanged_token_of_the_pen_is_accepted() {
    let issuer = Issuer::new();
    let token = issuer.signed(&issuer.header().to_string(), &claims_json().to_string());
    assert_eq!(issuer.verify(&token), Ok(claims()));
}

#[test]
fn a_token_without_one_of_its_claims_is_refused() {
    let issuer = Issuer::new();
    for (claim, error) in [
        ("iss", Malformed),
        ("aud", Malformed),
        ("sub", Subject),
        ("nonce", Nonce),
        ("jti", Malformed),
        ("iat", Malformed),
        ("exp", Malformed),
        ("phone_number_index", Malformed),
        ("phone_number_verified", Malformed),
        ("phone_verified_at", Malformed),
        ("amr", Malformed),
        ("purpose", Purpose),
        ("country", Malformed),
    ] {
        refuse_claims(&issuer, &format!("without {claim}"), error, |claims| {
            claims.as_object_mut().unwrap().remove(claim).unwrap();
        });
    }
}

#[test]
fn a_claim_of_another_type_is_refused() {
    let issuer = Issuer::new();
    for (claim, value) in [
        ("iss", json!(["https://verify.example.com"])),
        ("aud", json!(["demo"])),
        ("aud", json!(["demo", "other"])),
        ("aud", json!(null)),
        ("sub", json!(1)),
        ("nonce", json!(["nonce-1"])),
        ("jti", json!(7)),
        ("jti", json!("")),
        ("iat", json!((NOW - 10).to_string())),
        ("exp", json!((NOW + 290).to_string())),
        ("exp", json!(1_800_000_290.5)),
        ("exp", json!(1e30)),
        ("exp", json!(true)),
        ("exp", json!(null)),
        ("phone_verified_at", json!("now")),
        ("phone_number_verified", json!("true")),
        ("phone_number_verified", json!(1)),
        ("phone_number", json!(12_125_550_123_i64)),
        ("phone_number", json!("2125550123")),
        ("phone_number", json!("+1212555x123")),
        ("phone_number_index", json!("")),
        ("phone_number_index", json!("AB")),
        ("phone_number_index", json!([1, 2])),
        ("amr", json!("sms")),
        ("amr", json!([])),
        ("amr", json!([1])),
        ("purpose", json!({ "order": true })),
        ("country", json!("USA")),
        ("origin", json!(["https://shop.example"])),
    ] {
        refuse_claims(&issuer, &format!("{claim} = {value}"), Malformed, |claims| {
            claims[claim] = value.clone();
        });
    }
}

#[test]
fn a_claim_with_another_value_is_refused() {
    let issuer = Issuer::new();
    for (claim, value, error) in [
        ("iss", json!("https://verify.example.com/"), Issuer),
        ("iss", json!("https://verify.example.co"), Issuer),
        ("aud", json!("demo2"), Audience),
        ("aud", json!("Demo"), Audience),
        ("aud", json!(""), Audience),
        ("sub", json!("user-2"), Subject),
        ("sub", json!(null), Subject),
        ("nonce", json!("nonce-2"), Nonce),
        ("nonce", json!("nonce-1 "), Nonce),
        ("nonce", json!(""), Nonce),
        ("purpose", json!("login"), Purpose),
        ("purpose", json!(""), Purpose),
        ("phone_number_verified", json!(false), NotVerified),
    ] {
        refuse_claims(&issuer, &format!("{claim} = {value}"), error, |claims| {
            claims[claim] = value.clone();
        });
    }
}

#[test]
fn times_that_are_past_or_impossible_are_refused() {
    let issuer = Issuer::new();
    for (name, iat, exp, error) in [
        ("expired", NOW - 400, NOW - 60, Expired),
        ("minted in the future", NOW + 61, NOW + 300, NotYetValid),
        ("longer than an hour", NOW - 1, NOW + 3_600, Times),
        ("ends before it begins", NOW + 10, NOW, Times),
        ("ends as it begins", NOW, NOW, Times),
        ("for ever", NOW - 10, i64::MAX, Times),
        ("since ever", i64::MIN, NOW + 10, Times),
        ("the widest of all", i64::MIN, i64::MAX, Times),
        ("before 1970", -100, -50, Expired),
        ("milliseconds", NOW * 1000, (NOW + 300) * 1000, Times),
    ] {
        refuse_claims(&issuer, name, error, |claims| {
            claims["iat"] = iat.into();
            claims["exp"] = exp.into();
            claims["phone_verified_at"] = iat.into();
        });
    }
    refuse_claims(&issuer, "verified after it was minted", Times, |claims| {
        claims["phone_verified_at"] = (NOW - 9).into();
    });
}

#[test]
fn another_algorithm_type_or_key_is_refused() {
    let issuer = Issuer::new();
    for alg in [
        "none", "None", "HS256", "ES384", "ES256K", "RS256", "EdDSA", "es256", "",
    ] {
        refuse_header(&issuer, alg, Header, |header| header["alg"] = alg.into());
    }
    for typ in ["JWT", "at+jwt", "PV+JWT", "application/pv+jwt", ""] {
        refuse_header(&issuer, typ, Header, |header| header["typ"] = typ.into());
    }
    for kid in ["", "other", "../../etc/passwd"] {
        refuse_header(&issuer, kid, UnknownKey, |header| header["kid"] = kid.into());
    }
    for name in ["alg", "typ", "kid"] {
        refuse_header(&issuer, name, Header, |header| {
            header.as_object_mut().unwrap().remove(name);
        });
        refuse_header(&issuer, name, Header, |header| {
            header[name] = json!([header[name]]);
        });
    }
}

#[test]
fn a_header_that_brings_its_own_key_or_demands_is_refused() {
    let (issuer, attacker) = (Issuer::new(), Issuer::new());
    for (name, value) in [
        ("jku", json!("https://attacker.example/jwks.json")),
        ("jwk", attacker.key.public_jwk()),
        ("x5u", json!("https://attacker.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(null)),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        refuse_header(&issuer, name, Header, |header| header[name] = value.clone());
        // The same header over the attacker's own signature, under the name of the real key.
        let mut header = issuer.header();
        header[name] = value;
        let token = attacker.signed(&header.to_string(), &claims_json().to_string());
        assert_eq!(issuer.verify(&token), Err(Header), "{name} of the attacker's");
    }
}

#[test]
fn another_keys_signature_is_refused() {
    let (issuer, attacker) = (Issuer::new(), Issuer::new());
    let own = attacker.key.sign(&claims()).unwrap();
    assert_eq!(issuer.verify(&own), Err(UnknownKey));
    let borrowed_name = attacker.signed(&issuer.header().to_string(), &claims_json().to_string());
    assert_eq!(issuer.verify(&borrowed_name), Err(Signature));
}

#[test]
fn unsigned_and_symmetrically_signed_tokens_are_refused() {
    let issuer = Issuer::new();
    let header = json!({ "alg": "none", "typ": "pv+jwt", "kid": issuer.key.kid() });
    let unsigned = format!(
        "{}.{}.",
        encode(header.to_string()),
        encode(claims_json().to_string())
    );
    assert_eq!(issuer.verify(&unsigned), Err(Header));

    let jwk = issuer.key.public_jwk();
    let x = jwk["x"].as_str().unwrap();
    for secret in [
        jwk.to_string().as_bytes(),
        x.as_bytes(),
        issuer.key.kid().as_bytes(),
        b"",
    ] {
        assert_eq!(issuer.verify(&issuer.hmac_signed(secret)), Err(Header));
    }
}

#[test]
fn a_token_cut_stretched_or_rewritten_is_refused() {
    let issuer = Issuer::new();
    let token = issuer.key.sign(&claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        panic!("three parts")
    };
    let other_payload = encode(claims_json().to_string().replace("user-1", "user-2"));

    for mutant in [
        String::new(),
        ".".into(),
        "..".into(),
        "garbage".into(),
        "a.b.c".into(),
        header.to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!("{token}=="),
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{payload}=.{signature}"),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}\n"),
        format!("{token}\0"),
        format!("Bearer {token}"),
        format!("{token}{token}"),
        format!("{token}A"),
        format!("{header}.{other_payload}.{signature}"),
        format!("{header}.{payload}.{}", "A".repeat(86)),
        format!("{header}.{payload}.{}", encode([0xff; 64])),
        format!("{header}.{payload}.{}", encode([1; 63])),
        format!("{header}.{payload}.{}", encode([1; 65])),
        token.replace('.', ","),
        token.to_uppercase(),
        token.chars().rev().collect(),
        format!("{}.{payload}.{signature}", encode("[]")),
        format!("{}.{payload}.{signature}", encode("null")),
        "A".repeat(1_000_000),
        format!("{header}.{}.{signature}", "A".repeat(10_000)),
    ] {
        let shown: String = mutant.chars().take(40).collect();
        assert!(issuer.verify(&mutant).is_err(), "{shown}");
    }
}

#[test]
fn no_single_character_of_a_token_can_be_changed_or_left_out() {
    let issuer = Issuer::new();
    let token = issuer.key.sign(&claims()).unwrap();
    assert!(issuer.verify(&token).is_ok());
    for place in 0..token.len() {
        let mut shorter = token.clone();
        shorter.remove(place);
        assert!(
            issuer.verify(&shorter).is_err(),
            "without the character at {place}"
        );
        for other in ['A', 'B', '_', '.'] {
            if !token[place..].starts_with(other) {
                let mut changed = token.clone();
                changed.replace_range(place..=place, &other.to_string());
                assert!(issuer.verify(&changed).is_err(), "{other} at {place}");
            }
        }
    }
}

#[test]
fn a_signed_token_that_says_a_thing_twice_is_refused() {
    let issuer = Issuer::new();
    let header = issuer.header().to_string();
    let payload = claims_json().to_string();
    for (claim, again) in [
        ("aud", "\"aud\":\"demo\","),
        ("exp", "\"exp\":1800000290,"),
        ("phone_number_verified", "\"phone_number_verified\":true,"),
    ] {
        let twice = payload.replacen('{', &format!("{{{again}"), 1);
        assert_eq!(
            issuer.verify(&issuer.signed(&header, &twice)),
            Err(Malformed),
            "{claim}"
        );
    }
    let header_twice = header.replacen('{', "{\"alg\":\"ES256\",", 1);
    assert_eq!(
        issuer.verify(&issuer.signed(&header_twice, &payload)),
        Err(Header)
    );
}

#[test]
fn a_signed_payload_that_is_no_object_of_claims_is_refused() {
    let issuer = Issuer::new();
    let header = issuer.header().to_string();
    let trailing = format!("{}{{}}", claims_json());
    let deep = "[".repeat(5_000);
    for payload in [
        "",
        "{}",
        "[]",
        "null",
        "\"claims\"",
        "{",
        "\u{feff}{}",
        &trailing,
        &deep,
    ] {
        assert_eq!(issuer.verify(&issuer.signed(&header, payload)), Err(Malformed));
    }
}
