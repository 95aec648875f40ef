//! Budgets: exact, however many spend, and each state told once.

use crate::fixtures::*;
use phone_verify::budget::{Account, Asked, Budget, BudgetState, Budgets, Caps, Money, Shares};
use phone_verify::hooks::EventKind;
use phone_verify::store::{
    BudgetTurn, Charge, NewVerification, PriceReport, Priced, Settle, Spent, StartOutcome, Store,
};
use phone_verify_domain::{Channel, DeliveryState, SiteKey, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

fn cents(cents: i64) -> Money {
    Money::from_millionths(cents * 10_000)
}

/// Ten cents a send; so many cents a day for all.
fn of_all(per_day: i64) -> Arc<Budgets> {
    let caps = || Caps {
        anywhere: cents(10),
        countries: HashMap::new(),
    };
    Arc::new(Budgets {
        currency: "USD".to_owned(),
        sms: caps(),
        call: caps(),
        shares: Shares {
            warn: 50,
            voice_off: 100,
            known_only: 100,
        },
        all: Budget {
            per_day: Some(cents(per_day)),
            per_month: None,
        },
        sites: HashMap::new(),
    })
}

fn charge(budgets: &Arc<Budgets>) -> Charge {
    Charge {
        budgets: budgets.clone(),
        asked: Asked {
            channel: Channel::Sms,
            is_known: false,
            amount: cents(10),
        },
        leaves: true,
    }
}

/// A verification called `name` of a number of its own.
fn paid(name: u32, budgets: &Arc<Budgets>, now: Timestamp) -> Result<NewVerification> {
    Ok(NewVerification {
        number: number(name),
        charge: Some(charge(budgets)),
        ..new_at(name, now)?
    })
}

async fn turns(store: &dyn Store, start: NewVerification) -> Result<Vec<BudgetTurn>> {
    match store.start(start).await? {
        StartOutcome::Started(started) => Ok(started.screened.budget_turns),
        other => Err(word_of_start(&other).into()),
    }
}

/// What the site and all sites spent on a day: the site's day and month, then everybody's.
async fn spent_at(store: &dyn Store, site: &SiteKey, now: Timestamp) -> Result<[Spent; 4]> {
    let spent = store.spent(&Account::of_send(site, now)).await?;
    Ok(spent.try_into().map_err(|_| "four accounts")?)
}

async fn spent(store: &dyn Store) -> Result<[Spent; 4]> {
    spent_at(store, &site()?, NOON).await
}

fn counted(amount: i64, sends: u64) -> Spent {
    Spent {
        counted: cents(amount),
        sends,
        ..Spent::default()
    }
}

fn price_of(name: u32, amount: i64, budgets: &Arc<Budgets>) -> PriceReport {
    PriceReport {
        id: id(name),
        delivery_id: format!("delivery-{name}"),
        sender_reference: "reference".to_owned(),
        price: cents(amount),
        budgets: budgets.clone(),
        now: NOON,
    }
}

pub async fn of_many_starts_at_once_exactly_those_the_budget_pays_for_are_written(
    store: &dyn Store,
) -> Result {
    let budgets = of_all(200);
    for round in 1..=rounds() {
        // A day each, and two sites.
        let now = NOON + DAY * round;
        let starts = (0..64).map(|index| -> Result<_> {
            let mut start = paid(round * 100 + index, &budgets, now)?;
            start.site = if index % 2 == 0 { site()? } else { other_site()? };
            Ok(store.start(start))
        });
        let starts = starts.collect::<Result<Vec<_>>>()?;
        let outcomes = futures::future::try_join_all(starts).await?;
        let words: Vec<_> = outcomes.iter().map(word_of_start).collect();
        let count = |word| words.iter().filter(|found| **found == word).count();
        assert_eq!((count("started"), count("limited")), (20, 44));
        let screened = outcomes.iter().filter_map(|outcome| match outcome {
            StartOutcome::Started(started) => Some(&started.screened.budget_turns),
            _ => None,
        });
        let mut states: Vec<_> = screened.flatten().map(|turn| (turn.spent, turn.state)).collect();
        states.sort_unstable();
        let told = [(cents(100), BudgetState::Warn), (cents(200), BudgetState::Stop)];
        assert_eq!(states, told, "each state once");
        let [one, _, all, _] = spent_at(store, &site()?, now).await?;
        let [other, ..] = spent_at(store, &other_site()?, now).await?;
        assert_eq!(all, counted(200, 20));
        assert_eq!(
            (one.counted.plus(other.counted), one.sends + other.sends),
            (cents(200), 20)
        );
    }
    Ok(())
}

pub async fn a_start_that_a_budget_refuses_leaves_nothing_behind(store: &dyn Store) -> Result {
    let budgets = of_all(10);
    turns(store, paid(1, &budgets, NOON)?).await?;
    let limits = vec![limit("number", 7, windows(1, DAY))];
    let refused = NewVerification {
        limits: limits.clone(),
        ..paid(2, &budgets, NOON)?
    };
    let StartOutcome::Limited(limited) = store.start(refused).await? else {
        return Err("not limited".into());
    };
    assert_eq!((limited.name, limited.retry_at), ("budget", NOON.next_utc_day()));
    assert!(store.find(id(2)).await?.is_none());
    assert_eq!(store.limits(&[limit_key(7)]).await?, [[None; 3]]);
    assert_eq!(spent(store).await?, [counted(10, 1); 4]);
    Ok(())
}

pub async fn a_price_takes_the_cap_s_place_once(store: &dyn Store) -> Result {
    let budgets = of_all(100);
    for name in 1..=2 {
        turns(store, paid(name, &budgets, NOON)?).await?;
        store.settle(accepted(name, name, NOON)).await?;
    }
    let another = PriceReport {
        sender_reference: "another".to_owned(),
        ..price_of(1, 3, &budgets)
    };
    assert_eq!(store.price(another).await?, None, "of another message");
    let reports = (0..8).map(|_| store.price(price_of(1, 3, &budgets)));
    let priced = futures::future::try_join_all(reports).await?;
    let taken: Vec<_> = priced.into_iter().flatten().collect();
    let once = Priced {
        before: cents(10),
        turns: Vec::new(),
    };
    assert_eq!(taken, [once]);
    let both = Spent {
        counted: cents(13),
        sends: 2,
        priced: cents(3),
        priced_sends: 1,
    };
    assert_eq!(spent(store).await?, [both; 4]);
    // A day later it is still the day of the send that it counts in.
    let late = PriceReport {
        now: NOON + DAY,
        ..price_of(2, 30, &budgets)
    };
    assert!(
        store
            .price(late)
            .await?
            .is_some_and(|priced| priced.turns.is_empty())
    );
    assert_eq!(spent(store).await?[2].counted, cents(33));
    assert_eq!(spent_at(store, &site()?, NOON + DAY).await?[2], Spent::default());
    Ok(())
}

pub async fn what_costs_nothing_is_taken_back_once(store: &dyn Store) -> Result {
    let budgets = of_all(100);
    turns(store, paid(1, &budgets, NOON)?).await?;
    turns(store, paid(2, &budgets, NOON)?).await?;
    let never = Settle {
        state: DeliveryState::NotSent,
        sender_reference: None,
        costs_nothing: true,
        ..accepted(1, 1, NOON)
    };
    for _ in 0..2 {
        store.settle(never.clone()).await?;
    }
    assert_eq!(spent(store).await?, [counted(10, 1); 4]);
    assert_eq!(store.price(price_of(1, 3, &budgets)).await?, None);
    Ok(())
}

pub async fn a_state_is_told_once_in_its_period_to_who_listens(store: &dyn Store) -> Result {
    let mut budgets = (*of_all(40)).clone();
    let own = Budget {
        per_day: Some(cents(20)),
        per_month: None,
    };
    budgets.sites.insert(told()?, own);
    let budgets = Arc::new(budgets);
    let of_told = |name| -> Result<_> {
        Ok(NewVerification {
            site: told()?,
            ..paid(name, &budgets, NOON)?
        })
    };
    assert_eq!(
        turns(store, of_told(1)?).await?.len(),
        1,
        "half of the site's is spent"
    );
    store.settle(accepted(1, 1, NOON)).await?;
    store.price(price_of(1, 0, &budgets)).await?;
    // Half of it again, and told no more; then half of everybody's.
    assert_eq!(turns(store, of_told(2)?).await?, []);
    let all = turns(store, paid(3, &budgets, NOON)?).await?;
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0].account.site, all[0].state), (&None, BudgetState::Warn));

    let due = store.take_webhooks(&told()?, NOON, NOON + LEASE, 100).await?;
    let warnings = due.into_iter().filter(|due| due.kind == EventKind::BudgetWarning);
    let mut bodies: Vec<_> = warnings.map(|due| due.body).collect();
    bodies.sort_unstable();
    let bodies: Vec<serde_json::Value> = bodies
        .iter()
        .map(|body| serde_json::from_str(body))
        .collect::<std::result::Result<_, _>>()?;
    let [all, own] = bodies.as_slice() else {
        return Err(format!("{bodies:?}").into());
    };
    assert_eq!(
        all["data"],
        serde_json::json!({
            "site_key": "told", "budget": "deployment", "period": "2026-01-01", "state": "warn"
        }),
        "what all spend is nobody else's business"
    );
    assert_eq!(
        own["data"],
        serde_json::json!({
            "site_key": "told", "budget": "site", "period": "2026-01-01", "state": "warn",
            "spent": "0.10", "limit": "0.20", "currency": "USD"
        })
    );
    Ok(())
}

