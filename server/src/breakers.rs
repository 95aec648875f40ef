//! Breakers of prefixes and countries in the operator's hands: how they stand, and how they are opened and closed.

use crate::keys::Keys;
use crate::limits::{self, BreakerState, Probes, Turned};
use crate::numbers;
use crate::store::{BreakerName, BreakerTurn, KeptBreaker, Store, StoreError};
use phone_verify_domain::{Country, Timestamp};

/// What is listed at most.
const LISTED: u32 = 1_000;

/// The breakers of a deployment.
pub(crate) struct Breakers<'a> {
    /// Where they are kept.
    pub(crate) store: &'a dyn Store,
    /// What makes the names of prefixes.
    pub(crate) keys: &'a Keys,
}

/// A breaker that somebody means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its name.
    pub(crate) name: BreakerName,
    /// The country of its numbers.
    pub(crate) country: Country,
}

/// How a breaker stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It lets strangers through.
    Closed,
    /// It would, but its country's is open, which stops this prefix for its own codes.
    Bad,
    /// It does not, until it is closed by hand.
    OpenByHand {
        /// Since when.
        since: Timestamp,
    },
    /// It does not, for a while; a country's does not let those prefixes through whose codes do not come back.
    Open {
        /// Since when.
        since: Timestamp,
        /// When it tries again.
        until: Timestamp,
    },
    /// It lets some through to see whether their codes come back.
    HalfOpen {
        /// Since when it is open.
        since: Timestamp,
        /// What came of them.
        probes: Probes,
    },
}

impl Standing {
    /// How each of those that are listed stands.
    pub(crate) fn of_all(listed: &[KeptBreaker], now: Timestamp) -> Vec<Self> {
        let looks_closely = |country: Country| {
            listed
                .iter()
                .any(|kept| kept.name == BreakerName::Country(country) && kept.breaker.judges_prefixes())
        };
        let of = |kept: &KeptBreaker| match (Self::of(kept.breaker.state, now), kept.name) {
            (Self::Closed, BreakerName::Prefix(_))
                if kept.breaker.counts.of_day(now).is_bad() && looks_closely(kept.country) =>
            {
                Self::Bad
            }
            (standing, _) => standing,
        };
        listed.iter().map(of).collect()
    }

    fn of(state: BreakerState, now: Timestamp) -> Self {
        match state {
            BreakerState::Closed => Self::Closed,
            BreakerState::Open {
                since, until: None, ..
            } => Self::OpenByHand { since },
            BreakerState::Open {
                since,
                until: Some(until),
                ..
            } if now < until => Self::Open { since, until },
            BreakerState::Open { since, probes, .. } => Self::HalfOpen { since, probes },
        }
    }
}

impl Breakers<'_> {
    /// Those that have counted sends of the last day or are open; the open ones first.
    pub(crate) async fn list(&self) -> Result<Vec<KeptBreaker>, StoreError> {
        self.store.breakers(LISTED).await
    }

    /// The breaker of a country, as in `US`; of a number's prefix; or of a prefix as the list names it. `None` for any other text.
    pub(crate) async fn find(&self, place: &str) -> Result<Option<Place>, StoreError> {
        if let Some(country) = Country::parse(place) {
            let name = BreakerName::Country(country);
            return Ok(Some(Place { name, country }));
        }
        if let Some(name) = BreakerName::parse(&format!("prefix {place}")) {
            let listed = self.list().await?;
            let found = listed.into_iter().find(|kept| kept.name == name);
            return Ok(found.map(|kept| Place {
                name,
                country: kept.country,
            }));
        }
        let Ok(parsed) = numbers::parse(place, None) else {
            return Ok(None);
        };
        Ok(parsed.country.map(|country| Place {
            name: BreakerName::Prefix(limits::prefix_of(self.keys, &parsed.number)),
            country,
        }))
    }

    /// Opens one until it is closed by hand, or closes it; says whether it stood otherwise.
    pub(crate) async fn turn(
        &self,
        place: Place,
        turned: Turned,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let turn = BreakerTurn {
            name: place.name,
            country: place.country,
            turned,
        };
        self.store.turn_breaker(turn, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{ConversionBreaker, Verdict};
    use crate::store::LimitKey;
    use std::time::Duration;

    const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

    /// After one send that nobody answered.
    fn kept(name: BreakerName, country: Country, state: BreakerState) -> KeptBreaker {
        let mut breaker = ConversionBreaker::default();
        breaker.sent(Verdict::Leaves, NOON, NOON);
        breaker.state = state;
        KeptBreaker {
            name,
            country,
            breaker,
            used_at: NOON,
        }
    }

    fn open(until: Option<Timestamp>) -> BreakerState {
        BreakerState::Open {
            since: NOON,
            until,
            probes: Probes::default(),
        }
    }

    #[test]
    fn a_prefix_that_an_open_country_stops_is_told_from_one_that_is_served() {
        let [here, elsewhere] = ["US", "GB"].map(|country| Country::parse(country).unwrap());
        let prefix = |key, country| {
            kept(
                BreakerName::Prefix(LimitKey([key; 32])),
                country,
                BreakerState::Closed,
            )
        };
        let mut answered = prefix(2, here);
        answered.breaker.approved(NOON, 1, true);
        let until = NOON + Duration::from_hours(1);
        let country = |state| kept(BreakerName::Country(here), here, state);
        let mut listed = [
            country(open(Some(until))),
            prefix(1, here),
            answered,
            prefix(3, elsewhere),
        ];
        let standings = Standing::of_all(&listed, NOON);
        assert_eq!(
            standings,
            [
                Standing::Open { since: NOON, until },
                Standing::Bad,
                Standing::Closed,
                Standing::Closed
            ]
        );
        let tomorrow = NOON + Duration::from_hours(24);
        assert_eq!(Standing::of_all(&listed, tomorrow)[1], Standing::Closed);
        for state in [BreakerState::Closed, open(None)] {
            listed[0] = country(state);
            assert_eq!(
                Standing::of_all(&listed, NOON)[1],
                Standing::Closed,
                "it looks at no prefix"
            );
        }
    }
}
