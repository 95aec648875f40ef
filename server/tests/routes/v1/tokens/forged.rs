//! Redeem refuses whatever a good token can be changed into, under the server's own key.

use crate::harness::TestServer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A good token, taken apart, and the pen that wrote it.
struct Pen {
    pair: EcdsaKeyPair,
    header: Value,
    claims: Value,
}

impl Pen {
    fn of(server: &TestServer, token: &str) -> Self {
        let file = std::fs::read_to_string(server.folder().join("keys/signing-1.pem")).unwrap();
        let key = pem::parse(file).unwrap();
        let mut parts = token.split('.').map(|part| {
            let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        });
        Self {
            pair: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.contents()).unwrap(),
            header: parts.next().unwrap(),
            claims: parts.next().unwrap(),
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.sign(&self.header, &claims)
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        self.sign(&header, &self.claims)
    }

    fn without(&self, part: fn(&mut (Value, Value)) -> &mut Value, name: &str) -> String {
        let mut both = (self.header.clone(), self.claims.clone());
        part(&mut both).as_object_mut().unwrap().remove(name).unwrap();
        self.sign(&both.0, &both.1)
    }
}

#[tokio::test]
async fn no_changed_token_is_redeemed_even_under_the_servers_own_key() {
    let server = TestServer::start().await;
    let (_, token) = server.approved().await;
    let pen = Pen::of(&server, &token);
    let now = pen.claims["iat"].as_i64().unwrap();
    let mut forged = Vec::new();
    for claim in [
        "iss",
        "aud",
        "jti",
        "iat",
        "exp",
        "phone_number_index",
        "phone_number_verified",
        "phone_verified_at",
        "amr",
        "country",
    ] {
        forged.push((format!("without {claim}"), pen.without(|both| &mut both.1, claim)));
    }
    for (claim, value) in [
        ("iss", json!("https://verify.example.com")),
        ("iss", json!([server.url])),
        ("aud", json!("other")),
        ("aud", json!(["demo"])),
        ("aud", json!("Demo")),
        ("sub", json!(1)),
        ("nonce", json!(["n"])),
        ("jti", json!(7)),
        ("jti", json!("")),
        ("iat", json!(now.to_string())),
        ("iat", json!(now + 3_600)),
        ("exp", json!(now - 1)),
        ("exp", json!(now)),
        ("exp", json!(now + 3_601)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(null)),
        ("exp", json!(1e30)),
        ("phone_number_index", json!("AB")),
        ("phone_number_verified", json!(false)),
        ("phone_number_verified", json!("true")),
        ("phone_verified_at", json!(now + 1)),
        ("phone_verified_at", json!("now")),
        ("amr", json!("sms")),
        ("amr", json!([])),
        ("purpose", json!({ "order": true })),
        ("country", json!("USA")),
        ("origin", json!(["https://shop.example"])),
    ] {
        forged.push((format!("{claim} = {value}"), pen.with_claim(claim, value)));
    }
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("ES384")),
        ("typ", json!("JWT")),
        ("typ", json!("at+jwt")),
        ("kid", json!("other")),
        ("kid", json!("../../etc/passwd")),
        ("jku", json!("https://attacker.example/jwks.json")),
        ("jwk", json!({"kty": "EC"})),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        forged.push((format!("{name}: {value}"), pen.with_header(name, value)));
    }
    for name in ["alg", "typ", "kid"] {
        forged.push((format!("without {name}"), pen.without(|both| &mut both.0, name)));
    }
    let attacker = Pen {
        pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
        header: pen.header.clone(),
        claims: pen.claims.clone(),
    };
    forged.push((
        "another's key".to_owned(),
        attacker.sign(&attacker.header, &attacker.claims),
    ));
    assert!(forged.len() >= 50, "{}", forged.len());
    for (name, token) in forged {
        let reply = server.redeem(&token).await;
        assert_eq!(
            (reply.status, &reply.body["code"]),
            (422, &json!("invalid_token")),
            "{name}"
        );
    }
    // The pen writes what the server takes: it is the changes that are refused.
    let unchanged = pen.sign(&pen.header, &pen.claims);
    assert_eq!(server.redeem(&unchanged).await.status, 200);
    server
        .redeem(&token)
        .await
        .assert_problem(409, "already_redeemed");
}
