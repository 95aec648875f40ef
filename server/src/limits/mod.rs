//! The limits that sends and checks use, whose they are, and in which order they are taken.

mod address;
mod conversion;
mod counted;

use crate::keys::Keys;
use crate::store::{Arrivals, LimitKey, LimitUse, Watched};
use address::Network;
pub use conversion::{
    Addition, BreakerState, ConversionBreaker, ConversionRule, Conversions, DAY, Probes, Repute, Threshold,
    TrackRecord, Turned, Verdict,
};
pub(crate) use counted::{COUNTED_BYTES, Counted};
use phone_verify_domain::{Country, LimitWindows, PhoneNumber, SiteKey, Timestamp, Window};
use std::net::IpAddr;
use std::time::Duration;

/// What the limits allow. The default limits nothing.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Sends to one number, over all sites.
    pub number: LimitWindows,
    /// How long a number gets nothing once its day of sends or of checks is used up; nothing means until that day is over.
    pub lock: Option<Duration>,
    /// Sends to a subject that holds the number, in place of the number's and the prefix's.
    pub subject: LimitWindows,
    /// Checks of such a subject in a UTC day, in place of the number's.
    pub checks_per_subject_per_day: u32,
    /// Sends that one client address asks for; an approval there gives one back.
    pub address: LimitWindows,
    /// Checks that one client address asks for.
    pub checks_per_address: LimitWindows,
    /// Sends to the numbers that differ in their last four digits only.
    pub prefix: LimitWindows,
    /// Sends to one country.
    pub country: LimitWindows,
    /// Sends of one site.
    pub site: LimitWindows,
    /// Sends of all sites.
    pub deployment: LimitWindows,
    /// Wrong codes of all sites: past it something is wrong; nothing is refused.
    pub failed_checks: LimitWindows,
    /// When sends to the strangers of a prefix or a country stop because their codes do not come back.
    pub conversion: Option<ConversionRule>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            number: NONE,
            lock: None,
            subject: NONE,
            checks_per_subject_per_day: u32::MAX,
            address: NONE,
            checks_per_address: NONE,
            prefix: NONE,
            country: NONE,
            site: NONE,
            deployment: NONE,
            failed_checks: NONE,
            conversion: None,
        }
    }
}

const NONE: LimitWindows = [None; 3];

/// How many times as much a /48 may as a /64: networks are handed out by the /48 to a company or a street of houses.
pub(crate) const WIDER_NETWORK: u32 = 5;

/// How many of a number's last digits its prefix leaves out. Numbers are handed out, and bought by those who live on
/// messages to them, in blocks of 10,000 at most.
const DIGITS_OF_A_BLOCK: usize = 4;

/// A number whose day has more sends than this has none of them counted one by one, but as a window that leaks: each is a row.
const MOST_PLACES: u32 = 100;

const NUMBER: &str = "number";
/// The name of a place in a number's day among the limits' keys.
const PLACE: &str = "number_place";
const SUBJECT: &str = "subject";
const PREFIX: &str = "prefix";
/// The name of the deployment's wrong codes among the limits.
pub(crate) const FAILED_CHECKS: &str = "failed_checks";
/// The name of the lock among the limits.
pub(crate) const LOCK: &str = "lock_days";

/// What a send is counted by.
pub(crate) struct SendOf<'a> {
    pub(crate) counted: Counted,
    pub(crate) country: Country,
    pub(crate) site: &'a SiteKey,
    /// The client's, where it is known.
    pub(crate) address: Option<IpAddr>,
}

impl Limits {
    /// What one send uses. Rows that many share come last, so that they are locked for the shortest time.
    pub(crate) fn of_send(&self, keys: &Keys, send: &SendOf<'_>) -> Vec<LimitUse> {
        let leaking = |name, key, windows| LimitUse {
            name,
            key,
            windows,
            places: Vec::new(),
        };
        let mut uses = match send.counted {
            Counted::Nobody => return Vec::new(),
            Counted::Number { number, .. } | Counted::KnownNumber { number } => {
                vec![self.of_number_key(keys, number)]
            }
            Counted::KnownSubject { number, subject } => vec![
                leaking(NUMBER, number, NONE),
                leaking(SUBJECT, subject, self.subject),
            ],
        };
        uses.extend(self.of_address(keys, send.address));
        uses.extend(self.of_all(keys, send));
        uses
    }

