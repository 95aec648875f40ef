//! What a site's own server does: one live verification a number, found by it; approved by its word; its attempts counted.

use crate::fixtures::*;
use phone_verify::store::{
    Approval, AttemptCount, AttemptFilter, Door, NamedBy, NewVerification, Page, Settle, StartOutcome, Store,
};
use phone_verify_domain::{Channel, Country, DeliveryState, Status};
use std::time::Duration;

const ALL: Page = Page { skip: 0, size: 100 };

fn by_host(name: u32) -> Result<NewVerification> {
    Ok(NewVerification {
        door: Door::Host,
        ..new(name)?
    })
}

fn approval(name: u32) -> Result<Approval> {
    Ok(Approval {
        id: id(name),
        site: site()?,
        now: NOON,
        jti: format!("jti-of-{name}"),
        token_expires_at: NOON + Duration::from_mins(5),
    })
}

async fn found_by_number(store: &dyn Store) -> Result<Option<u32>> {
    let found = store.history(&site()?, NamedBy::Number(number(1)), NOON).await?;
    Ok(found.and_then(|found| (1..=9).find(|name| id(*name) == found.record.facts.id)))
}

pub async fn a_number_has_one_live_verification_of_the_hosts(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    started(store, by_host(2)?).await?;
    let limits = vec![limit("number", 1, windows(1, DAY))];
    let again = NewVerification {
        limits: limits.clone(),
        ..by_host(3)?
    };
    let StartOutcome::Alive(record) = store.start(again).await? else {
        return Err("a second one began".into());
    };
    assert_eq!(record.facts.id, id(2));
    assert!(store.find(id(3)).await?.is_none());
    // What it took is given back.
    let other = NewVerification {
        number: number(2),
        limits,
        ..by_host(4)?
    };
    started(store, other).await?;
    store.cancel(id(2), NOON).await?;
    started(store, by_host(5)?).await?;
    Ok(())
}

pub async fn after_its_time_is_over_another_begins_before_any_sweep(store: &dyn Store) -> Result {
    started(store, by_host(1)?).await?;
    let later = NewVerification {
        door: Door::Host,
        ..new_at(2, NOON + TTL)?
    };
    started(store, later).await?;
    Ok(())
}

pub async fn a_number_finds_what_the_host_started_the_live_one_before_the_last(store: &dyn Store) -> Result {
    started(store, new(1)?).await?;
    assert_eq!(found_by_number(store).await?, None);
    started(store, by_host(2)?).await?;
    assert_eq!(found_by_number(store).await?, Some(2));
    store.cancel(id(2), NOON).await?;
    assert_eq!(found_by_number(store).await?, Some(2));
    started(store, by_host(3)?).await?;
    assert_eq!(found_by_number(store).await?, Some(3));
    assert!(
        store
            .history(&other_site()?, NamedBy::Id(id(3)), NOON)
            .await?
            .is_none()
    );
    assert!(store.history(&site()?, NamedBy::Id(id(1)), NOON).await?.is_some());
    Ok(())
}

pub async fn a_history_tells_the_sendings_that_may_have_left(store: &dyn Store) -> Result {
    started(store, by_host(1)?).await?;
    store.settle(accepted(1, 1, NOON)).await?;
    for (delivery, minute) in [(2, 1), (3, 2)] {
        let mut resend = new_delivery(1, delivery, NOON + Duration::from_mins(minute))?;
        resend.intent.channel = Channel::Call;
        resent(store, resend).await?;
    }
    let lost = Settle {
        state: DeliveryState::NotSent,
        ..accepted(1, 2, NOON + Duration::from_mins(3))
    };
    store.settle(lost).await?;
    let found = store
        .history(&site()?, NamedBy::Id(id(1)), NOON)
        .await?
        .ok_or("no history")?;
    let sends: Vec<_> = found
        .sends
        .iter()
        .map(|send| (send.delivery_id.as_str(), send.channel, send.at))
        .collect();
    assert_eq!(
        sends,
        [
            ("delivery-1", Channel::Sms, NOON),
            ("delivery-3", Channel::Call, NOON + Duration::from_mins(2)),
        ]
    );
    assert_eq!(
        (found.created_at, found.changed_at),
        (NOON, NOON + Duration::from_mins(3))
    );
    Ok(())
}

