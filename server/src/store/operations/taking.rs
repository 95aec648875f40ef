//! The limits of one send, in the order in which their rows are locked, and how they stand once it has used them.

use super::{Connection, Result, limits};
use crate::store::{Arrivals, KeyedArrivals, LimitKey, LimitUse, Limited};
use phone_verify_domain::Timestamp;

/// A send that takes its limits.
pub(super) struct Taking<'a> {
    uses: &'a [LimitUse],
    lock: Option<&'a LimitUse>,
    now: Timestamp,
    stands: KeyedArrivals,
}

impl<'a> Taking<'a> {
    /// One that has taken nothing yet.
    pub(super) fn new(uses: &'a [LimitUse], lock: Option<&'a LimitUse>, now: Timestamp) -> Self {
        Self {
            uses,
            lock,
            now,
            stands: KeyedArrivals::new(),
        }
    }

    /// Takes the first limit, which is the number's own, and the lock too once its longest window has nothing left. It refuses where any
    /// of the limits does, or the lock; then the caller rolls back.
    ///
    /// The other limits' rows are many numbers' at once. They are only looked at here, so that what is refused keeps nobody waiting, and
    /// taken by [`Taking::shared`] when the transaction has done all else. So are those that the answer tells of and nothing is taken of.
    pub(super) async fn own(
        &mut self,
        connection: &mut Connection,
        told: &[LimitKey],
    ) -> Result<Option<Limited>> {
        let now = self.now;
        let asked: Vec<&LimitUse> = self.uses.iter().chain(self.lock).collect();
        let keys: Vec<LimitKey> = asked
            .iter()
            .map(|limit| limit.key)
            .chain(told.iter().copied())
            .collect();
        let arrivals = limits::arrivals(connection, &keys).await?;
        let longest = limits::longest(&asked, &arrivals, now);
        if let Some(limited) = longest.filter(|limited| limited.retry_at > now) {
            return Ok(Some(limited));
        }
        self.stands.extend(keys.into_iter().zip(arrivals));
        let own = self.uses.get(..1).unwrap_or_default();
        let refused = limits::take_windows(connection, own, now, &mut self.stands).await?;
        if refused.is_some() {
            return Ok(refused);
        }
        // Whoever took a place or locked the number meanwhile had its row, and has let go of it.
        let places = own.iter().flat_map(|own| own.places.iter().copied());
        let keys: Vec<LimitKey> = places.chain(self.lock.map(|lock| lock.key)).collect();
        let stands = limits::arrivals(connection, &keys).await?;
        let locked = self.lock.zip(stands.last());
        let locked = locked.map(|(lock, arrivals)| limits::limited(lock, arrivals, now));
        if let Some(limited) = locked.filter(|limited| limited.retry_at > now) {
            return Ok(Some(limited));
        }
        let Some(own) = own.first() else {
            return Ok(None);
        };
        let places = &stands[..own.places.len()];
        let refused = limits::take_place(connection, own, places, now, &mut self.stands).await?;
        let (None, Some(lock)) = (&refused, self.lock) else {
            return Ok(refused);
        };
        if self
            .stands
            .get(&own.key)
            .is_some_and(|arrivals| is_used_up(own, arrivals, now))
        {
            limits::take_into(connection, std::slice::from_ref(lock), now, &mut self.stands).await?;
        }
        Ok(None)
    }

    /// Takes all limits but the first. Where one refuses, the caller rolls back.
    pub(super) async fn shared(&mut self, connection: &mut Connection) -> Result<Option<Limited>> {
        let shared = self.uses.get(1..).unwrap_or_default();
        limits::take_into(connection, shared, self.now, &mut self.stands).await
    }

    /// How all of them stand, and those that the answer tells of.
    pub(super) fn stands(self) -> KeyedArrivals {
        self.stands
    }
}

/// Whether the longest window of a limit that stands at `arrivals` has nothing left.
fn is_used_up(limit: &LimitUse, arrivals: &Arrivals, now: Timestamp) -> bool {
    let windows = limit.windows.into_iter().zip(*arrivals);
    let windows = windows.filter_map(|(window, arrival)| Some((window?, arrival)));
    let longest = windows.max_by_key(|(window, _)| window.period);
    longest.is_some_and(|(window, arrival)| !window.wait(arrival, now).is_zero())
}
