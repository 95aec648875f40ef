//! The log of decisions, on each store.

use crate::cluster::fresh_database;
use crate::fixtures::*;
use phone_verify::decisions::{Asked, Decision, Operation, Outcome, Rule, Saw};
use phone_verify::store::{
    About, BreakerName, DecisionFilter, OperatorStore, PostgresStore, SqliteStore, Store,
};
use phone_verify_domain::{Channel, Country, ErrorCode, Timestamp};
use std::time::Duration;

fn refused(name: u32, at: Timestamp) -> Result<Decision> {
    Ok(Decision {
        at,
        asked: Asked {
            operation: Operation::Start,
            site: Some(site()?),
            channel: Some(Channel::Sms),
            country: Country::parse("US"),
            verification: Some(id(name)),
            number: Some(number(name)),
        },
        outcome: Outcome::Refused,
        rule: Some(Rule::Number),
        saw: Saw {
            counted: Some(3),
            allowed: Some(3),
            window: Some(Duration::from_hours(1)),
            retry_in: Some(Duration::from_millis(1_234)),
            ..Saw::default()
        },
        times: 1,
    })
}

/// As little of one as there may be.
fn rest(at: Timestamp) -> Decision {
    Decision {
        at,
        asked: Asked::of(Operation::Check),
        outcome: Outcome::Dropped,
        rule: Some(Rule::Refusal(ErrorCode::NotFound)),
        saw: Saw {
            out_of: Some(7),
            breaker: Some(BreakerName::Prefix(limit_key(9))),
            ..Saw::default()
        },
        times: 940,
    }
}

const ALL: DecisionFilter = DecisionFilter {
    about: About::Anything,
    site: None,
    rule: None,
    since: None,
    at_most: 100,
};

async fn lines_survive_and_are_found_by_what_they_are_about<S: OperatorStore>(store: &S) -> Result {
    let later = NOON + Duration::from_mins(1);
    let (first, second, third) = (refused(1, NOON)?, rest(NOON), refused(2, later)?);
    store.write_decisions(&[first.clone(), second.clone()]).await?;
    store.write_decisions(std::slice::from_ref(&third)).await?;
    let found = async |filter| store.decisions(filter).await;
    assert_eq!(found(ALL).await?, [third.clone(), second.clone(), first.clone()]);
    let one = DecisionFilter { at_most: 1, ..ALL };
    assert_eq!(found(one).await?, std::slice::from_ref(&third));
    let since = DecisionFilter {
        since: Some(later),
        ..ALL
    };
    assert_eq!(found(since).await?, std::slice::from_ref(&third));
    let by_rule = DecisionFilter {
        rule: Some(Rule::Number),
        ..ALL
    };
    assert_eq!(found(by_rule).await?, [third.clone(), first.clone()]);
    let elsewhere = DecisionFilter {
        site: Some(other_site()?),
        ..ALL
    };
    assert_eq!(found(elsewhere).await?, []);
    let about = |about| DecisionFilter { about, ..ALL };
    assert_eq!(found(about(About::Verification(id(2)))).await?, [third]);
    assert_eq!(found(about(About::Number(number(1)))).await?, [first]);
    assert_eq!(found(about(About::Number(number(3)))).await?, []);
    Ok(())
}

async fn they_go_with_their_number_and_with_their_time<S: OperatorStore + Store>(store: &S) -> Result {
    let later = NOON + Duration::from_mins(1);
    let lines = [refused(1, NOON)?, rest(NOON), refused(2, later)?];
    store.write_decisions(&lines).await?;
    assert_eq!(
        store.sites().await?,
        [site()?],
        "an erasure of all sites asks this one"
    );
    assert_eq!(store.erase_number(&site()?, number(2)).await?, 1);
    assert_eq!(store.decisions(ALL).await?.len(), 2);
    store.sweep(NOON + RETENTION.decisions, RETENTION).await?;
    assert_eq!(store.decisions(ALL).await?, []);
    Ok(())
}

async fn what_was_allowed_is_read_from_the_verification<S: OperatorStore + Store>(store: &S) -> Result {
    let (second, third) = (NOON + Duration::from_mins(1), NOON + Duration::from_mins(2));
    started(store, new(1)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    resent(store, new_delivery(1, 2, second)?).await?;
    let dropped = phone_verify::store::Settle {
        sender: "block_list".to_owned(),
        ..accepted(1, 2, second)
    };
    store.settle(dropped).await?;
    checked(store, check_at(1, RIGHT, third)?).await?;
    let allowed = store.allowed(id(1)).await?;
    let told: Vec<_> = allowed
        .iter()
        .map(|decision| (decision.asked.operation, decision.outcome, decision.at))
        .collect();
    assert_eq!(
        told,
        [
            (Operation::Check, Outcome::Allowed, third),
            (Operation::Start, Outcome::Allowed, NOON),
        ],
        "the second send never left"
    );
    assert_eq!(allowed[0].asked.verification, Some(id(1)));
    assert_eq!(store.allowed(id(2)).await?, []);
    Ok(())
}

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() -> super::Result {
                let folder = tempfile::tempdir()?;
                let file = folder.path().join("phone-verify.db");
                let store = super::SqliteStore::open(&format!("sqlite://{}", file.display())).await?;
                super::$name(&store).await
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() -> super::Result {
                let url = super::fresh_database().await?;
                super::$name(&super::PostgresStore::open(&url).await?).await
            })*
        }
    };
}

on_both!(
    lines_survive_and_are_found_by_what_they_are_about,
    they_go_with_their_number_and_with_their_time,
    what_was_allowed_is_read_from_the_verification,
);
