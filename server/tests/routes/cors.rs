use crate::harness::{NO_ID, NUMBER, Reply, TestServer, start_body};
use reqwest::Method;

const ORIGIN: &str = "http://localhost:8080";

#[tokio::test]
async fn a_preflight_is_answered_for_every_path_of_the_api() {
    let server = TestServer::start().await;
    let one = format!("/v1/verifications/{NO_ID}");
    for path in [
        "/v1/verifications",
        one.as_str(),
        "/v1/nothing",
        "/embed/v1/x.js",
        "/.well-known/jwks.json",
    ] {
        let request = server
            .request(Method::OPTIONS, path)
            .header("origin", ORIGIN)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type,idempotency-key",
            );
        let reply = Reply::of(request).await;
        assert_eq!(reply.status, 204, "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-allow-methods"), "GET, POST, DELETE");
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "authorization, content-type, idempotency-key"
        );
        assert_eq!(reply.header("access-control-max-age"), "7200");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn answers_and_refusals_can_be_read_by_any_page() {
    let server = TestServer::start().await;
    for body in [start_body(NUMBER), start_body("nonsense")] {
        let request = server
            .request(Method::POST, "/v1/verifications")
            .header("origin", ORIGIN);
        let reply = Reply::of(request.json(&body)).await;
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-expose-headers"), "retry-after");
    }
}

#[tokio::test]
async fn pages_of_this_server_are_not_opened_to_others() {
    let server = TestServer::start().await;
    for path in ["/dev/outbox", "/dev/embedded", "/healthz", "/nothing"] {
        assert_eq!(
            server.get(path).await.header("access-control-allow-origin"),
            "",
            "{path}"
        );
    }
}
