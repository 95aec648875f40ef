//! A verification as it is kept, and what belongs to it.

use super::limit_records::LimitKey;
use phone_verify_domain::{Country, SiteKey, Timestamp, Verification, VerificationId};

/// HMAC-SHA-256 of a number under a site's own key: what is stored instead of the number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberIndex(pub [u8; 32]);

impl NumberIndex {
    /// As in a token: lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

impl std::fmt::Debug for NumberIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NumberIndex(…)")
    }
}

/// HMAC-SHA-256 of a code, bound to its verification, site, number and purpose.
#[derive(Clone, Copy)]
pub struct CodeMac(pub [u8; 32]);

/// Who can tell whether a typed code is right, for a new verification.
#[derive(Clone, Copy)]
pub enum KeptCode {
    /// This server: what typed codes are compared with.
    Ours(CodeMac),
    /// The provider that drew and sent it; it is never known here before it is approved.
    Providers,
}

/// The same of a verification as kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeHolder {
    /// This server.
    Ours,
    /// The provider.
    Provider {
        /// Checks that were spent and that it has not answered yet; those under way at a crash stay counted.
        unanswered: u32,
    },
}

/// Something encrypted and authenticated under the sealing key `key_id`, bound to one verification.
#[derive(Clone)]
pub struct Sealed {
    /// Which sealing key.
    pub key_id: u32,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

/// What [`Store::sweep`](super::Store::sweep) did.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// How many rows changed.
    pub changed: u64,
    /// The verifications that it marked as expired.
    pub expired: Vec<VerificationId>,
}

/// A verification as kept.
#[derive(Clone, Debug)]
pub struct Record {
    /// The facts that decisions rest on, its last delivery's included.
    pub facts: Verification,
    /// Whose.
    pub site: SiteKey,
    /// The number.
    pub number: NumberIndex,
    /// Its country.
    pub country: Country,
    /// Whose checks of a day count in place of the number's.
    pub known_subject: Option<LimitKey>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The nonce.
    pub nonce: Option<String>,
    /// The host's user.
    pub subject: Option<String>,
    /// The Origin of the start.
    pub origin: Option<String>,
    /// The message's language.
    pub locale: Option<String>,
    /// Who can tell whether a code is right.
    pub code: CodeHolder,
    /// The code and the number's limiter key; gone after the end.
    pub sealed: Option<Sealed>,
    /// The number itself, where the site keeps it.
    pub number_sealed: Option<Sealed>,
    /// The last delivery's id.
    pub delivery_id: String,
    /// The process that holds, or held, its lease.
    pub delivery_owner: String,
    /// The token, once approved.
    pub token: Option<TokenRecord>,
    /// The number's checks of a day on this site, or the known subject's.
    pub day: NumberDay,
    /// Whether its site has imported numbers of which only a hash is known.
    pub site_has_legacy: bool,
}

/// The one token of a verification.
#[derive(Clone, Debug)]
pub struct TokenRecord {
    /// Its name.
    pub jti: String,
    /// When the right code came.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A number's, or a known subject's, checks on a site.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberDay {
    /// The UTC day of the last check.
    pub day: i64,
    /// Checks on that day.
    pub used: u32,
    /// Wrong codes since the last right one.
    pub consecutive_failures: u32,
}

/// How long rows are kept after they have ended. An idempotency row whose verification has gone counts as none.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Verifications with their deliveries, after their end.
    pub verifications: std::time::Duration,
    /// Tokens, after their expiry.
    pub tokens: std::time::Duration,
    /// Counts of consecutive wrong codes, after the day of the last one, while they limit nothing.
    pub failures: std::time::Duration,
    /// What rules decided.
    pub decisions: std::time::Duration,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}
