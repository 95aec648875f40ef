//! The page of budgets, on both databases.

use crate::admin::{get, log_in, server, text};
use crate::cluster::fresh_database;
use crate::harness::NUMBER;
use std::time::Duration;

const BUDGET: [(&str, &str); 4] = [
    ("BUDGET__PER_DAY", "1"),
    ("BUDGET__PER_MONTH", "50"),
    ("BUDGET__SMS", "0.25"),
    ("BUDGET__CALL", "0.5"),
];

#[tokio::test]
async fn without_a_budget_the_page_says_so() {
    let server = server(&[]).await;
    let inside = log_in(&server).await;
    let seen = text(&get(&server, &inside, "/admin/budget").await);
    assert!(seen.contains("No budget is set"), "{seen}");
}

async fn what_was_spent_stands_against_the_budget(settings: &[(&str, &str)]) {
    let server = server(&[&BUDGET[..], settings].concat()).await;
    let inside = log_in(&server).await;
    server.started(NUMBER).await;
    server.started("+447400123456").await;
    let seen = text(&get(&server, &inside, "/admin/budget").await);
    for row in [
        "All sites, 2027-01-15 | Normal | 0.50 | 1.00 | 50 % | 2 | 0",
        "All sites, 2027-01 | Normal | 0.50 | 50.00 | 1 % | 2 | 0",
        "demo, 2027-01-15 | Normal | 0.50 | not limited | – | 2 | 0",
    ] {
        assert!(seen.contains(row), "{row}: {seen}");
    }
    server.started("+442079460123").await;
    let seen = text(&get(&server, &inside, "/admin/budget?site=demo").await);
    assert!(seen.contains("All sites, 2027-01-15 | Warning"), "{seen}");
    server.clock.advance(Duration::from_hours(24));
    let inside = log_in(&server).await;
    let seen = text(&get(&server, &inside, "/admin/budget?site=nobody").await);
    assert!(
        seen.contains("All sites, 2027-01-16 | Normal | 0.00 | 1.00 | 0 %"),
        "{seen}"
    );
    assert!(
        seen.contains("2027-01-15 | 0.75 | 75 % | 3 | 0"),
        "the day before: {seen}"
    );
}

mod sqlite {
    #[tokio::test]
    async fn what_was_spent_stands_against_the_budget() {
        super::what_was_spent_stands_against_the_budget(&[]).await;
    }
}

mod postgres {
    #[tokio::test]
    async fn what_was_spent_stands_against_the_budget() {
        let url = super::fresh_database().await.unwrap();
        super::what_was_spent_stands_against_the_budget(&[("DATABASE__URL", &url)]).await;
    }
}
