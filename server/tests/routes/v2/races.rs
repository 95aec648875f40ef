use super::{check, started, try_start};
use crate::harness::{NUMBER, Reply, TestServer, wrong};
use futures::future::join_all;
use std::collections::BTreeSet;

fn count(replies: &[Reply], status: &str) -> usize {
    replies
        .iter()
        .filter(|reply| reply.body["status"] == status)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_right_checks_at_once_one_approves_and_the_rest_find_nothing() {
    let server = TestServer::start().await;
    started(&server).await;
    let code = server.code().await;
    let replies = join_all((0..64).map(|_| check(&server, &code))).await;
    assert_eq!(count(&replies, "approved"), 1);
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        reply.assert_twilio(404, 20404);
    }
    assert_eq!(replies.iter().filter(|reply| reply.status == 404).count(), 63);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_wrong_checks_at_once_five_are_evaluated_and_none_says_approved() {
    let server = TestServer::start().await;
    started(&server).await;
    let code = wrong(&server.code().await);
    let replies = join_all((0..64).map(|_| check(&server, &code))).await;
    assert_eq!(
        (
            count(&replies, "pending"),
            count(&replies, "max_attempts_reached")
        ),
        (4, 1)
    );
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        reply.assert_twilio(429, 60202);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_starts_of_one_number_at_once_there_is_one_verification() {
    let server = TestServer::start().await;
    let replies = join_all((0..16).map(|_| try_start(&server, NUMBER))).await;
    let sids: BTreeSet<_> = replies
        .iter()
        .filter(|reply| reply.status == 201)
        .map(|reply| reply.body["sid"].to_string())
        .collect();
    assert_eq!(sids.len(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 5);
    assert_eq!(server.outbox().await.len(), 5, "the sends of one verification");
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        assert!(
            matches!(reply.body["code"].as_u64(), Some(60203 | 20429)),
            "{reply:?}"
        );
    }
}
