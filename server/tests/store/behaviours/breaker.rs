//! Breakers of prefixes and countries: counted exactly, however many ask.

use crate::fixtures::*;
use phone_verify::limits::{BreakerState, ConversionRule, Threshold, TrackRecord, Turned};
use phone_verify::store::{
    BreakerName, BreakerTurn, KeptBreaker, NewDelivery, NewVerification, ResendOutcome, Screened, Settle,
    StartOutcome, Stopper, Store, Watched,
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
        StartOutcome::Started(started) => Ok(started.screened),
        other => Err(word_of_start(&other).into()),
    }
}

async fn breaker(store: &dyn Store, name: BreakerName) -> Result<KeptBreaker> {
    let kept = store.breakers(100).await?;
    let found = kept.into_iter().find(|kept| kept.name == name);
    Ok(found.ok_or("no such breaker")?)
}

fn record(sent: u32, approved: u32) -> TrackRecord {
    TrackRecord { sent, approved }
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
        assert_eq!(kept.breaker.counts.of_day(NOON), record(16, 0));
    }
    let country = breaker(store, BreakerName::Country(us()?)).await?;
    assert_eq!(country.breaker.counts.of_day(NOON), record(16 * rounds(), 0));
    Ok(())
}

/// A prefix is judged after twenty sends: eighty leave at once, the first of them while nothing can turn yet.
const LARGER: Threshold = Threshold {
    sends: 20,
    percent: 50,
};

pub async fn of_many_starts_at_once_exactly_a_larger_burst_leaves(store: &dyn Store) -> Result {
    for round in 1..=rounds() {
        let mut starts = Vec::new();
        for index in 0..128 {
            let mut start = stranger(round * 1_000 + index, round, NOON)?;
            start.watched = start.watched.map(|watched| Watched {
                rule: ConversionRule {
                    prefix: LARGER,
                    ..RULE
                },
                ..watched
            });
            starts.push(screened(store, start));
        }
        let outcomes = futures::future::try_join_all(starts).await?;
        let left = outcomes.iter().filter(|screened| screened.leaves).count();
        assert_eq!(left, 80, "four times the twenty that are judged");
    }
    Ok(())
}

/// A stranger of a prefix that is far from turning.
fn far(name: u32) -> Result<NewVerification> {
    let mut start = stranger(name, 9, NOON)?;
    start.watched = start.watched.map(|watched| Watched {
        rule: ConversionRule { prefix: EASY, ..RULE },
        ..watched
    });
    Ok(start)
}

/// So many begin, and then each is approved.
pub async fn begun_and_then_approved(store: &dyn Store, names: u32) -> Result {
    for name in 1..=names {
        assert!(screened(store, far(name)?).await?.leaves);
    }
    for name in 1..=names {
        assert_eq!(checked(store, check(name, RIGHT)?).await?, "approved");
    }
    Ok(())
}

/// The longest text of counts that those leave behind: their one minute, and some thirty additions of a dozen bytes each.
pub const SHORT: i64 = 500;

