//! What is asked of a number before anything is sent to it.

use crate::fixtures::*;
use phone_verify::store::{
    AttemptFilter, Door, NamedBy, NewVerification, NumberNames, NumberStanding, OptOut, Store, Wish,
};
use phone_verify_domain::SiteKey;
use std::time::Duration;

const NOTHING: NumberStanding = NumberStanding {
    has_opted_out: false,
    is_blocked: false,
    is_known: false,
};

fn names(site: SiteKey, one: u32) -> NumberNames {
    NumberNames {
        site,
        index: number(one),
        opt_out: limit_key(90 + one),
        blocks: [limit_key(100 + one), limit_key(110 + one)],
    }
}

pub async fn a_number_is_known_once_it_is_verified_on_the_site(store: &dyn Store) -> Result {
    let known = NumberStanding {
        is_known: true,
        ..NOTHING
    };
    let (here, there) = (site()?, other_site()?);
    started(store, new(1)?).await?;
    assert_eq!(store.standing(&names(here.clone(), 1)).await?, NOTHING);
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    assert_eq!(store.standing(&names(here.clone(), 1)).await?, known);
    assert_eq!(store.standing(&names(there, 1)).await?, NOTHING);
    assert_eq!(store.standing(&names(here.clone(), 2)).await?, NOTHING);
    store.erase_number(&here, number(1)).await?;
    assert_eq!(store.standing(&names(here, 1)).await?, NOTHING);
    Ok(())
}

pub async fn what_has_ended_is_found_by_its_number_also_once_its_code_is_forgotten(
    store: &dyn Store,
) -> Result {
    let site = site()?;
    started(
        store,
        NewVerification {
            door: Door::Host,
            ..new(1)?
        },
    )
    .await?;
    assert_eq!(checked(store, check(1, RIGHT)?).await?, "approved");
    let theirs = AttemptFilter {
        sites: vec![site.clone()],
        numbers: Some(vec![number(1)]),
        ..AttemptFilter::default()
    };
    let later = NOON + Duration::from_hours(1);
    for is_forgotten in [false, true] {
        if is_forgotten {
            store.sweep(later, RETENTION).await?;
            assert_eq!(checked(store, check(1, RIGHT)?).await?, "ended");
        }
        assert!(store.standing(&names(site.clone(), 1)).await?.is_known);
        let found = store.history(&site, NamedBy::Number(number(1)), later).await?;
        assert!(found.is_some_and(|found| found.record.facts.id == id(1)));
        assert_eq!(store.count_attempts(theirs.clone()).await?.all, 1);
    }
    assert!(store.erase_number(&site, number(1)).await? > 0);
    assert_eq!(store.standing(&names(site, 1)).await?, NOTHING);
    assert!(store.find(id(1)).await?.is_none());
    Ok(())
}

pub async fn opt_outs_and_blocks_stand_each_for_itself(store: &dyn Store) -> Result {
    let site = site()?;
    let stop = Wish {
        number: limit_key(91),
        opt: OptOut::Stop,
        reference: None,
        now: NOON,
    };
    assert!(store.wish(stop).await?);
    assert!(store.block(limit_key(102), NOON).await?, "everywhere");
    assert!(store.block(limit_key(113), NOON).await?, "on the site");
    for (one, has_opted_out, is_blocked) in [
        (1, true, false),
        (2, false, true),
        (3, false, true),
        (4, false, false),
    ] {
        let standing = NumberStanding {
            has_opted_out,
            is_blocked,
            is_known: false,
        };
        assert_eq!(
            store.standing(&names(site.clone(), one)).await?,
            standing,
            "{one}"
        );
    }
    Ok(())
}
