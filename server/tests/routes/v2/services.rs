use super::{ACCOUNT, SERVICE, call, get};
use crate::harness::TestServer;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_site_is_a_service() {
    let server = TestServer::start().await;
    let path = format!("/v2/Services/{SERVICE}");
    let fetched = call(&server, Method::GET, &path, None).await;
    assert_eq!(fetched.status, 200, "{fetched:?}");
    let url = format!("{}{path}", server.url);
    for (field, value) in [
        ("sid", json!(SERVICE)),
        ("account_sid", json!(ACCOUNT)),
        ("code_length", json!(6)),
        ("custom_code_enabled", json!(true)),
        ("url", json!(url)),
        (
            "links",
            json!({"verifications": format!("{url}/Verifications"), "verification_checks": format!("{url}/VerificationCheck")}),
        ),
    ] {
        assert_eq!(fetched.body[field], value, "{field}");
    }
    let list = call(&server, Method::GET, "/v2/Services", None).await;
    assert_eq!(list.body["services"], json!([fetched.body]));
    assert_eq!(list.body["meta"]["key"], "services");
    get(&server, "Nothing").await.assert_twilio(404, 20404);
}
