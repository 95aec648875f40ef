//! Numbers of which a system before this one kept a SHA-1 and nothing else.
//!
//! There are so few numbers that whoever has such a hash has the number: what is stored is a MAC of the hash, under a key that
//! is not in the database. It says nothing until the number itself is typed again, which then has the same MAC.

use crate::keys::Keys;
use crate::store::{LegacyHashes, LimitKey, PlainNumber, Sealed};
use phone_verify_domain::{Country, PhoneNumber, SiteKey};
use sha1::{Digest as _, Sha1};

/// The SHA-1 of some spelling of a number.
pub(super) type Digest = [u8; 20];

/// What is stored of a hash.
pub(super) fn mac(keys: &Keys, site: &SiteKey, digest: &Digest) -> LimitKey {
    // No site's key contains a line break.
    let subject = [site.as_str().as_bytes(), b"\n", digest].concat();
    keys.limit_key("legacy number", &subject)
}

/// What may be stored of a number: hashed as its national digits, with the calling code, or in E.164.
pub(crate) fn hashes(keys: &Keys, site: &SiteKey, number: &PhoneNumber) -> LegacyHashes {
    let e164 = number.expose();
    let digits = e164.trim_start_matches('+');
    let national = digits.strip_prefix(number.calling_code()).unwrap_or(digits);
    [national, digits, e164].map(|text| mac(keys, site, &Sha1::digest(text).into()))
}

/// All that is kept of a number that is in hand.
pub(crate) fn plain_number(
    keys: &Keys,
    site: &SiteKey,
    number: &PhoneNumber,
    country: Country,
    sealed: Option<Sealed>,
) -> PlainNumber {
    PlainNumber {
        number: keys.number_index(site, number),
        mask: number.mask(),
        country,
        sealed,
        hashes: hashes(keys, site, number),
    }
}
