//! Breakers that watch how many of the codes sent to strangers come back.

use super::{BudgetTurn, LimitKey, LimitUse};
use crate::limits::{ConversionBreaker, ConversionRule, Turned};
use phone_verify_domain::{Country, Timestamp};
use std::time::Duration;

/// Which breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerName {
    /// Of the numbers that differ in their last four digits only: the keyed hash of what they share.
    Prefix(LimitKey),
    /// Of a country.
    Country(Country),
}

impl BreakerName {
    /// The word that is kept.
    #[must_use]
    pub fn to_text(self) -> String {
        match self {
            Self::Prefix(key) => format!("prefix {}", hex::encode(key.0)),
            Self::Country(country) => format!("country {country}"),
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("prefix", key) => Some(Self::Prefix(LimitKey(hex::decode(key).ok()?.try_into().ok()?))),
            ("country", country) => Some(Self::Country(Country::parse(country)?)),
            _ => None,
        }
    }
}

/// A send to a stranger, as the breakers see it.
#[derive(Clone)]
pub struct Watched {
    /// When they open.
    pub rule: ConversionRule,
    /// The number's prefix.
    pub prefix: LimitKey,
    /// The number's country.
    pub country: Country,
    /// What is given back where the send does not leave: the limits that everybody shares.
    pub shared: Vec<LimitUse>,
}

/// What the breakers and the budgets say of a send whose intent is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// Whether it may leave. Where not, its owner is not to learn of it.
    pub leaves: bool,
    /// The breakers that turned with it.
    pub turns: Vec<BreakerTurn>,
    /// The states that budgets reached by it.
    pub budget_turns: Vec<BudgetTurn>,
    /// What keeps it, where it may not.
    pub stopped_by: Option<Stopper>,
}

/// A breaker that stops a send, and what it saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopper {
    /// Which.
    pub name: BreakerName,
    /// Sends that it has counted,
    pub sent: u32,
    /// and how many of them were approved.
    pub approved: u32,
    /// So many of a hundred must be.
    pub percent: u32,
    /// How far back they count.
    pub window: Duration,
    /// When it tries again; nothing where only a hand closes it.
    pub until: Option<Timestamp>,
}

impl Screened {
    /// Nobody looked.
    pub(crate) const UNWATCHED: Self = Self {
        leaves: true,
        turns: Vec::new(),
        budget_turns: Vec::new(),
        stopped_by: None,
    };
}

/// A breaker opened or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerTurn {
    /// Which.
    pub name: BreakerName,
    /// The country of its numbers.
    pub country: Country,
    /// How.
    pub turned: Turned,
}

/// A breaker as it is kept, for who operates the server.
#[derive(Clone, Debug)]
pub struct KeptBreaker {
    /// Which.
    pub name: BreakerName,
    /// The country of its numbers.
    pub country: Country,
    /// How it stands.
    pub breaker: ConversionBreaker,
    /// When a send last met it.
    pub used_at: Timestamp,
}