pub async fn the_hosts_word_approves_a_pending_one_once(store: &dyn Store) -> Result {
    started(store, by_host(1)?).await?;
    let foreign = Approval {
        site: other_site()?,
        ..approval(1)?
    };
    assert!(store.approve(foreign).await?.is_none());
    for (time, moved) in [(1, true), (2, false)] {
        let again = Approval {
            jti: format!("jti-{time}"),
            ..approval(1)?
        };
        let approved = store.approve(again).await?.ok_or("not found")?;
        assert_eq!(
            (approved.record.facts.status, approved.moved),
            (Status::Approved, moved)
        );
        assert_eq!(approved.record.token.ok_or("no token")?.jti, "jti-1");
    }
    assert_eq!(found(store, 1).await?.day.used, 0, "no check was spent");
    assert_eq!(checked(store, check(1, WRONG)?).await?, "ended");

    started(store, by_host(2)?).await?;
    store.cancel(id(2), NOON).await?;
    let canceled = store.approve(approval(2)?).await?.ok_or("not found")?;
    assert_eq!(
        (canceled.record.facts.status, canceled.moved),
        (Status::Canceled, false)
    );
    assert!(canceled.record.token.is_none());
    Ok(())
}

/// Two sendings of one verification, the second of which was approved, one of another, and one of another site.
async fn four_attempts(store: &dyn Store) -> Result {
    started(store, by_host(1)?).await?;
    let mut resend = new_delivery(1, 2, NOON + Duration::from_mins(1))?;
    resend.intent.channel = Channel::Call;
    resent(store, resend).await?;
    checked(store, check(1, RIGHT)?).await?;
    let british = NewVerification {
        number: number(2),
        country: Country::parse("GB").ok_or("a country")?,
        ..new_at(3, NOON + Duration::from_mins(2))?
    };
    started(store, british).await?;
    let foreign = NewVerification {
        site: other_site()?,
        ..new(4)?
    };
    started(store, foreign).await?;
    Ok(())
}

pub async fn attempts_are_filtered_counted_and_paged(store: &dyn Store) -> Result {
    four_attempts(store).await?;
    let (us, other) = (site()?, other_site()?);
    let of = |change: &dyn Fn(&mut AttemptFilter)| {
        let mut filter = AttemptFilter {
            sites: vec![us.clone()],
            ..AttemptFilter::default()
        };
        change(&mut filter);
        filter
    };
    let minute = NOON + Duration::from_mins(1);
    let cases = [
        (of(&|_| {}), 3, 1),
        (of(&|filter| filter.sites.clear()), 0, 0),
        (of(&|filter| filter.sites.push(other.clone())), 4, 1),
        (
            of(&|filter| filter.numbers = Some(vec![number(2), number(9)])),
            1,
            0,
        ),
        (of(&|filter| filter.numbers = Some(Vec::new())), 0, 0),
        (of(&|filter| filter.verification = Some(id(1))), 2, 1),
        (
            of(&|filter| filter.delivery_id = Some("delivery-2".to_owned())),
            1,
            1,
        ),
        (of(&|filter| filter.country = Country::parse("GB")), 1, 0),
        (of(&|filter| filter.channel = Some(Channel::Sms)), 2, 0),
        (of(&|filter| filter.converted = Some(true)), 1, 1),
        (of(&|filter| filter.converted = Some(false)), 2, 0),
        (of(&|filter| filter.from = Some(minute)), 2, 1),
        (of(&|filter| filter.until = Some(minute)), 2, 1),
    ];
    for (filter, all, converted) in cases {
        let shown = format!("{filter:?}");
        assert_eq!(
            store.attempts(filter.clone(), ALL).await?.len() as u64,
            all,
            "{shown}"
        );
        assert_eq!(
            store.count_attempts(filter).await?,
            AttemptCount { all, converted },
            "{shown}"
        );
    }
    let page = store.attempts(of(&|_| {}), Page { skip: 1, size: 1 }).await?;
    let told: Vec<_> = page
        .iter()
        .map(|attempt| (attempt.delivery_id.as_str(), attempt.converted))
        .collect();
    assert_eq!(told, [("delivery-2", true)]);
    Ok(())
}

pub async fn of_many_starts_of_the_host_one_is_alive(store: &dyn Store) -> Result {
    for round in 0..rounds() {
        let starts = (0..16).map(|start| async move {
            let limits = vec![limit("number", 1_000 + round, windows(1_000, DAY))];
            let start = NewVerification {
                id: pair(round, 100 + start),
                number: number(1_000 + round),
                limits,
                ..by_host(1)?
            };
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(word_of_start(&store.start(start).await?))
        });
        let words = futures::future::try_join_all(starts).await?;
        let count = |word| words.iter().filter(|other| **other == word).count();
        assert_eq!((count("started"), count("alive")), (1, 15), "{words:?}");
    }
    Ok(())
}
