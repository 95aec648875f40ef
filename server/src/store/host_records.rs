//! What a host's server keeps here: its sessions, and which subject holds which number.

use super::records::{NumberIndex, Sealed};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp, VerificationId};

/// HMAC-SHA-256 of a session's value, which itself is stored nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionId(pub [u8; 32]);

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// What a host's server has bound a browser to.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name here.
    pub id: SessionId,
    /// Whose.
    pub site: SiteKey,
    /// The host's user.
    pub subject: String,
    /// The host's value for one of its own browser sessions.
    pub nonce: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The serialised origin of the page.
    pub origin: Option<String>,
    /// Where the server's own page leads in the end; on an origin of the site's.
    pub return_url: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When nothing can be started in it any more.
    pub expires_at: Timestamp,
}

/// A session, and what came of it.
#[derive(Clone, Debug)]
pub struct SessionRecord {
    /// The session.
    pub session: Session,
    /// The verification in it that was approved last.
    pub approved: Option<VerificationId>,
}

/// What happens to those who hold a number when one more subject proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// They keep it; the new one is refused.
    Reject,
    /// The number is taken from those who have held it longest.
    Move,
}

/// A subject wants to hold the number that a token proves.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose.
    pub site: SiteKey,
    /// The host's user.
    pub subject: String,
    /// The token.
    pub jti: String,
    /// Now.
    pub now: Timestamp,
    /// How many subjects may hold one number.
    pub subjects_per_number: u32,
    /// What happens to those who hold it.
    pub conflict: Conflict,
    /// Who proved the number at or before this moment gives way to somebody who proves it now: numbers are handed out again.
    pub proved_too_long_ago: Option<Timestamp>,
}

/// What [`Store::claim_number`](super::Store::claim_number) did.
#[derive(Clone, Debug)]
pub enum Claimed {
    /// The subject holds the number from now on.
    Holds(HeldNumber),
    /// It holds the number since an earlier claim with the same token; nothing was changed.
    Before(HeldNumber),
    /// Others hold it; nothing was changed, and the token was not redeemed.
    Taken,
    /// The token was redeemed before, and not for this.
    Redeemed,
    /// No such token of this site, or it has expired.
    Unknown,
}

/// A number that a subject holds.
#[derive(Clone, Debug)]
pub struct HeldNumber {
    /// The number.
    pub number: NumberIndex,
    /// The masked number.
    pub mask: String,
    /// The number's country.
    pub country: Country,
    /// How its last code travelled.
    pub channel: Channel,
    /// When it was proved.
    pub verified_at: Timestamp,
    /// The number itself, where the site keeps it.
    pub number_sealed: Option<Sealed>,
    /// The subjects that the claim took it from.
    pub released: Vec<String>,
    /// The other number that the subject held until this very claim.
    pub left: Option<NumberIndex>,
}
