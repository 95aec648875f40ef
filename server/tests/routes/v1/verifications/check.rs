use crate::harness::{NUMBER, OTHER_NUMBER, Started, TestServer, wrong};
use futures::future::join_all;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test]
async fn the_right_code_is_approved_with_a_token() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    let spaced = format!(" {}-{} ", &code[..3], &code[3..]);
    let reply = server.check(&started, &spaced).await;
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (200, &json!("approved")),
        "{reply:?}"
    );
    assert_eq!(reply.body["token"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(reply.body["next_check_in"], json!(null));
}

#[tokio::test]
async fn the_same_code_gets_the_same_token_for_two_minutes_and_then_409() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    let first = server.check(&started, &code).await;
    server
        .check(&started, &wrong(&code))
        .await
        .assert_problem(409, "already_approved");
    server.clock.advance(Duration::from_secs(119));
    let again = server.check(&started, &code).await;
    assert_eq!(again.status, 200, "{again:?}");
    let claims = |reply: &crate::harness::Reply| {
        reply.body["token"]
            .as_str()
            .unwrap()
            .split('.')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert_eq!(claims(&first), claims(&again));
    server.clock.advance(Duration::from_secs(2));
    server
        .check(&started, &code)
        .await
        .assert_problem(409, "already_approved");
}

#[tokio::test]
async fn wrong_codes_are_counted_down_until_the_last() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    for left in (0..5).rev() {
        let reply = server.check(&started, &wrong(&code)).await;
        reply.assert_problem(422, "wrong_code");
        assert_eq!(reply.about()["attempts_left"], left);
        let status = if left == 0 { "exhausted" } else { "pending" };
        assert_eq!(reply.about()["status"], status);
    }
    let reply = server.check(&started, &code).await;
    reply.assert_problem(410, "exhausted");
    assert_eq!(reply.about()["status"], "exhausted");
}

#[tokio::test]
async fn what_is_no_code_is_not_evaluated() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let long = "1".repeat(5_000);
    for typed in [
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "١٢٣٤٥٦",
        "+123456",
        "12.3456",
        &long,
    ] {
        let reply = server.check(&started, typed).await;
        reply.assert_problem(422, "invalid_code");
    }
    assert_eq!(server.view(&started).await.body["attempts_left"], 5);
}

#[tokio::test]
async fn the_fourth_check_waits() {
    let server = TestServer::with(&[("LIMITS__CHECKS__PACING_FACTOR", "15s")]).await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    for _ in 0..3 {
        server
            .check(&started, &wrong(&code))
            .await
            .assert_problem(422, "wrong_code");
    }
    let reply = server.check(&started, &code).await;
    reply.assert_problem(429, "too_many_requests");
    assert_eq!(reply.body["retry_in"], 15);
    assert_eq!(reply.about()["attempts_left"], 2, "nothing was spent");
    assert_eq!(reply.about()["next_check_in"], 15);
    server.clock.advance(Duration::from_secs(15));
    assert_eq!(server.check(&started, &code).await.status, 200);
}

#[tokio::test]
async fn the_numbers_day_outlasts_its_verifications() {
    let server = TestServer::with(&[("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "7")]).await;
    for (checks, refused) in [(5, false), (2, true)] {
        let started = server.started(NUMBER).await;
        let code = server.code().await;
        for _ in 0..checks {
            server
                .check(&started, &wrong(&code))
                .await
                .assert_problem(422, "wrong_code");
        }
        if refused {
            let reply = server.check(&started, &code).await;
            reply.assert_problem(429, "too_many_requests");
            assert_eq!(reply.about()["attempts_left"], 3);
        }
    }
}

#[tokio::test]
async fn after_the_end_no_code_is_compared() {
    let server = TestServer::start().await;
    let expired = server.started(NUMBER).await;
    let code = server.code().await;
    server.clock.advance(Duration::from_mins(10));
    let reply = server.check(&expired, &code).await;
    reply.assert_problem(410, "expired");
    assert_eq!(reply.about()["expires_in"], json!(null));

    let canceled = server.started(NUMBER).await;
    let code = server.code().await;
    server.cancel(&canceled).await;
    server
        .check(&canceled, &code)
        .await
        .assert_problem(410, "canceled");
}

#[tokio::test]
async fn another_ones_secret_opens_nothing() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    let other = server.started(OTHER_NUMBER).await;
    let thief = Started {
        id: started.id.clone(),
        secret: other.secret,
    };
    server.check(&thief, &code).await.assert_problem(404, "not_found");
    assert_eq!(server.view(&started).await.body["attempts_left"], 5);
}

#[tokio::test]
async fn of_64_wrong_codes_at_once_five_are_evaluated() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = wrong(&server.code().await);
    let replies = join_all((0..64).map(|_| server.check(&started, &code))).await;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for reply in &replies {
        *counts
            .entry(reply.body["code"].as_str().unwrap_or("?").to_owned())
            .or_default() += 1;
    }
    assert_eq!(
        counts,
        BTreeMap::from([("wrong_code".to_owned(), 5), ("exhausted".to_owned(), 59)])
    );
}

#[tokio::test]
async fn of_64_right_codes_at_once_one_is_approved_and_all_get_its_token() {
    let server = TestServer::start().await;
    let started = server.started(NUMBER).await;
    let code = server.code().await;
    let replies = join_all((0..64).map(|_| server.check(&started, &code))).await;
    let claims: std::collections::BTreeSet<&str> = replies
        .iter()
        .map(|reply| {
            reply.body["token"]
                .as_str()
                .expect("a token")
                .split('.')
                .nth(1)
                .unwrap()
        })
        .collect();
    assert_eq!(claims.len(), 1);
    assert_eq!(
        server.view(&started).await.body["attempts_left"],
        4,
        "one check was spent"
    );
}
