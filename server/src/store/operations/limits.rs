use super::places::{self, Place};
use super::{Connection, Result, Row, row};
use crate::store::{Arrivals, FullWindow, KeyedArrivals, LimitKey, LimitUse, Limited, sql};
use phone_verify_domain::Timestamp;
use std::time::Duration;

/// Takes all limits. Where one refuses, the caller rolls back: the others have been taken.
pub(super) async fn take(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    take_into(connection, uses, now, &mut KeyedArrivals::new()).await
}

/// The same, keeping in `stands` how they stand then.
pub(super) async fn take_into(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
    stands: &mut KeyedArrivals,
) -> Result<Option<Limited>> {
    let mut refused = take_windows(connection, uses, now, stands).await?;
    for limit in uses {
        if refused.is_none() {
            let places = arrivals(connection, &limit.places).await?;
            refused = take_place(connection, limit, &places, now, stands).await?;
        }
    }
    Ok(refused)
}

/// Takes the windows of all limits and none of their places.
pub(super) async fn take_windows(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
    stands: &mut KeyedArrivals,
) -> Result<Option<Limited>> {
    if uses.is_empty() {
        return Ok(None);
    }
    let taken = take_rows(connection, uses, now).await?;
    let refused: Vec<&LimitUse> = uses
        .iter()
        .filter(|limit| !taken.contains_key(&limit.key))
        .collect();
    stands.extend(taken);
    if refused.is_empty() {
        return Ok(None);
    }
    longest_wait(connection, &refused, now).await
}

/// Takes one of a limit's places, which stand at `places`, once its windows are taken.
pub(super) async fn take_place(
    connection: &mut Connection,
    limit: &LimitUse,
    places: &[Arrivals],
    now: Timestamp,
    stands: &mut KeyedArrivals,
) -> Result<Option<Limited>> {
    Ok(match places::take(connection, limit, places, now).await? {
        Place::None => None,
        Place::Taken { next } => {
            stands.entry(limit.key).or_default()[2] = Some(next);
            None
        }
        Place::Refused(limited) => Some(limited),
    })
}

/// Takes the windows of all rows that allow it, and says how those stand then.
pub(super) async fn take_rows(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<KeyedArrivals> {
    let mut query = sqlx::query(sql::limits::take_limits(uses.len())).bind(now.as_millis());
    for limit in uses {
        query = query.bind(limit.key.0.as_slice());
        for window in limit.windows {
            query = query.bind(window.map(|window| window.after_use(None, now).as_millis()));
        }
        for window in limit.windows {
            query = query.bind(window.map(|window| millis(window.period)));
        }
    }
    let rows = query.fetch_all(&mut *connection).await?;
    rows.iter().map(keyed_arrivals).collect()
}

/// The window of a limit that keeps the longest, when it stands at `arrivals`.
pub(super) fn limited(limit: &LimitUse, arrivals: &Arrivals, now: Timestamp) -> Limited {
    let windows = limit.windows.into_iter().zip(*arrivals).enumerate();
    let windows = windows.filter_map(|(index, (window, arrival))| Some((index, window?, arrival)));
    let longest = windows.max_by_key(|(_, window, arrival)| window.wait(*arrival, now));
    let full = longest.map(|(index, window, arrival)| {
        let by_places = (index == 2).then(|| places::full(limit, window)).flatten();
        by_places.unwrap_or(FullWindow {
            window,
            used: window.used(arrival, now),
        })
    });
    Limited {
        name: limit.name,
        retry_at: now + longest.map_or(Duration::ZERO, |(_, window, arrival)| window.wait(arrival, now)),
        full,
    }
}

/// Which of the limits keeps the longest, and until when.
async fn longest_wait(
    connection: &mut Connection,
    limits: &[&LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    let keys: Vec<LimitKey> = limits.iter().map(|limit| limit.key).collect();
    let arrivals = arrivals(connection, &keys).await?;
    Ok(longest(limits, &arrivals, now))
}

/// The same of limits that stand at `arrivals`.
pub(super) fn longest(limits: &[&LimitUse], arrivals: &[Arrivals], now: Timestamp) -> Option<Limited> {
    let stands = limits.iter().zip(arrivals);
    let waits = stands.map(|(limit, arrivals)| limited(limit, arrivals, now));
    waits.max_by_key(|limited| limited.retry_at)
}

/// How the limits stand, in the order asked.
pub(in super::super) async fn arrivals(
    connection: &mut Connection,
    keys: &[LimitKey],
) -> Result<Vec<Arrivals>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sqlx::query(sql::limits::find_limits(keys.len()));
    for key in keys {
        query = query.bind(key.0.as_slice());
    }
    let rows = query.fetch_all(connection).await?;
    let found: KeyedArrivals = rows.iter().map(keyed_arrivals).collect::<Result<_>>()?;
    Ok(keys
        .iter()
        .map(|key| found.get(key).copied().unwrap_or_default())
        .collect())
}

fn keyed_arrivals(row: &Row) -> Result<(LimitKey, Arrivals)> {
    let arrivals = [
        row::optional_moment(row, "arrival_1")?,
        row::optional_moment(row, "arrival_2")?,
        row::optional_moment(row, "arrival_3")?,
    ];
    Ok((LimitKey(row::bytes(row, "key")?), arrivals))
}

/// Takes back one use of each limit.
pub(super) async fn give_back(connection: &mut Connection, uses: &[LimitUse]) -> Result<()> {
    for limit in uses {
        let mut query = sqlx::query(sql::GIVE_BACK_LIMIT).bind(limit.key.0.as_slice());
        for window in limit.windows {
            query = query.bind(window.map_or(0, |window| millis(window.increment())));
        }
        query.execute(&mut *connection).await?;
        places::give_back(connection, limit).await?;
    }
    Ok(())
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
