//! What the operator's own pages ask and write.

use super::breaker_records::BreakerName;
use super::decisions::DecisionStore;
use super::error::StoreError;
use super::limit_records::{LimitKey, LimitUse, Limited};
use super::records::NumberIndex;
use phone_verify_domain::{Channel, Country, DeliveryReason, DeliveryState, SiteKey, Timestamp};
use std::time::Duration;

/// What is kept for and of the operator. Each method is one transaction, as those of [`super::Store`].
#[async_trait::async_trait]
pub trait OperatorStore: DecisionStore {
    /// Takes every limit, or none and says which one refuses.
    ///
    /// # Errors
    /// [`StoreError`]; what the limits keep from must not be done.
    async fn take_limits(&self, uses: Vec<LimitUse>, now: Timestamp) -> Result<Option<Limited>, StoreError>;

    /// Begins a log-in and writes its line of the log.
    ///
    /// # Errors
    /// [`StoreError`]; it may have begun, and nobody knows its cookie.
    async fn begin_admin_session(&self, session: AdminSession) -> Result<(), StoreError>;

    /// Whether this log-in goes on at `now`.
    ///
    /// # Errors
    /// [`StoreError`]; nobody is let in.
    async fn has_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<bool, StoreError>;

    /// Ends a log-in and writes its line of the log; one that has ended writes none.
    ///
    /// # Errors
    /// [`StoreError`]; it may have ended.
    async fn end_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<(), StoreError>;

    /// Writes a line of the log.
    ///
    /// # Errors
    /// [`StoreError`]; what it is about must not be done.
    async fn log_admin_action(&self, line: AdminLine) -> Result<(), StoreError>;

    /// The newest lines, of a number or of all.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn admin_log(&self, number: Option<LimitKey>, at_most: u32) -> Result<Vec<AdminLine>, StoreError>;

    /// What was sent, by country, channel and stretch of time.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn traffic(&self, of: TrafficFilter) -> Result<Vec<Traffic>, StoreError>;

    /// What did not arrive, and why, the most frequent first.
    ///
    /// # Errors
    /// [`StoreError`]
    async fn faults(&self, of: TrafficFilter) -> Result<Vec<Fault>, StoreError>;

    /// Forgets these limits and the failed checks of these numbers: what they kept from is allowed at once.
    ///
    /// # Errors
    /// [`StoreError`]; some may be forgotten.
    async fn unlock(
        &self,
        limits: Vec<LimitKey>,
        numbers: Vec<(SiteKey, NumberIndex)>,
    ) -> Result<(), StoreError>;
}

/// A log-in that begins.
#[derive(Clone, Copy, Debug)]
pub struct AdminSession {
    /// The MAC of its cookie.
    pub id: LimitKey,
    /// When it begins.
    pub begun_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// What was done on the operator's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminAction {
    /// Somebody knew the password.
    LoggedIn,
    /// Somebody did not.
    LogInRefused,
    /// A log-in was ended.
    LoggedOut,
    /// A number was looked up.
    LookedUp,
    /// A number's limits and failed checks were forgotten.
    Unlocked,
    /// A number was blocked.
    Blocked,
    /// A block was ended.
    Unblocked,
    /// All that is known of a number was deleted.
    Erased,
    /// A breaker was opened.
    BreakerOpened,
    /// A breaker was closed.
    BreakerClosed,
}

impl AdminAction {
    const ALL: [Self; 10] = [
        Self::LoggedIn,
        Self::LogInRefused,
        Self::LoggedOut,
        Self::LookedUp,
        Self::Unlocked,
        Self::Blocked,
        Self::Unblocked,
        Self::Erased,
        Self::BreakerOpened,
        Self::BreakerClosed,
    ];

    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::LogInRefused => "log_in_refused",
            Self::LoggedOut => "logged_out",
            Self::LookedUp => "looked_up",
            Self::Unlocked => "unlocked",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Erased => "erased",
            Self::BreakerOpened => "breaker_opened",
            Self::BreakerClosed => "breaker_closed",
        }
    }

    /// The action of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}

/// A line of the operator's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminLine {
    /// When.
    pub at: Timestamp,
    /// In which log-in: eight hexadecimal digits, the same for all its lines; or on the command line.
    pub session: Option<String>,
    /// What.
    pub action: AdminAction,
    /// On which site, where it was not on all.
    pub site: Option<SiteKey>,
    /// To which number: a MAC, of which the number is not read.
    pub number: Option<LimitKey>,
    /// To which breaker.
    pub breaker: Option<BreakerName>,
}

/// A session's name in the log.
#[must_use]
pub(crate) fn session_name(id: LimitKey) -> String {
    hex::encode(id.0.get(..4).unwrap_or_default())
}

/// Which sendings are meant.
#[derive(Clone, Debug)]
pub struct TrafficFilter {
    /// Asked for at or after this moment,
    pub from: Timestamp,
    /// and before this one.
    pub until: Timestamp,
    /// How long a stretch is.
    pub stretch: Duration,
    /// Of this site; of all without one.
    pub site: Option<SiteKey>,
}

/// What may have left to a country by a channel in one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Which stretch, counted from [`TrafficFilter::from`].
    pub stretch: u32,
    /// Where to.
    pub country: Country,
    /// How.
    pub channel: Channel,
    /// How many may have left.
    pub sent: u64,
    /// How many of them are known to have arrived.
    pub delivered: u64,
    /// How many of them were the last before an approval.
    pub approved: u64,
}

/// So many sendings that did not arrive, or of which nothing is known, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where to.
    pub country: Country,
    /// How.
    pub channel: Channel,
    /// By which sender.
    pub sender: String,
    /// Where they stand.
    pub state: DeliveryState,
    /// Why.
    pub reason: Option<DeliveryReason>,
    /// How many.
    pub count: u64,
}
