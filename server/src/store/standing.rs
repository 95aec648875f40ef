//! How a number stands before anything is sent to it.

use super::{LimitKey, NumberIndex};
use phone_verify_domain::SiteKey;

/// The names that a number has in what is kept: keyed hashes, another one for each list.
#[derive(Clone, Debug)]
pub struct NumberNames {
    /// The site that is asked on.
    pub site: SiteKey,
    /// Its name on that site.
    pub index: NumberIndex,
    /// Its name among those whose owners want no text messages.
    pub opt_out: LimitKey,
    /// Those under which it may be blocked: everywhere, and on the site.
    pub blocks: [LimitKey; 2],
}

/// What stands for a number, and what against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberStanding {
    /// Its owner wants no text messages.
    pub has_opted_out: bool,
    /// The operator has blocked it, everywhere or on the site.
    pub is_blocked: bool,
    /// It was verified on the site before, or one of the site's subjects holds it.
    pub is_known: bool,
}
