use crate::harness::TestServer;
use phone_verify_token::{Clocks, Expect, Expected, VerifyingKeys, verify};

#[tokio::test]
async fn a_host_verifies_a_token_offline_with_the_published_keys() {
    let server = TestServer::start().await;
    let reply = server.get("/.well-known/jwks.json").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), "public, max-age=300");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert!(reply.body["keys"][0].get("d").is_none(), "no private part");

    let keys = VerifyingKeys::from_jwks(&reply.body).unwrap();
    let (_, token) = server.approved().await;
    let expected = Expected {
        issuer: &server.url,
        audience: "demo",
        subject: Expect::Any,
        nonce: Expect::Any,
        purpose: Expect::Any,
        clocks: Clocks::Apart,
    };
    let claims = verify(&token, &keys, &expected, 1_800_000_010).unwrap();
    assert!(claims.phone_number_verified);
}
