//! The limits that sends and checks use, whose they are, and in which order they are taken.

mod address;

use crate::keys::Keys;
use crate::store::{Arrivals, LimitKey, LimitUse};
use address::Network;
use phone_verify_domain::{LimitWindows, PhoneNumber, Timestamp, Window};
use std::net::IpAddr;
use std::time::Duration;

/// What the limits allow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Sends to one number, over all sites.
    pub number: LimitWindows,
    /// Sends that one client address asks for.
    pub address: LimitWindows,
    /// Checks that one client address asks for.
    pub checks_per_address: LimitWindows,
}

/// How many times as much a /48 may as a /64: networks are handed out by the /48 to a company or a street of houses.
const WIDER_NETWORK: u32 = 5;

impl Limits {
    /// What one send uses. Rows that many share come last, so that they are locked for the shortest time.
    pub(crate) fn of_send(&self, keys: &Keys, number: LimitKey, address: IpAddr) -> Vec<LimitUse> {
        let mut uses = vec![LimitUse {
            name: NUMBER,
            key: number,
            windows: self.number,
        }];
        uses.extend(by_network("address", self.address, keys, address));
        uses
    }

    /// What one check uses, besides the number's day.
    pub(crate) fn of_check(&self, keys: &Keys, address: IpAddr) -> Vec<LimitUse> {
        by_network("checks_per_address", self.checks_per_address, keys, address).collect()
    }
}

const NUMBER: &str = "number";

/// Whose row the sends to a number count in, on every site.
pub(crate) fn number_key(keys: &Keys, number: &PhoneNumber) -> LimitKey {
    keys.limit_key(NUMBER, number.expose().as_bytes())
}

/// How long one must wait until all of `uses` are allowed, when they stand at `arrivals`.
pub(crate) fn wait(uses: &[LimitUse], arrivals: &[Arrivals], now: Timestamp) -> Duration {
    let windows = uses.iter().zip(arrivals).flat_map(|(limit, arrivals)| {
        let windows = limit.windows.iter().zip(arrivals);
        windows.filter_map(move |(window, arrival)| Some(window.as_ref()?.wait(*arrival, now)))
    });
    windows.max().unwrap_or_default()
}

/// The same limit for each network that an address lies in, the narrowest first.
fn by_network(
    name: &'static str,
    windows: LimitWindows,
    keys: &Keys,
    address: IpAddr,
) -> impl Iterator<Item = LimitUse> {
    let widened = windows.map(|window| {
        window.map(|window| Window {
            count: window.count.saturating_mul(WIDER_NETWORK),
            ..window
        })
    });
    Network::of(address)
        .into_iter()
        .zip([windows, widened])
        .map(move |(network, windows)| LimitUse {
            name,
            key: keys.limit_key(name, network.as_bytes()),
            windows,
        })
}
