//! The sites that this deployment serves, as the configuration names them.

use crate::store::Conflict;
use crate::webhooks::Webhook;
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

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
    /// Whether the last line of its text messages binds the code to the page's host.
    pub origin_bound: bool,
    /// Whether the token carries the number.
    pub token_number: bool,
    /// How long a token lives: 1 to 60 minutes.
    pub token_ttl: Duration,
    /// Whether numbers are also kept encrypted, for the site's own server to read.
    pub keeps_numbers: bool,
    /// How many of its subjects may hold one number.
    pub subjects_per_number: u32,
    /// What happens when one more proves it.
    pub on_conflict: Conflict,
    /// Where its server is told of events.
    pub webhook: Option<Webhook>,
    /// After how long a number must be proved again: numbers are handed out again.
    pub reverify_after: Option<Duration>,
    /// What it is called where it is spoken to as Twilio Verify is.
    pub sids: Sids,
}

/// The names of a site in Twilio's manner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sids {
    /// `VA` and 32 hexadecimal digits: the Verify service, one a site.
    pub service: String,
    /// `AC` and 32 hexadecimal digits: the account, which several sites may share.
    pub account: String,
}

impl Sids {
    /// Those of a site that is given none: its key's SHA-256.
    #[must_use]
    pub fn of(key: &SiteKey) -> Self {
        let digest = hex::encode(Sha256::digest(key.as_str()));
        let digits = digest.get(..32).unwrap_or_default();
        Self {
            service: format!("VA{digits}"),
            account: format!("AC{digits}"),
        }
    }
}

impl Site {
    /// Whether pages of this serialised origin may use the site.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        origin != "null" && self.origins.iter().any(|rule| rule.allows(origin))
    }

    /// Whether a number that was proved then counts as unverified now.
    #[must_use]
    pub fn must_be_proved_again(&self, verified_at: Timestamp, now: Timestamp) -> bool {
        self.reverify_after.is_some_and(|age| verified_at + age <= now)
    }
}

/// An origin, or a family of them, from which a site may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginRule {
    /// Exactly this serialised origin (RFC 6454, 6.2), as in `https://shop.example`.
    Exact(String),
    /// http and https on `localhost`, `*.localhost`, `127.0.0.1` and `[::1]` with any port: development.
    Loopback,
}

impl OriginRule {
    /// Whether this serialised origin is one that is meant.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Exact(listed) => listed == origin,
            Self::Loopback => is_loopback(origin),
        }
    }
}

fn is_loopback(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else {
        return false;
    };
    // What a browser sends is the serialised origin itself, without a path, user or the default port.
    matches!(url.scheme(), "http" | "https")
        && url.origin().ascii_serialization() == origin
        && match url.host() {
            Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
            None => false,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_without_sids_has_those_of_its_key() {
        // `printf demo | sha256sum`
        let digits = "2a97516c354b68848cdbd8f54a226a0a";
        assert_eq!(
            Sids::of(&SiteKey::parse("demo").unwrap()),
            Sids {
                service: format!("VA{digits}"),
                account: format!("AC{digits}"),
            }
        );
    }

    #[test]
    fn loopback_origins_are_those_of_development() {
        for origin in [
            "http://localhost",
            "http://localhost:3000",
            "https://localhost:8443",
            "http://shop.localhost:5173",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "localhost",
            "http://localhost.example",
            "http://notlocalhost",
            "http://localhost:3000/",
            "http://localhost:80",
            "http://user@localhost",
            "http://LOCALHOST",
            "http://127.0.0.2",
            "http://2130706433",
            "http://192.168.0.1",
            "ftp://localhost",
            "file://",
            "http://localhost, http://shop.example",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
