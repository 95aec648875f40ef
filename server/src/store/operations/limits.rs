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

/// Takes the first limit, which is the number's own, and the lock too once its longest window has nothing left. It refuses where any of
/// the limits does, or the lock; then the caller rolls back.
///
/// The other limits' rows are many numbers' at once. They are only looked at here, so that what is refused keeps nobody waiting, and
/// taken by [`take_shared`] when the transaction has done all else.
pub(super) async fn take_own(
    connection: &mut Connection,
    uses: &[LimitUse],
    lock: Option<&LimitUse>,
    now: Timestamp,
) -> Result<Option<Limited>> {
    let asked: Vec<&LimitUse> = uses.iter().chain(lock).collect();
    let longest = longest_wait(connection, &asked, now).await?;
    if let Some(limited) = longest.filter(|limited| limited.retry_at > now) {
        return Ok(Some(limited));
    }
    let own = &uses[..uses.len().min(1)];
    let refused = take(connection, own, now).await?;
    let (None, Some(lock)) = (&refused, lock) else {
        return Ok(refused);
    };
    // Whoever locked the number meanwhile had its row, and has let go of it.
    let keys: Vec<LimitKey> = [lock].into_iter().chain(own).map(|limit| limit.key).collect();
    let stands = arrivals(connection, &keys).await?;
    let locked = stands.first().map(|arrivals| limited(lock, arrivals, now));
    if let Some(limited) = locked.filter(|limited| limited.retry_at > now) {
        return Ok(Some(limited));
    }
    let used_up = own.first().zip(stands.get(1));
    if used_up.is_some_and(|(own, arrivals)| is_used_up(own, arrivals, now)) {
        take(connection, std::slice::from_ref(lock), now).await?;
    }
    Ok(None)
}

/// Takes all limits but the first. Where one refuses, the caller rolls back.
pub(super) async fn take_shared(
    connection: &mut Connection,
    uses: &[LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    take(connection, uses.get(1..).unwrap_or_default(), now).await
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

/// Whether the longest window of a limit that stands at `arrivals` has nothing left.
fn is_used_up(limit: &LimitUse, arrivals: &Arrivals, now: Timestamp) -> bool {
    let windows = limit.windows.into_iter().zip(*arrivals);
    let windows = windows.filter_map(|(window, arrival)| Some((window?, arrival)));
    let longest = windows.max_by_key(|(window, _)| window.period);
    longest.is_some_and(|(window, arrival)| !window.wait(arrival, now).is_zero())
}

/// Which of the limits keeps the longest, and until when.
async fn longest_wait(
    connection: &mut Connection,
    limits: &[&LimitUse],
    now: Timestamp,
) -> Result<Option<Limited>> {
    let keys: Vec<LimitKey> = limits.iter().map(|limit| limit.key).collect();
    let arrivals = arrivals(connection, &keys).await?;
    let stands = limits.iter().zip(&arrivals);
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
