use crate::sites::{Site, Sites};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use subtle::{Choice, ConstantTimeEq};

/// The site whose key and secret these are. Every secret of every site is compared, so that the time it takes tells
/// neither which keys exist nor how much of a secret is right.
#[must_use]
pub fn authenticate(sites: &Sites, key: &str, secret: &str) -> Option<Arc<Site>> {
    // All of them, whatever is found.
    let of_secret = sites_of_secret(sites, secret);
    of_secret.into_iter().find(|site| site.key.as_str() == key)
}

/// The sites that `user`, a site key or a Twilio-like account SID, speaks for with this secret; several sites may share an
/// account and a secret. Compares as [`authenticate`] does.
#[must_use]
pub fn authenticate_account(sites: &Sites, user: &str, secret: &str) -> Vec<Arc<Site>> {
    let mut spoken_for = sites_of_secret(sites, secret);
    spoken_for.retain(|site| site.key.as_str() == user || site.sids.account == user);
    spoken_for
}

/// The sites that have this secret: one, where secrets are drawn at random. Compares as [`authenticate`] does.
#[must_use]
pub fn sites_of_secret(sites: &Sites, secret: &str) -> Vec<Arc<Site>> {
    // Digests are of one length, so that not even a secret's length shows.
    let presented = digest(secret);
    let has_it = |site: &&Arc<Site>| {
        let mut right = Choice::from(0);
        for secret in &site.secrets {
            right |= digest(secret.expose_secret()).ct_eq(&presented);
        }
        right.into()
    };
    sites.iter().filter(has_it).cloned().collect()
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
