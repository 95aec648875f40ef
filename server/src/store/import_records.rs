//! What comes from a system before this one: which subject had proved which number.

use super::limit_records::LimitKey;
use super::records::{NumberIndex, Sealed};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp};

/// MACs of the SHA-1 of each spelling under which a system before this one may have hashed a number.
pub type LegacyHashes = [LimitKey; 3];

/// A number that is known, and what is kept of it.
#[derive(Clone, Debug)]
pub struct PlainNumber {
    /// The number.
    pub number: NumberIndex,
    /// The masked number.
    pub mask: String,
    /// The number's country.
    pub country: Country,
    /// The number itself, where the site keeps it.
    pub sealed: Option<Sealed>,
    /// What it may have been hashed as.
    pub hashes: LegacyHashes,
}

/// What is known of an imported number.
#[derive(Clone, Debug)]
pub enum ImportedNumber {
    /// The number.
    Plain(PlainNumber),
    /// A MAC of its SHA-1, and nothing else.
    Hashed(LimitKey),
}

/// A subject had proved a number.
#[derive(Clone, Debug)]
pub struct Import {
    /// The host's user.
    pub subject: String,
    /// Which.
    pub number: ImportedNumber,
    /// How its code travelled.
    pub channel: Channel,
    /// When it was proved.
    pub verified_at: Timestamp,
}

/// Imports of one site, as one transaction.
#[derive(Clone, Debug)]
pub struct ImportBatch {
    /// Whose.
    pub site: SiteKey,
    /// In their order.
    pub imports: Vec<Import>,
    /// Now.
    pub now: Timestamp,
    /// How many subjects may hold one number.
    pub subjects_per_number: u32,
    /// Nothing is written: what would become of each.
    pub dry_run: bool,
}

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The subject holds the number from now on.
    Holds,
    /// It did before; nothing was changed.
    Before,
    /// The subject holds another number, which it keeps.
    HasAnother,
    /// Others hold the number, who keep it.
    Taken,
}

/// A number is in hand that may have been imported as a hash.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// Whose.
    pub site: SiteKey,
    /// The number.
    pub number: PlainNumber,
    /// How many subjects may hold one number.
    pub subjects_per_number: u32,
}
