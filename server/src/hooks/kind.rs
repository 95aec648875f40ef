/// The kinds of events, by the names that webhooks have (contract 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A verification began.
    VerificationStarted,
    /// The right code came.
    VerificationApproved,
    /// The last check was wrong.
    VerificationExhausted,
    /// Its time was over.
    VerificationExpired,
    /// A provider took a sending.
    DeliverySent,
    /// A sending did not leave, or did not arrive.
    DeliveryFailed,
    /// A subject holds a number now.
    NumberClaimed,
    /// A subject holds a number no more.
    NumberReleased,
    /// A budget is being used up: it reached a state.
    BudgetWarning,
    /// Something is left alone for a while because it fails.
    BreakerOpened,
    /// It works again.
    BreakerClosed,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::VerificationStarted,
        Self::VerificationApproved,
        Self::VerificationExhausted,
        Self::VerificationExpired,
        Self::DeliverySent,
        Self::DeliveryFailed,
        Self::NumberClaimed,
        Self::NumberReleased,
        Self::BudgetWarning,
        Self::BreakerOpened,
        Self::BreakerClosed,
    ];

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationStarted => "verification.started",
            Self::VerificationApproved => "verification.approved",
            Self::VerificationExhausted => "verification.exhausted",
            Self::VerificationExpired => "verification.expired",
            Self::DeliverySent => "delivery.sent",
            Self::DeliveryFailed => "delivery.failed",
            Self::NumberClaimed => "number.claimed",
            Self::NumberReleased => "number.released",
            Self::BudgetWarning => "budget.warning",
            Self::BreakerOpened => "breaker.opened",
            Self::BreakerClosed => "breaker.closed",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
