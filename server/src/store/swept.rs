use super::{LimitKey, Sweep};
use std::sync::{Mutex, PoisonError};

/// What one sweep did, and how far it came.
pub(super) struct SweptTo {
    /// What it did.
    pub(super) sweep: Sweep,
    /// The limit up to which rows were looked at; the next sweep goes on there.
    pub(super) reached: LimitKey,
}

/// How far the sweeps of this process have come through the limits.
pub(super) struct Swept(Mutex<LimitKey>);

impl Swept {
    /// Before every limit: keys are MACs, and none is made of zeros alone.
    pub(super) const BEGIN: LimitKey = LimitKey([0; 32]);
    /// After every limit.
    pub(super) const END: LimitKey = LimitKey([0xff; 32]);

    pub(super) const fn nothing() -> Self {
        Self(Mutex::new(Self::BEGIN))
    }

    /// Where the next sweep begins.
    pub(super) fn reached(&self) -> LimitKey {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how far a sweep came, and returns what it did.
    pub(super) fn note(&self, swept: SweptTo) -> Sweep {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = swept.reached;
        swept.sweep
    }
}
