use super::{LimitKey, Sweep};
use std::sync::{Mutex, PoisonError};

/// What one sweep did, and how far it came.
pub(super) struct SweptTo {
    /// What it did.
    pub(super) sweep: Sweep,
    /// Up to which rows it looked; the next sweep goes on there.
    pub(super) reached: Reached,
}

/// How far sweeps have come through the tables that they go through in stretches.
#[derive(Clone)]
pub(super) struct Reached {
    /// The last limit that was looked at.
    pub(super) limit: LimitKey,
    /// The last number, by its site and its name there.
    pub(super) number: (String, Vec<u8>),
}

impl Reached {
    /// Before every limit: keys are MACs, and none is made of zeros alone.
    pub(super) const FIRST_LIMIT: LimitKey = LimitKey([0; 32]);
    /// After every limit.
    pub(super) const LAST_LIMIT: LimitKey = LimitKey([0xff; 32]);
    /// Before every number: nothing comes before what is empty.
    pub(super) const FIRST_NUMBER: (String, Vec<u8>) = (String::new(), Vec::new());

    const NOTHING: Self = Self {
        limit: Self::FIRST_LIMIT,
        number: Self::FIRST_NUMBER,
    };
}

/// How far the sweeps of this process have come.
pub(super) struct Swept(Mutex<Reached>);

impl Swept {
    pub(super) const fn nothing() -> Self {
        Self(Mutex::new(Reached::NOTHING))
    }

    /// Where the next sweep begins.
    pub(super) fn reached(&self) -> Reached {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes how far a sweep came, and returns what it did.
    pub(super) fn note(&self, swept: SweptTo) -> Sweep {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = swept.reached;
        swept.sweep
    }
}
