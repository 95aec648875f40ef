//! Places of a limit: each use takes one that is free, and it is free again a period later. Whoever changes them has the limit's own
//! row locked.

use super::{Connection, Result, limits};
use crate::store::{Arrivals, FullWindow, LimitKey, LimitUse, Limited, sql};
use phone_verify_domain::{Timestamp, Window};
use std::time::Duration;

/// What became of a place.
pub(super) enum Place {
    /// The limit has none.
    None,
    /// One was taken; the limit's own row says when the next one is free.
    Taken { next: Timestamp },
    /// All are taken.
    Refused(Limited),
}

/// Takes one of the places, which stand at `stands`, for a use of the limit's own row, which allowed it, and has that row say when the
/// next one is free. A limit without places has nothing to take.
pub(super) async fn take(
    connection: &mut Connection,
    limit: &LimitUse,
    stands: &[Arrivals],
    now: Timestamp,
) -> Result<Place> {
    let [.., Some(window)] = limit.windows else {
        return Ok(Place::None);
    };
    let places = limit.places.iter().zip(stands);
    let mut waits: Vec<(Duration, LimitKey)> = places
        .map(|(place, [arrival, ..])| (window.wait(*arrival, now), *place))
        .collect();
    waits.sort_unstable();
    let Some(((wait, free), others)) = waits.split_first() else {
        return Ok(Place::None);
    };
    // The row speaks of more places where there were more in the settings.
    if !wait.is_zero() {
        return Ok(Place::Refused(Limited {
            name: limit.name,
            retry_at: now + *wait,
            full: full(limit, window),
        }));
    }
    limits::take_rows(connection, &[place(limit, *free, window)], now).await?;
    let next = match others.first() {
        // Not `now`: whose clock is a little behind this one's would be kept out.
        Some((wait, _)) if wait.is_zero() => Timestamp::from_millis(0),
        Some((wait, _)) => now + *wait,
        None => now + window.period,
    };
    free_from(connection, limit, next).await?;
    Ok(Place::Taken { next })
}

/// The limit's day as its places make it, where it has any: all of them are taken.
pub(super) fn full(limit: &LimitUse, window: Window) -> Option<FullWindow> {
    let count = u32::try_from(limit.places.len()).unwrap_or(u32::MAX);
    (count > 0).then_some(FullWindow {
        window: Window { count, ..window },
        used: count,
    })
}

/// Gives back the place that was taken last: it is the one of a use that did not happen, or as good.
pub(super) async fn give_back(connection: &mut Connection, limit: &LimitUse) -> Result<()> {
    let [.., Some(window)] = limit.windows else {
        return Ok(());
    };
    let stands = limits::arrivals(connection, &limit.places).await?;
    let places = limit.places.iter().zip(stands);
    let taken = places.filter_map(|(place, [arrival, ..])| Some((arrival?, *place)));
    let Some((arrival, last)) = taken.max() else {
        return Ok(());
    };
    let freed = Timestamp::from_millis(arrival.as_millis() - limits::millis(window.period));
    sqlx::query(sql::GIVE_BACK_LIMIT)
        .bind(last.0.to_vec())
        .bind(limits::millis(window.period))
        .bind(0_i64)
        .bind(0_i64)
        .execute(&mut *connection)
        .await?;
    free_from(connection, limit, freed).await
}

fn place(limit: &LimitUse, key: LimitKey, window: Window) -> LimitUse {
    LimitUse {
        name: limit.name,
        key,
        windows: [Some(window), None, None],
        places: Vec::new(),
    }
}

async fn free_from(connection: &mut Connection, limit: &LimitUse, when: Timestamp) -> Result<()> {
    sqlx::query(sql::NEXT_PLACE)
        .bind(limit.key.0.to_vec())
        .bind(when.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}