    /// What one send uses of the limits that many numbers share.
    fn of_all(&self, keys: &Keys, send: &SendOf<'_>) -> Vec<LimitUse> {
        let mut uses = Vec::new();
        if let Counted::Number { prefix, .. } = send.counted {
            uses.extend(shared(PREFIX, prefix, self.prefix));
        }
        let country = keys.limit_key("country", send.country.as_str().as_bytes());
        uses.extend(shared("country", country, self.country));
        let site = keys.limit_key("site", send.site.as_str().as_bytes());
        uses.extend(shared("site", site, self.site));
        uses.extend(shared(
            "deployment",
            keys.limit_key("deployment", b""),
            self.deployment,
        ));
        uses
    }

    /// What the breakers look at where a send goes to a stranger.
    pub(crate) fn watch(&self, keys: &Keys, send: &SendOf<'_>) -> Option<Watched> {
        let (Some(rule), Counted::Number { prefix, .. }) = (self.conversion, send.counted) else {
            return None;
        };
        Some(Watched {
            rule,
            prefix,
            country: send.country,
            shared: self.of_all(keys, send),
        })
    }

    /// What one send uses of the number itself, whoever asks.
    pub(crate) fn of_number(&self, keys: &Keys, number: &PhoneNumber) -> LimitUse {
        self.of_number_key(keys, number_key(keys, number))
    }

    /// What one send uses of a number's row. Its day is counted send by send: a window that leaks would let almost twice as many
    /// through in the first day.
    fn of_number_key(&self, keys: &Keys, number: LimitKey) -> LimitUse {
        let [spacing, hour, day] = self.number;
        let counted = day.filter(|day| day.count <= MOST_PLACES);
        let places = (0..counted.map_or(0, |day| day.count)).map(|place| {
            let of_number = [number.0.as_slice(), &place.to_be_bytes()].concat();
            keys.limit_key(PLACE, &of_number)
        });
        LimitUse {
            name: NUMBER,
            key: number,
            places: places.collect(),
            windows: [
                spacing,
                hour,
                counted.map(|day| Window { count: 1, ..day }).or(day),
            ],
        }
    }

    /// What one send uses of the client's networks, the narrowest first.
    pub(crate) fn of_address(&self, keys: &Keys, address: Option<IpAddr>) -> impl Iterator<Item = LimitUse> {
        by_network("address", self.address, keys, address)
    }

    /// What keeps a number from all sends once its day is used up. One that is known by its subject, or a test number, has none.
    pub(crate) fn lock_of(&self, keys: &Keys, counted: Counted) -> Option<LimitUse> {
        let period = self.lock?;
        let (Counted::Number { number, .. } | Counted::KnownNumber { number }) = counted else {
            return None;
        };
        Some(LimitUse {
            name: LOCK,
            key: keys.limit_key(LOCK, &number.0),
            windows: [Some(Window { count: 1, period }), None, None],
            places: Vec::new(),
        })
    }

    /// What one check uses, besides its day.
    pub(crate) fn of_check(
        &self,
        keys: &Keys,
        counted: Option<Counted>,
        address: Option<IpAddr>,
    ) -> Vec<LimitUse> {
        if counted == Some(Counted::Nobody) {
            return Vec::new();
        }
        by_network("checks_per_address", self.checks_per_address, keys, address).collect()
    }

    /// What an approval gives back: one send of the network that typed the right code, so that those who share an address and read
    /// their codes do not use it up for each other.
    pub(crate) fn of_approval(
        &self,
        keys: &Keys,
        counted: Option<Counted>,
        address: Option<IpAddr>,
    ) -> Vec<LimitUse> {
        match counted {
            // A test number's sends used nothing; of one that cannot be read, nobody knows.
            None | Some(Counted::Nobody) => Vec::new(),
            Some(Counted::Number { .. } | Counted::KnownNumber { .. } | Counted::KnownSubject { .. }) => {
                self.of_address(keys, address).collect()
            }
        }
    }

