//! Keys that a host keeps between tokens.

use crate::support::{Issuer, NOW, claims, expected};
use phone_verify_token::{KeyCache, TokenError};

#[test]
fn keys_are_fetched_once_for_five_minutes_of_tokens() {
    let issuer = Issuer::new();
    let token = issuer.key.sign(&claims()).unwrap();
    let mut keys = KeyCache::default();
    assert!(keys.wants_fetch(&token, NOW), "there are none");
    assert_eq!(keys.verify(&token, &expected(), NOW), Err(TokenError::UnknownKey));
    keys.keep(issuer.keys.clone(), NOW);
    for later in [0, 1, 299] {
        assert!(!keys.wants_fetch(&token, NOW + later), "{later}");
    }
    assert_eq!(keys.verify(&token, &expected(), NOW), Ok(claims()));
    assert!(keys.wants_fetch(&token, NOW + 300), "they are old");
    assert!(keys.wants_fetch(&token, NOW - 1), "the clock was set back");
}

#[test]
fn a_new_key_is_fetched_and_made_up_ones_cause_a_fetch_every_ten_seconds_at_most() {
    let (issuer, renewed) = (Issuer::new(), Issuer::new());
    let token = renewed.key.sign(&claims()).unwrap();
    let mut keys = KeyCache::default();
    keys.keep(issuer.keys, NOW);
    assert!(!keys.wants_fetch(&token, NOW + 9));
    assert!(keys.wants_fetch(&token, NOW + 10));
    keys.keep(renewed.keys, NOW + 10);
    assert_eq!(keys.verify(&token, &expected(), NOW + 10), Ok(claims()));
}

#[test]
fn what_is_no_token_causes_no_fetch() {
    let issuer = Issuer::new();
    let mut keys = KeyCache::default();
    keys.keep(issuer.keys.clone(), NOW);
    let unsigned = issuer.header().to_string().replace("ES256", "none");
    for token in ["", "forged", &issuer.signed(&unsigned, "{}")] {
        assert!(!keys.wants_fetch(token, NOW + 60), "{token}");
    }
}
