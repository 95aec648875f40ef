//! What a site's own server asks of verifications: how one came about, and how many codes led to an approval.

use super::records::{NumberIndex, Record, Sealed};
use phone_verify_domain::{
    Channel, Country, DeliveryReason, DeliveryState, SiteKey, Status, Timestamp, VerificationId,
};

/// What a site's server names a verification by.
#[derive(Clone, Copy, Debug)]
pub enum NamedBy {
    /// Its id.
    Id(VerificationId),
    /// Its number, of those that the site's server started: the live one, else the last.
    Number(NumberIndex),
}

/// A verification and how it came about.
#[derive(Clone, Debug)]
pub struct History {
    /// As it stands.
    pub record: Record,
    /// When it was started.
    pub created_at: Timestamp,
    /// When something last became of it that is kept: a sending, its report, its end.
    pub changed_at: Timestamp,
    /// The sendings that may have left, the oldest first.
    pub sends: Vec<PastSend>,
}

/// A sending that may have left.
#[derive(Clone, Debug)]
pub struct PastSend {
    /// 32 hexadecimal digits.
    pub delivery_id: String,
    /// How it travelled.
    pub channel: Channel,
    /// When it was asked for.
    pub at: Timestamp,
}

/// A site's server says that a number is verified, without a code being compared here.
#[derive(Clone)]
pub struct Approval {
    /// Which verification.
    pub id: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// Now.
    pub now: Timestamp,
    /// The token's name: 128 random bits.
    pub jti: String,
    /// When that token expires.
    pub token_expires_at: Timestamp,
}

/// Which attempts are meant; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct AttemptFilter {
    /// Of these sites; none where empty.
    pub sites: Vec<SiteKey>,
    /// To one of these: a number has an index on each site.
    pub numbers: Option<Vec<NumberIndex>>,
    /// Of this verification.
    pub verification: Option<VerificationId>,
    /// The one of this id.
    pub delivery_id: Option<String>,
    /// To this country.
    pub country: Option<Country>,
    /// By this channel.
    pub channel: Option<Channel>,
    /// Whether it led to an approval.
    pub converted: Option<bool>,
    /// At or after this moment.
    pub from: Option<Timestamp>,
    /// At or before this moment.
    pub until: Option<Timestamp>,
}

/// A stretch of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// How many of the newest are left out.
    pub skip: u64,
    /// How many at most.
    pub size: u32,
}

/// A sending that may have left, and what came of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// 32 hexadecimal digits.
    pub delivery_id: String,
    /// Of which verification.
    pub verification: VerificationId,
    /// Whose.
    pub site: SiteKey,
    /// To which number.
    pub number: NumberIndex,
    /// The masked number.
    pub mask: String,
    /// The number itself, where the site keeps it.
    pub number_sealed: Option<Sealed>,
    /// Its country.
    pub country: Country,
    /// The message's language.
    pub locale: Option<String>,
    /// How many digits the code has.
    pub code_length: u8,
    /// How it travelled.
    pub channel: Channel,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it did not arrive.
    pub reason: Option<DeliveryReason>,
    /// Where its verification stands, and when that ends by itself.
    pub status: (Status, Timestamp),
    /// Whether it is the last one before an approval.
    pub converted: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it moved last.
    pub changed_at: Timestamp,
}

impl Attempt {
    /// Where its verification stands at `now`.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        let (status, expires_at) = self.status;
        match status {
            Status::Pending if expires_at <= now => Status::Expired,
            status => status,
        }
    }
}

/// How many attempts there were, and how many of them led to an approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttemptCount {
    /// All.
    pub all: u64,
    /// Those that led to an approval.
    pub converted: u64,
}