/// What cannot turn is only added to; rows that grow long by it are written anew.
pub async fn what_is_far_from_turning_is_counted_exactly_too(store: &dyn Store) -> Result {
    const NAMES: u32 = 600;
    let names: Vec<u32> = (1..=NAMES).collect();
    for some in names.chunks(100) {
        let starts = some.iter().map(|name| Ok(screened(store, far(*name)?)));
        let starts = starts.collect::<Result<Vec<_>>>()?;
        let screened = futures::future::try_join_all(starts).await?;
        assert!(
            screened
                .iter()
                .all(|screened| screened.leaves && screened.turns.is_empty())
        );
        let checks = some.iter().filter(|name| *name % 3 == 0);
        let checks = checks.map(|name| Ok(checked(store, check(*name, RIGHT)?)));
        let checks = checks.collect::<Result<Vec<_>>>()?;
        for word in futures::future::try_join_all(checks).await? {
            assert_eq!(word, "approved");
        }
    }
    for name in [prefix(9), BreakerName::Country(us()?)] {
        let counts = breaker(store, name).await?.breaker.counts;
        assert_eq!(counts.of_day(NOON), record(NAMES, NAMES / 3));
    }
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
        let counted = breaker(store, name).await?.breaker.counts.of_day(NOON);
        assert_eq!(counted, record(3, 1));
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

/// The country is judged after four sends, of which half must be approved: it opens with the sixteenth at once.
const STRICT: ConversionRule = ConversionRule {
    prefix: EASY,
    country: RULE.prefix,
    ..RULE
};

/// A stranger of a prefix of their own, where [`STRICT`] is the rule.
fn one_of(name: u32, of: u32, now: Timestamp) -> Result<NewVerification> {
    let mut start = stranger(name, of, now)?;
    start.watched = start.watched.map(|watched| Watched {
        rule: STRICT,
        ..watched
    });
    Ok(start)
}

/// Strangers of sixteen prefixes, whom nobody answers.
async fn attack(store: &dyn Store) -> Result {
    for name in 1..=16 {
        assert!(screened(store, one_of(name, name, NOON)?).await?.leaves);
    }
    Ok(())
}

pub async fn an_open_country_stops_prefixes_that_nobody_answered_and_serves_others(
    store: &dyn Store,
) -> Result {
    attack(store).await?;
    let country = BreakerName::Country(us()?);
    let burned = screened(store, one_of(101, 1, NOON)?).await?;
    assert_eq!(burned.turns, [turned(country, Turned::Opened)?]);
    let stopper = Stopper {
        name: prefix(1),
        sent: 1,
        approved: 0,
        percent: 50,
        window: DAY,
        until: Some(NOON + STRICT.open_for),
    };
    assert_eq!((burned.leaves, burned.stopped_by), (false, Some(stopper)));

    let unknown = one_of(102, 99, NOON)?;
    let resend = NewDelivery {
        watched: unknown.watched.clone(),
        ..new_delivery(102, 1_020, NOON)?
    };
    assert!(screened(store, unknown).await?.leaves);
    let ResendOutcome::Sending(again) = store.resend(resend).await? else {
        return Err("not sent again".into());
    };
    assert!(
        again.screened.leaves,
        "the first message does not speak against the second"
    );
    assert!(
        !screened(store, one_of(103, 99, NOON)?).await?.leaves,
        "it does against others"
    );
    assert_eq!(checked(store, check(102, RIGHT)?).await?, "approved");
    assert!(screened(store, one_of(104, 99, NOON)?).await?.leaves);

    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    assert!(
        screened(store, one_of(105, 1, NOON)?).await?.leaves,
        "it came back late"
    );
    assert_eq!(
        breaker(store, prefix(1)).await?.breaker.counts.of_day(NOON),
        record(2, 1)
    );
    assert_eq!(
        breaker(store, country).await?.breaker.counts.of_day(NOON),
        record(20, 3)
    );
    Ok(())
}

pub async fn of_many_starts_to_new_prefixes_at_once_exactly_the_country_s_day_leaves(
    store: &dyn Store,
) -> Result {
    for round in 1..=rounds() {
        let name = |index| round * 1_000 + index;
        let now = NOON + DAY * (round * 2);
        let starts = (0..64)
            .map(|index| one_of(name(index), name(index), now))
            .collect::<Result<Vec<_>>>()?;
        let starts = starts.into_iter().map(|start| screened(store, start));
        let outcomes = futures::future::try_join_all(starts).await?;
        let left = outcomes.iter().filter(|screened| screened.leaves).count();
        assert_eq!(left, 24, "six times the four that are judged");
        let country = BreakerName::Country(us()?);
        let stoppers = outcomes.iter().filter_map(|screened| screened.stopped_by);
        for stopper in stoppers {
            assert_eq!((stopper.name, stopper.sent, stopper.approved), (country, 24, 0));
            assert_eq!(stopper.until, Some(now + DAY));
        }
    }
    Ok(())
}

pub async fn only_what_was_tried_ends_an_open_country(store: &dyn Store) -> Result {
    attack(store).await?;
    assert!(!screened(store, one_of(101, 1, NOON)?).await?.leaves);
    let later = NOON + STRICT.open_for;
    for name in 201..=203 {
        assert!(screened(store, one_of(name, name, later)?).await?.leaves);
        assert_eq!(checked(store, check_at(name, RIGHT, later)?).await?, "approved");
    }
    for name in 1..=3 {
        let tried = screened(store, one_of(300 + name, name, later)?).await?;
        assert!(tried.leaves && tried.turns.is_empty(), "{name}");
    }
    assert!(
        !screened(store, one_of(304, 4, later)?).await?.leaves,
        "three are tried"
    );
    for name in 301..=302 {
        assert_eq!(checked(store, check_at(name, RIGHT, later)?).await?, "approved");
    }
    let ended = screened(store, one_of(305, 5, later)?).await?;
    let closed = turned(BreakerName::Country(us()?), Turned::Closed)?;
    assert_eq!((ended.leaves, ended.turns), (true, vec![closed]));
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
