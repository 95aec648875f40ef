use super::{ACCOUNT, SERVICE};
use crate::harness::{NUMBER, Reply, TestServer};
use reqwest::Method;

const TWO_SITES: &[(&str, &str)] = &[
    ("SITES__0__KEY", "shop"),
    ("SITES__0__SECRET", "the-secret"),
    ("SITES__0__COUNTRIES", "*"),
    ("SITES__0__SERVICE_SID", "VA11111111111111111111111111111111"),
    ("SITES__0__ACCOUNT_SID", "AC00000000000000000000000000000000"),
    ("SITES__1__KEY", "bank"),
    ("SITES__1__SECRET", "the-secret"),
    ("SITES__1__COUNTRIES", "*"),
    ("SITES__1__SERVICE_SID", "VA22222222222222222222222222222222"),
    ("SITES__1__ACCOUNT_SID", "AC00000000000000000000000000000000"),
];

async fn fetch(server: &TestServer, user: &str, secret: &str, service: &str) -> Reply {
    let request = server.request(Method::GET, &format!("/v2/Services/{service}"));
    Reply::of(request.basic_auth(user, Some(secret))).await
}

#[tokio::test]
async fn account_sid_and_site_key_are_the_same_caller() {
    let server = TestServer::start().await;
    for user in [ACCOUNT, "demo"] {
        let reply = fetch(&server, user, "demo-secret", SERVICE).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    for (user, secret) in [
        (ACCOUNT, "wrong"),
        ("other", "demo-secret"),
        (SERVICE, "demo-secret"),
        ("", ""),
    ] {
        let reply = fetch(&server, user, secret, SERVICE).await;
        reply.assert_twilio(401, 20003);
        assert!(reply.header("www-authenticate").starts_with("Basic "));
    }
}

#[tokio::test]
async fn without_credentials_not_even_the_body_is_read() {
    let server = TestServer::start().await;
    let mut wire = server.wire().await;
    let head = format!(
        "POST /v2/Services/{SERVICE}/Verifications HTTP/1.1\r\nhost: {}\r\ncontent-length: 1000\r\n\r\n",
        server.authority()
    );
    wire.send(head.as_bytes()).await;
    let reply = wire.read_to_end().await;
    assert_eq!(reply.status(), Some(401), "{reply:?}");
    assert!(reply.has("20003"), "{reply:?}");
}

#[tokio::test]
async fn one_account_speaks_for_all_its_services_and_for_no_other() {
    let server = TestServer::with(TWO_SITES).await;
    for service in [
        "VA11111111111111111111111111111111",
        "VA22222222222222222222222222222222",
    ] {
        let account = "AC00000000000000000000000000000000";
        let reply = fetch(&server, account, "the-secret", service).await;
        assert_eq!(
            (reply.status, &reply.body["sid"]),
            (200, &service.into()),
            "{reply:?}"
        );
    }
    let other = "VA22222222222222222222222222222222";
    fetch(&server, "shop", "the-secret", other)
        .await
        .assert_twilio(404, 20404);
    let of_key = fetch(&server, "shop", "the-secret", SERVICE).await;
    of_key.assert_twilio(404, 20404);
}

#[tokio::test]
async fn a_verification_is_found_in_its_own_service_alone() {
    let server = TestServer::with(TWO_SITES).await;
    let send = |service: &'static str| {
        let path = format!("/v2/Services/{service}/Verifications");
        let request = server
            .request(Method::POST, &path)
            .basic_auth("AC00000000000000000000000000000000", Some("the-secret"));
        Reply::of(request.form(&[("To", NUMBER), ("Channel", "sms")]))
    };
    let one = send("VA11111111111111111111111111111111").await;
    assert_eq!(one.status, 201, "{one:?}");
    let sid = one.body["sid"].as_str().unwrap();
    for name in [sid, NUMBER] {
        let path = format!("/v2/Services/VA22222222222222222222222222222222/Verifications/{name}");
        let request = server
            .request(Method::GET, &path)
            .basic_auth("bank", Some("the-secret"));
        Reply::of(request).await.assert_twilio(404, 20404);
    }
    let other = send("VA22222222222222222222222222222222").await;
    assert_ne!(other.body["sid"], one.body["sid"]);
}
