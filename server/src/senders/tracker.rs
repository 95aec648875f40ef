use crate::budget::Price;
use phone_verify_domain::{DeliveryReason, DeliveryState, PhoneNumber};
use std::time::Duration;

/// A provider that can be asked what became of what it took, where no report of it came.
#[async_trait::async_trait]
pub trait Tracker: Send + Sync {
    /// How long after the sending it is asked for the first time. Every further pause is twice the one before.
    fn first_look(&self) -> Duration;

    /// What became of what the provider calls `reference`; `None` where there is no answer, or none that says it.
    async fn look(&self, reference: &str) -> Option<News>;

    /// Ends a call that nobody has taken yet; one that was taken goes on. Returns what became of it, if that is known.
    async fn hang_up(&self, reference: &str) -> Option<News>;
}

/// What became of something that was sent.
#[derive(Clone, Debug)]
pub struct News {
    /// Where it stands: `accepted`, `delivered` or `undelivered`.
    pub state: DeliveryState,
    /// Why it did not arrive.
    pub reason: Option<DeliveryReason>,
    /// Whom it was for, where the provider says so.
    pub to: Option<PhoneNumber>,
    /// What the provider takes for it, once it says so.
    pub price: Option<Price>,
}
