//! Breakers of prefixes and countries: counted exactly, however many ask.

use crate::fixtures::*;
use phone_verify::limits::{BreakerState, ConversionRule, Threshold, Turned};
use phone_verify::store::{
    BreakerName, BreakerTurn, KeptBreaker, NewVerification, Screened, Settle, StartOutcome, Stopper, Store,
    Watched,
};
use phone_verify_domain::{Country, DeliveryState, Timestamp};
use std::time::Duration;

const MINUTES: Duration = Duration::from_mins(6);
const EASY: Threshold = Threshold {
    sends: 1_000,
    percent: 1,
};

/// A prefix is judged after four sends, of which half must be approved.
const RULE: ConversionRule = ConversionRule {
    window: Duration::from_hours(1),
    answer_after: Duration::from_mins(5),
    open_for: Duration::from_hours(1),
    prefix: Threshold {
        sends: 4,
        percent: 50,
    },
    country: EASY,
};

fn us() -> Result<Country> {
    Ok(Country::parse("US").ok_or("a country")?)
}

fn prefix(name: u32) -> BreakerName {
    BreakerName::Prefix(limit_key(name))
}

/// A stranger called `name` of the prefix called `of`.
fn stranger(name: u32, of: u32, now: Timestamp) -> Result<NewVerification> {
    Ok(NewVerification {
        number: number(name),
        watched: Some(Watched {
            rule: RULE,
            prefix: limit_key(of),
            country: us()?,
            shared: Vec::new(),
        }),
        ..new_at(name, now)?
    })
}

async fn screened(store: &dyn Store, start: NewVerification) -> Result<Screened> {
    match store.start(start).await? {
        StartOutcome::Started(_, _, screened) => Ok(screened),
        other => Err(word_of_start(&other).into()),
    }
}

async fn breaker(store: &dyn Store, name: BreakerName) -> Result<KeptBreaker> {
    let kept = store.breakers(100).await?;
    let found = kept.into_iter().find(|kept| kept.name == name);
    Ok(found.ok_or("no such breaker")?)
}

fn turned(name: BreakerName, turned: Turned) -> Result<BreakerTurn> {
    Ok(BreakerTurn {
        name,
        country: us()?,
        turned,
    })
}

pub async fn of_many_starts_at_once_exactly_the_burst_leaves(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        let name = |index| round * 1_000 + index;
        let starts = (0..64)
            .map(|index| stranger(name(index), round, NOON))
            .collect::<Result<Vec<_>>>()?;
        let starts = starts.into_iter().map(|start| screened(store, start));
        let outcomes = futures::future::try_join_all(starts).await?;
        let left = outcomes.iter().filter(|screened| screened.leaves).count();
        assert_eq!(left, 16, "four times the four that are judged");
        let turns: Vec<_> = outcomes.iter().flat_map(|screened| &screened.turns).collect();
        assert_eq!(turns, [&turned(prefix(round), Turned::Opened)?], "it opens once");
        let kept = breaker(store, prefix(round)).await?;
        assert_eq!(kept.breaker.counts.total(), (16, 0));
    }
    let country = breaker(store, BreakerName::Country(us()?)).await?;
    assert_eq!(country.breaker.counts.total(), (16 * rounds(), 0));
    Ok(())
}

pub async fn approvals_and_sends_that_never_left_are_counted_once(store: &dyn Store) -> Result {
    for name in 1..=4 {
        assert!(screened(store, stranger(name, 9, NOON)?).await?.leaves);
    }
    for word in ["approved", "approved before"] {
        assert_eq!(checked(store, check(1, RIGHT)?).await?, word);
    }
    let never = Settle {
        state: DeliveryState::NotSent,
        sender_reference: None,
        give_back: Some(Vec::new()),
        ..accepted(2, 2, NOON)
    };
    for _ in 0..2 {
        store.settle(never.clone()).await?;
    }
    for name in [prefix(9), BreakerName::Country(us()?)] {
        assert_eq!(breaker(store, name).await?.breaker.counts.total(), (3, 1));
    }
    Ok(())
}

pub async fn a_breaker_that_turns_is_told_to_who_listens(store: &dyn Store) -> Result {
    for name in 1..=4 {
        screened(store, stranger(name, 9, NOON)?).await?;
    }
    let late = screened(store, stranger(5, 9, NOON + MINUTES)?).await?;
    assert_eq!(
        late,
        Screened {
            leaves: false,
            turns: vec![turned(prefix(9), Turned::Opened)?],
            budget_turns: Vec::new(),
            stopped_by: Some(Stopper {
                name: prefix(9),
                sent: 4,
                approved: 0,
                percent: 50,
                window: RULE.window,
                until: Some(NOON + MINUTES + RULE.open_for),
            }),
        }
    );
    assert!(
        store
            .turn_breaker(turned(prefix(9), Turned::Closed)?, NOON + MINUTES)
            .await?
    );
    let told = store.webhooks(Some(&told()?), 10).await?;
    let mut kinds: Vec<_> = told.iter().map(|webhook| webhook.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["breaker.closed", "breaker.opened"]);
    Ok(())
}

pub async fn one_that_is_turned_by_hand_stays_so(store: &dyn Store) -> Result {
    let country = BreakerName::Country(us()?);
    assert!(store.turn_breaker(turned(country, Turned::Opened)?, NOON).await?);
    assert!(
        !store.turn_breaker(turned(country, Turned::Opened)?, NOON).await?,
        "it was"
    );
    assert!(!screened(store, stranger(1, 1, NOON)?).await?.leaves);
    assert!(!screened(store, stranger(2, 1, NOON + DAY * 30)?).await?.leaves);
    assert!(store.turn_breaker(turned(country, Turned::Closed)?, NOON).await?);
    assert_eq!(breaker(store, country).await?.breaker.state, BreakerState::Closed);
    assert!(screened(store, stranger(3, 1, NOON)?).await?.leaves);
    Ok(())
}

pub async fn a_number_is_known_once_it_is_verified_on_the_site(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    assert!(!store.is_known(&site()?, number(1)).await?);
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    assert!(store.is_known(&site()?, number(1)).await?);
    assert!(!store.is_known(&other_site()?, number(1)).await?);
    assert!(!store.is_known(&site()?, number(2)).await?);
    store.erase_number(&site()?, number(1)).await?;
    assert!(!store.is_known(&site()?, number(1)).await?);
    Ok(())
}

pub async fn closed_ones_go_after_a_day_and_open_ones_stay(store: &dyn Store) -> Result {
    screened(store, stranger(1, 1, NOON)?).await?;
    let country = BreakerName::Country(us()?);
    store.turn_breaker(turned(country, Turned::Opened)?, NOON).await?;
    store
        .sweep(before(NOON + DAY, Duration::from_millis(1)), RETENTION)
        .await?;
    assert_eq!(store.breakers(10).await?.len(), 2);
    store.sweep(NOON + DAY, RETENTION).await?;
    let left: Vec<_> = store.breakers(10).await?.iter().map(|kept| kept.name).collect();
    assert_eq!(left, [country]);
    Ok(())
}
