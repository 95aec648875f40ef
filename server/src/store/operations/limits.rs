use super::{Connection, Result, places, row};
use crate::store::{Arrivals, FullWindow, LimitKey, LimitUse, Limited, sql};
use phone_verify_domain::Timestamp;
use sqlx::Row as _;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Takes all limits. Where one refuses, the caller rolls back: the others have been taken.
pub(super) async fn take(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    if uses.is_empty() {
        return Ok(None);
    }
    let taken = take_rows(connection, uses, now).await?;
    let refused: Vec<&LimitUse> = uses
        .iter()
        .filter(|limit| !taken.contains(limit.key.0.as_slice()))
        .collect();
    if !refused.is_empty() {
        return longest_wait(connection, &refused, now).await;
    }
    for limit in uses {
        let limited = places::take(connection, limit, now).await?;
        if limited.is_some() {
            return Ok(limited);
        }
    }
    Ok(None)
}

/// Takes the windows of all rows that allow it, and says which those are.
pub(super) async fn take_rows(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<HashSet<Vec<u8>>> {
    let mut query = sqlx::query(sql::take_limits(uses.len())).bind(now.as_millis());
    for limit in uses {
        query = query.bind(limit.key.0.to_vec());
        for window in limit.windows {
            query = query.bind(window.map(|window| window.after_use(None, now).as_millis()));
        }
        for window in limit.windows {
            query = query.bind(window.map(|window| millis(window.period)));
        }
    }
    let rows = query.fetch_all(&mut *connection).await?;
    rows.iter().map(|row| row.try_get("key")).collect()
}

/// Takes all limits unless the lock stands, and the lock too once the first limit's longest window has nothing left. Where one
/// refuses, the caller rolls back.
pub(super) async fn take_unlocked(
    connection: &mut Connection,
    uses: &[LimitUse],
    lock: Option<&LimitUse>,
    now: Timestamp,
) -> Result<Option<Limited>> {
    let refused = take(connection, uses, now).await?;
    let Some(lock) = lock else {
        return Ok(refused);
    };
    let refusals = [refused, standing(connection, lock, now).await?];
    if let Some(limited) = refusals
        .into_iter()
        .flatten()
        .max_by_key(|limited| limited.retry_at)
    {
        return Ok(Some(limited));
    }
    if is_used_up(connection, uses.first(), now).await? {
        take(connection, std::slice::from_ref(lock), now).await?;
    }
    Ok(None)
}

/// Until when the lock stands, if it does.
async fn standing(connection: &mut Connection, lock: &LimitUse, now: Timestamp) -> Result<Option<Limited>> {
    let arrivals = arrivals(connection, &[lock.key]).await?;
    let limited = arrivals.first().map(|arrivals| limited(lock, arrivals, now));
    Ok(limited.filter(|limited| limited.retry_at > now))
}

/// The window of a limit that keeps the longest, when it stands at `arrivals`.
fn limited(limit: &LimitUse, arrivals: &Arrivals, now: Timestamp) -> Limited {
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

/// Whether the longest window of a limit has nothing left at `now`.
async fn is_used_up(connection: &mut Connection, limit: Option<&LimitUse>, now: Timestamp) -> Result<bool> {
    let Some(limit) = limit else {
        return Ok(false);
    };
    let stands = arrivals(connection, &[limit.key]).await?;
    let longest = stands.first().and_then(|arrivals| {
        let windows = limit.windows.into_iter().zip(*arrivals);
        let windows = windows.filter_map(|(window, arrival)| Some((window?, arrival)));
        windows.max_by_key(|(window, _)| window.period)
    });
    Ok(longest.is_some_and(|(window, arrival)| !window.wait(arrival, now).is_zero()))
}

/// Which of the refusing limits keeps the longest, and until when. Their rows stand as they stood before.
async fn longest_wait(
    connection: &mut Connection,
    refused: &[&LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    let keys: Vec<LimitKey> = refused.iter().map(|limit| limit.key).collect();
    let arrivals = arrivals(connection, &keys).await?;
    let stands = refused.iter().zip(&arrivals);
    let waits = stands.map(|(limit, arrivals)| limited(limit, arrivals, now));
    Ok(waits.max_by_key(|limited| limited.retry_at))
}

/// How the limits stand, in the order asked.
pub(in super::super) async fn arrivals(
    connection: &mut Connection,
    keys: &[LimitKey],
) -> Result<Vec<Arrivals>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sqlx::query(sql::find_limits(keys.len()));
    for key in keys {
        query = query.bind(key.0.to_vec());
    }
    let mut found = HashMap::new();
    for row in query.fetch_all(connection).await? {
        let arrivals: Arrivals = [
            row::optional_moment(&row, "arrival_1")?,
            row::optional_moment(&row, "arrival_2")?,
            row::optional_moment(&row, "arrival_3")?,
        ];
        found.insert(LimitKey(row::bytes(&row, "key")?), arrivals);
    }
    Ok(keys
        .iter()
        .map(|key| found.get(key).copied().unwrap_or_default())
        .collect())
}

/// Takes back one use of each limit.
pub(super) async fn give_back(connection: &mut Connection, uses: &[LimitUse]) -> Result<()> {
    for limit in uses {
        let mut query = sqlx::query(sql::GIVE_BACK_LIMIT).bind(limit.key.0.to_vec());
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
