//! The sites that this deployment serves, as the configuration names them.

use phone_verify_domain::{Channel, Country, SiteKey};
use secrecy::SecretString;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// One customer page or app.
#[derive(Debug)]
pub struct Site {
    /// Its public name.
    pub key: SiteKey,
    /// What people call it: it stands in messages.
    pub name: String,
    /// What its server proves itself with; two may be valid at once, so that one can be replaced.
    pub secrets: Vec<SecretString>,
    /// Where its pages may be.
    pub origins: Vec<OriginRule>,
    /// Whose numbers it serves.
    pub countries: Countries,
    /// How its codes may travel.
    pub channels: Vec<Channel>,
    /// Whether the token carries the number.
    pub token_number: bool,
    /// How long a token lives: 1 to 60 minutes.
    pub token_ttl: Duration,
}

/// An origin, or a family of them, from which a site may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginRule {
    /// Exactly this serialised origin (RFC 6454, 6.2), as in `https://shop.example`.
    Exact(String),
    /// http and https on `localhost`, `*.localhost`, `127.0.0.1` and `[::1]` with any port: development.
    Loopback,
}

/// Whose numbers a site serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Countries {
    /// `["*"]`.
    All,
    /// These regions; none where empty.
    Only(BTreeSet<String>),
}

impl Countries {
    /// Whether numbers of `country` are served.
    #[must_use]
    pub fn serve(&self, country: Country) -> bool {
        match self {
            Self::All => true,
            Self::Only(regions) => regions.contains(country.as_str()),
        }
    }
}

/// All sites by their keys.
#[derive(Clone, Debug, Default)]
pub struct Sites(Arc<HashMap<SiteKey, Arc<Site>>>);

impl Sites {
    /// These sites.
    #[must_use]
    pub fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        Self(Arc::new(
            sites
                .into_iter()
                .map(|site| (site.key.clone(), Arc::new(site)))
                .collect(),
        ))
    }

    /// The site of this key.
    #[must_use]
    pub fn get(&self, key: &SiteKey) -> Option<&Arc<Site>> {
        self.0.get(key)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.0.values()
    }
}
