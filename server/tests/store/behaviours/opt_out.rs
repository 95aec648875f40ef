//! Whose owner wants no text messages.

use crate::fixtures::*;
use phone_verify::store::{OptOut, Store, Wish};
use std::time::Duration;

fn wish(opt: OptOut, reference: Option<&str>) -> Wish {
    Wish {
        number: limit_key(70),
        opt,
        reference: reference.map(str::to_owned),
        now: NOON,
    }
}

pub async fn the_last_wish_counts(store: &dyn Store) -> Result {
    assert!(!store.opted_out(limit_key(70)).await?);
    for (opt, opted_out) in [
        (OptOut::Start, false),
        (OptOut::Stop, true),
        (OptOut::Stop, true),
        (OptOut::Start, false),
        (OptOut::Stop, true),
    ] {
        assert!(store.wish(wish(opt, None)).await?);
        assert_eq!(store.opted_out(limit_key(70)).await?, opted_out);
    }
    Ok(())
}

pub async fn a_wish_that_comes_again_changes_nothing(store: &dyn Store) -> Result {
    assert!(store.wish(wish(OptOut::Stop, Some("SM1"))).await?);
    assert!(!store.wish(wish(OptOut::Stop, Some("SM1"))).await?);
    assert!(store.wish(wish(OptOut::Start, Some("SM2"))).await?);
    assert!(!store.wish(wish(OptOut::Stop, Some("SM1"))).await?);
    assert!(!store.opted_out(limit_key(70)).await?);
    Ok(())
}

pub async fn a_wish_is_one_number_s_own(store: &dyn Store) -> Result {
    store.wish(wish(OptOut::Stop, None)).await?;
    assert!(!store.opted_out(limit_key(71)).await?);
    Ok(())
}

pub async fn a_reference_is_forgotten_after_a_week_and_the_wish_stays(store: &dyn Store) -> Result {
    const WEEK: Duration = Duration::from_hours(24 * 7);
    store.wish(wish(OptOut::Stop, Some("SM1"))).await?;
    store
        .sweep(before(NOON + WEEK, Duration::from_millis(1)), RETENTION)
        .await?;
    assert!(!store.wish(wish(OptOut::Start, Some("SM1"))).await?);
    store.sweep(NOON + WEEK, RETENTION).await?;
    assert!(store.opted_out(limit_key(70)).await?);
    assert!(store.wish(wish(OptOut::Start, Some("SM1"))).await?);
    Ok(())
}