    /// What one wrong code uses, unless it is one of a test number.
    pub(crate) fn of_failed_check(&self, keys: &Keys, counted: Option<Counted>) -> Option<LimitUse> {
        if counted == Some(Counted::Nobody) {
            return None;
        }
        let key = keys.limit_key(FAILED_CHECKS, b"");
        shared(FAILED_CHECKS, key, self.failed_checks)
    }
}

/// Whose rows the sends to a number count in, where nothing more is known of it.
pub(crate) fn counted_by_number(keys: &Keys, number: &PhoneNumber) -> Counted {
    Counted::Number {
        number: number_key(keys, number),
        prefix: prefix_of(keys, number),
    }
}

/// The same of a number that was verified on the site before: nobody else's sends use up what it has.
pub(crate) fn counted_as_known(keys: &Keys, number: &PhoneNumber) -> Counted {
    Counted::KnownNumber {
        number: number_key(keys, number),
    }
}

/// The row of a number's prefix.
pub(crate) fn prefix_of(keys: &Keys, number: &PhoneNumber) -> LimitKey {
    let digits = number.expose();
    let prefix = digits.len().saturating_sub(DIGITS_OF_A_BLOCK);
    keys.limit_key(PREFIX, digits.as_bytes().get(..prefix).unwrap_or_default())
}

/// Whose rows the sends to a number count in, where it is held by a subject of the site in whose session it is asked for.
pub(crate) fn counted_by_subject(
    keys: &Keys,
    number: &PhoneNumber,
    site: &SiteKey,
    subject: &str,
) -> Counted {
    // No key of a site holds a NUL.
    let of_site = [site.as_str(), "\0", subject].concat();
    Counted::KnownSubject {
        number: number_key(keys, number),
        subject: keys.limit_key(SUBJECT, of_site.as_bytes()),
    }
}

fn number_key(keys: &Keys, number: &PhoneNumber) -> LimitKey {
    keys.limit_key(NUMBER, number.expose().as_bytes())
}

/// A limit that many share: a row that limits nothing would only make them wait for each other.
fn shared(name: &'static str, key: LimitKey, windows: LimitWindows) -> Option<LimitUse> {
    (windows != NONE).then_some(LimitUse {
        name,
        key,
        windows,
        places: Vec::new(),
    })
}

/// What stands for the network that an address shares with nobody else, without telling which it is.
pub(crate) fn network_key(keys: &Keys, address: Option<IpAddr>) -> LimitKey {
    let networks = address.map(Network::of).unwrap_or_default();
    let narrowest = networks.first().map(Network::as_bytes).unwrap_or_default();
    keys.limit_key("network", narrowest)
}

/// How long one must wait until all of `uses` are allowed, when they stand at `arrivals`.
pub(crate) fn wait(uses: &[LimitUse], arrivals: &[Arrivals], now: Timestamp) -> Duration {
    let windows = uses.iter().zip(arrivals).flat_map(|(limit, arrivals)| {
        let windows = limit.windows.iter().zip(arrivals);
        windows.filter_map(move |(window, arrival)| Some(window.as_ref()?.wait(*arrival, now)))
    });
    windows.max().unwrap_or_default()
}

/// The same limit for each network that an address lies in, the narrowest first; none for nobody's.
fn by_network(
    name: &'static str,
    windows: LimitWindows,
    keys: &Keys,
    address: Option<IpAddr>,
) -> impl Iterator<Item = LimitUse> {
    let widened = windows.map(|window| {
        window.map(|window| Window {
            count: window.count.saturating_mul(WIDER_NETWORK),
            ..window
        })
    });
    let networks = address.map(Network::of).unwrap_or_default();
    networks
        .into_iter()
        .zip([windows, widened])
        .map(move |(network, windows)| LimitUse {
            name,
            key: keys.limit_key(name, network.as_bytes()),
            windows,
            places: Vec::new(),
        })
}

#[cfg(test)]
mod tests;
