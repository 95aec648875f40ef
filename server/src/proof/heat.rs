use crate::limits::WIDER_NETWORK;
use crate::store::{Arrivals, LimitUse};
use phone_verify_domain::Timestamp;

/// Sends of one network that nobody has to work for (contract 5, `[limits.address]`).
const FREE: u32 = 3;

/// The hardest level: the 32-fold work of the first, some seconds on a desktop.
const HOTTEST: u8 = 6;

/// Wrong codes beyond what the deployment may have: somebody tries one code on many numbers.
const OF_A_SPRAY: u8 = 2;

/// How hard the next send has to be worked for: 0 is not at all, each level is twice the work of the one below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heat(u8);

impl Heat {
    /// The least that is asked of anybody who is asked.
    pub(crate) const LEAST: Self = Self(1);

    /// What follows from how the limits stand: `of_address` are those of the caller's networks, the narrowest first.
    pub(crate) fn of(
        of_address: &[(LimitUse, Arrivals)],
        of_failures: &[(LimitUse, Arrivals)],
        now: Timestamp,
    ) -> Self {
        let over = of_address.iter().zip(1..).map(|((limit, arrivals), place)| {
            // A wider network may have as many more before it counts as warm as it may have in all.
            let free = if place == 1 { FREE } else { FREE * WIDER_NETWORK };
            let used = limit.windows.iter().zip(arrivals).next();
            let used = used.and_then(|(window, arrival)| Some(window.as_ref()?.used(*arrival, now)));
            used.unwrap_or_default().saturating_add(1).saturating_sub(free)
        });
        let over = over.max().unwrap_or_default();
        let sprayed = of_failures.iter().any(|(limit, arrivals)| {
            !crate::limits::wait(std::slice::from_ref(limit), std::slice::from_ref(arrivals), now).is_zero()
        });
        let level =
            u8::try_from(over)
                .unwrap_or(HOTTEST)
                .saturating_add(if sprayed { OF_A_SPRAY } else { 0 });
        Self(level.min(HOTTEST))
    }

    /// Of a challenge that says how hard it is.
    pub(crate) fn from_level(level: u64) -> Option<Self> {
        u8::try_from(level)
            .ok()
            .filter(|level| (1..=HOTTEST).contains(level))
            .map(Self)
    }

    /// From 0 to the hottest.
    pub(crate) fn level(self) -> u8 {
        self.0
    }

    /// Nothing is asked.
    pub(crate) fn is_cold(self) -> bool {
        self.0 == 0
    }

    /// Whether work of this heat is enough where now `wanted` is asked: one level may have been added meanwhile, by whoever shares
    /// the network.
    pub(crate) fn is_enough_for(self, wanted: Self) -> bool {
        self.0.saturating_add(1) >= wanted.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LimitKey;
    use phone_verify_domain::Window;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn used(per_10_minutes: u32, times: u32) -> (LimitUse, Arrivals) {
        let window = Window {
            count: per_10_minutes,
            period: Duration::from_mins(10),
        };
        let arrival = (0..times).fold(None, |arrival, _| Some(window.after_use(arrival, NOW)));
        let limit = LimitUse {
            name: "address",
            key: LimitKey([0; 32]),
            windows: [Some(window), None, None],
            places: Vec::new(),
        };
        (limit, [arrival, None, None])
    }

    fn level(of_address: &[(LimitUse, Arrivals)]) -> u8 {
        Heat::of(of_address, &[], NOW).level()
    }

    #[test]
    fn three_sends_of_a_network_cost_no_work_and_each_further_one_twice_the_last() {
        let levels: Vec<u8> = (0..12).map(|sent| level(&[used(10, sent.min(10))])).collect();
        assert_eq!(levels, [0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6]);
    }

    #[test]
    fn the_wider_network_warms_up_five_times_as_slowly() {
        assert_eq!(level(&[used(10, 0), used(50, 14)]), 0);
        assert_eq!(level(&[used(10, 0), used(50, 15)]), 1);
    }

    #[test]
    fn a_spray_of_wrong_codes_asks_work_of_everybody() {
        let cold = used(10, 0);
        assert_eq!(Heat::of(&[cold], &[used(2, 1)], NOW).level(), 0);
        let cold = used(10, 0);
        assert_eq!(Heat::of(&[cold], &[used(2, 2)], NOW).level(), 2);
    }
}
