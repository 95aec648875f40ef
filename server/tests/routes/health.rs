use crate::harness::TestServer;

#[tokio::test]
async fn a_server_that_is_well_is_live_and_ready() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, &ready.body["status"]), (200, &"ready".into()));
}