pub async fn a_price_above_the_cap_may_reach_a_state_and_is_told(store: &dyn Store) -> Result {
    let budgets = of_all(100);
    turns(store, paid(1, &budgets, NOON)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    let priced = store
        .price(price_of(1, 60, &budgets))
        .await?
        .ok_or("not priced")?;
    let states: Vec<_> = priced.turns.iter().map(|turn| (turn.state, turn.spent)).collect();
    assert_eq!(states, [(BudgetState::Warn, cents(60))]);
    Ok(())
}

pub async fn a_price_is_asked_for_with_doubling_pauses_until_it_is_known(store: &dyn Store) -> Result {
    let budgets = of_all(100);
    for name in 1..=2 {
        turns(store, paid(name, &budgets, NOON)?).await?;
        store.settle(accepted(name, name, NOON)).await?;
    }
    started(store, new(3)?).await?;
    store.settle(accepted(3, 3, NOON)).await?;
    let mut asked = Vec::new();
    for minute in 0..60 * 48 {
        let now = NOON + Duration::from_mins(1) * minute;
        for due in store.take_looks(now, 100).await? {
            assert!(due.is_followed && due.sender_reference.as_deref() == Some("reference"));
            if due.id == id(2) {
                store.price(price_of(2, 1, &budgets)).await?;
            } else {
                assert_eq!(due.id, id(1), "what counts nothing is not asked about");
            }
            asked.push((due.id, minute));
        }
    }
    let minutes = |name| -> Vec<u32> {
        let of_one = asked.iter().filter(|(asked, _)| *asked == id(name));
        of_one.map(|(_, minute)| *minute).collect()
    };
    assert_eq!(minutes(2), [2]);
    assert_eq!(minutes(1), [2, 6, 14, 30, 62, 126, 254, 510, 1_022, 2_046]);
    Ok(())
}

pub async fn what_was_spent_can_be_read_for_more_than_a_year(store: &dyn Store) -> Result {
    turns(store, paid(1, &of_all(100), NOON)?).await?;
    store.sweep(NOON + DAY * 390, RETENTION).await?;
    assert_eq!(spent(store).await?[2], counted(10, 1));
    store.sweep(NOON + DAY * 401, RETENTION).await?;
    assert_eq!(spent(store).await?[2], Spent::default());
    Ok(())
}
