//! A token that is accepted, and a pen that signs anything at all with the right key.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use phone_verify_token::{Claims, Clocks, Expect, Expected, SigningKey, TokenError, VerifyingKeys, verify};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

pub const NOW: i64 = 1_800_000_000;

pub struct Issuer {
    pub key: SigningKey,
    pub keys: VerifyingKeys,
    pair: EcdsaKeyPair,
}

impl Issuer {
    pub fn new() -> Self {
        let key = SigningKey::generate().unwrap();
        let pem = pem::parse(key.to_pkcs8_pem().expose_secret()).unwrap();
        Self {
            keys: VerifyingKeys::from_keys([key.verifying_key()]).unwrap(),
            pair: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pem.contents()).unwrap(),
            key,
        }
    }

    pub fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "pv+jwt", "kid": self.key.kid() })
    }

    /// Any header and any payload, with a signature that is right.
    pub fn signed(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(payload));
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", encode(signature))
    }

    /// HS256 with the public key as the secret, in one of the spellings that a confused library would take.
    pub fn hmac_signed(&self, secret: &[u8]) -> String {
        let header = json!({ "alg": "HS256", "typ": "pv+jwt", "kid": self.key.kid() });
        let message = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(claims_json().to_string())
        );
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", encode(tag))
    }

    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        verify(token, &self.keys, &expected(), NOW)
    }
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://verify.example.com",
        audience: "demo",
        subject: Expect::Exactly("user-1"),
        nonce: Expect::Exactly("nonce-1"),
        purpose: Expect::Exactly("order"),
        clocks: Clocks::Apart,
    }
}

pub fn claims() -> Claims {
    Claims {
        iss: "https://verify.example.com".into(),
        aud: "demo".into(),
        sub: Some("user-1".into()),
        nonce: Some("nonce-1".into()),
        jti: "3q2-7w".into(),
        iat: NOW - 10,
        exp: NOW + 290,
        phone_number: Some("+12125550123".into()),
        phone_number_index: "ab".repeat(32),
        phone_number_verified: true,
        phone_verified_at: NOW - 10,
        amr: vec!["sms".into()],
        purpose: Some("order".into()),
        country: "US".into(),
        origin: Some("https://shop.example".into()),
    }
}

pub fn claims_json() -> Value {
    serde_json::to_value(claims()).unwrap()
}
