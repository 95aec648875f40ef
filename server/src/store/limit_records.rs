//! Rows that count.

use phone_verify_domain::{LimitWindows, Timestamp, Window};
use std::collections::HashMap;

/// HMAC-SHA-256 of a limit's name and its subject: the database holds neither numbers nor addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LimitKey(pub [u8; 32]);

/// By its first bytes: of a MAC they are as good as all.
impl std::hash::Hash for LimitKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if let Some(first) = self.0.first_chunk() {
            state.write_u64(u64::from_ne_bytes(*first));
        }
    }
}

impl std::fmt::Debug for LimitKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LimitKey(…)")
    }
}

/// One use of one limit. Uses come in the order in which rows are locked: what everybody shares comes last.
#[derive(Clone)]
pub struct LimitUse {
    /// Which limit, as in `[limits.number]`: for logs and metrics.
    pub name: &'static str,
    /// Whose.
    pub key: LimitKey,
    /// How much it allows.
    pub windows: LimitWindows,
    /// Rows of which each use takes one that is free, and keeps it for the third window's period: no period, whenever it begins,
    /// has more uses than there are rows. The third window then says when the next one is free. None: that window leaks as well.
    pub places: Vec<LimitKey>,
}

/// The theoretical arrival times of a limit's windows (GCRA); `None` where nothing was ever used.
pub type Arrivals = [Option<Timestamp>; 3];

/// How limits stand, each under its key. One that is missing was never used.
pub type KeyedArrivals = HashMap<LimitKey, Arrivals>;

/// A limit refused.
#[derive(Clone, Copy, Debug)]
pub struct Limited {
    /// Which.
    pub name: &'static str,
    /// When it may allow again.
    pub retry_at: Timestamp,
    /// Of its windows the one that keeps the longest, where it has windows.
    pub full: Option<FullWindow>,
}

/// A window in which nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullWindow {
    /// What it allows.
    pub window: Window,
    /// How many uses it has counted.
    pub used: u32,
}
