//! The breakers that watch how many of the codes that are sent to strangers come back: to the numbers of one prefix, and of one
//! country. Whoever is paid for messages has no use for the codes in them.
//!
//! ```text
//! closed --- too few come back ---> open --- open_for ---> half open (three probes) --- two come back ---> closed
//!    ^                               |  ^                       |
//!    '--- most came back late -------'  '--- they do not: ------'
//!                                            twice as long
//! ```
//!
//! The open breaker of a prefix stops all its strangers. That of a country has each prefix judged by its own [`TrackRecord`], so that those
//! which no attack touches are served; what it tries are prefixes with a bad one.

mod breaker;
mod counts;
mod record;

pub use breaker::{BreakerState, ConversionBreaker, Probes, Turned, Verdict};
pub use counts::{Addition, Conversions};
pub use record::{Repute, TrackRecord};
use std::time::Duration;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionRule {
    /// How far back sends count for themselves; those of the day before count together, so that a slow drip is seen.
    pub window: Duration,
    /// How long people take to type a code: younger sends say nothing yet, unless there are many of them.
    pub answer_after: Duration,
    /// How long it stays open before it tries again; after each trial that fails, for as long again as it has been open.
    pub open_for: Duration,
    /// Of a prefix: the numbers that differ in their last four digits only.
    pub prefix: Threshold,
    /// Of a country.
    pub country: Threshold,
}

/// How much is asked of a prefix or a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// So many sends are needed for a judgement.
    pub sends: u32,
    /// So many of a hundred sends must belong to a verification that was approved.
    pub percent: u32,
}

/// Sends to strangers that are let through while it is half open; more than half of them must be approved.
pub const PROBES: u32 = 3;

/// With so many times the sends of a judgement nobody waits for the youngest to be answered: a burst would be over before.
pub const BURST: u32 = 4;

/// While a country's breaker is open, prefixes of which nothing is known are served until so many times the sends of a judgement
/// are unanswered within a day, besides as many as were answered: with the burst that opened it, what an attack over ever new
/// prefixes costs a day.
pub const UNANSWERED: u32 = 6;

/// How far back sends count at all: what drips so slowly that no window sees enough of it is judged by the day.
pub const DAY: Duration = Duration::from_hours(24);

#[cfg(test)]
mod tests;
