use std::time::Duration;

/// How long a caller waits for the database before it is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience(Duration);

impl Patience {
    /// The shortest that leaves the database time to give up first.
    pub const SHORTEST: Duration = Duration::from_secs(2);

    /// What the database is told to give up before its caller does, so that the caller hears why.
    const EARLIER: Duration = Duration::from_secs(1);

    /// Of `time`, or [`Patience::SHORTEST`] where that is less.
    #[must_use]
    pub fn of(time: Duration) -> Self {
        Self(time.max(Self::SHORTEST))
    }

    /// How long the caller waits, for its turn and for its transaction.
    #[must_use]
    pub fn time(self) -> Duration {
        self.0
    }

    /// How long the database may take over one statement, or wait for a lock.
    #[must_use]
    pub(super) fn of_the_database(self) -> Duration {
        self.0.saturating_sub(Self::EARLIER)
    }
}

/// Five seconds: longer than a commit takes on a busy disk, shorter than people wait.
impl Default for Patience {
    fn default() -> Self {
        Self(Duration::from_secs(5))
    }
}
