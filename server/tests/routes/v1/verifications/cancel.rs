use crate::harness::{NUMBER, TestServer};

#[tokio::test]
async fn a_pending_verification_is_given_up_once_and_for_all() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    for _ in 0..2 {
        let reply = server.cancel(&started).await;
        assert_eq!(
            (reply.status, &reply.body["status"]),
            (200, &"canceled".into()),
            "{reply:?}"
        );
        assert!(reply.body["next_sms_in"].is_null() && reply.body["next_check_in"].is_null());
    }
}

#[tokio::test]
async fn an_approved_one_stays_approved() {
    let server = TestServer::start().await;
    let (approved, _) = server.approved().await;
    let reply = server.cancel(&approved).await;
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (200, &"approved".into()),
        "{reply:?}"
    );
}
