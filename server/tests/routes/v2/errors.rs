use super::{ACCOUNT, SERVICE, call, started};
use crate::harness::{NUMBER, Reply, TestServer};
use reqwest::Method;

#[tokio::test]
async fn whatever_is_wrong_is_told_as_twilio_tells_it() {
    let server = TestServer::start().await;
    for path in [
        "/v2",
        "/v2/",
        "/v2/Nothing",
        "/v2/Services/",
        &format!("/v2/Services/{SERVICE}/Entities"),
    ] {
        call(&server, Method::GET, path, None)
            .await
            .assert_twilio(404, 20404);
        Reply::of(server.request(Method::GET, path))
            .await
            .assert_twilio(404, 20404);
    }
    let path = format!("/v2/Services/{SERVICE}/Verifications");
    let other_method = call(&server, Method::DELETE, &path, None).await;
    other_method.assert_twilio(405, 20004);
    assert_eq!(other_method.header("allow"), "POST");

    let request = || {
        server
            .request(Method::POST, &path)
            .basic_auth(ACCOUNT, Some("demo-secret"))
    };
    let json = request().json(&serde_json::json!({"To": NUMBER, "Channel": "sms"}));
    Reply::of(json).await.assert_twilio(415, 20415);
    let form = "application/x-www-form-urlencoded";
    let large = request().header("content-type", form).body("a".repeat(9_000));
    Reply::of(large).await.assert_twilio(413, 20413);
    let nul = request().form(&[("To", "+1202\0"), ("Channel", "sms")]);
    Reply::of(nul).await.assert_twilio(400, 60200);
    let unknown = "/v2/Services/VA00000000000000000000000000000000/Verifications";
    call(&server, Method::POST, unknown, Some(&[]))
        .await
        .assert_twilio(404, 20404);
}

#[tokio::test]
async fn another_host_name_is_misdirected_in_twilios_words() {
    let server = TestServer::start().await;
    let request = server
        .request(Method::GET, "/v2/Services")
        .header("host", "evil.example");
    Reply::of(request).await.assert_twilio(421, 20421);
}

#[tokio::test]
async fn a_panic_is_20500() {
    use phone_verify::compose::Overrides;
    let overrides = Overrides {
        store: Some(std::sync::Arc::new(crate::harness::BrokenStore { panics: true })),
        ..Overrides::default()
    };
    let server = TestServer::compose(&[], overrides).await;
    super::get(&server, &format!("Verifications/{NUMBER}"))
        .await
        .assert_twilio(500, 20500);
}

#[tokio::test]
async fn a_page_of_any_origin_may_not_read_it() {
    let server = TestServer::start().await;
    started(&server).await;
    let request = server
        .request(Method::GET, "/v2/Services")
        .header("origin", "https://evil.example");
    let reply = Reply::of(request.basic_auth(ACCOUNT, Some("demo-secret"))).await;
    assert_eq!(
        (reply.status, reply.header("access-control-allow-origin")),
        (200, "")
    );
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn with_a_public_url_answers_name_it_and_nothing_that_a_proxy_says() {
    let server = TestServer::with(&[("HTTP__PUBLIC_URL", "http://127.0.0.1:7")]).await;
    let request = server
        .request(Method::GET, "/v2/Services")
        .header("host", "127.0.0.1:7")
        .header("x-forwarded-host", "evil.example");
    let reply = Reply::of(request.basic_auth(ACCOUNT, Some("demo-secret"))).await;
    let url = format!("http://127.0.0.1:7/v2/Services/{SERVICE}");
    assert_eq!(reply.body["services"][0]["url"], url, "{reply:?}");
}
