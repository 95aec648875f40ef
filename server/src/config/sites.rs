use super::Mode;
use super::value::{BaseUrl, Count, duration, money, secret};
use crate::budget::{Budget, Money};
use crate::hooks::EventKind;
use crate::sites::{Countries, OriginRule, Sids, Site};
use crate::store::Conflict;
use crate::webhooks::{Webhook, WebhookSecret};
use phone_verify_domain::{Channel, SiteKey};
use rlibphonenumber::PHONE_NUMBER_UTIL;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

/// `[[sites]]`: one customer page or app each.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// The public site key: 1 to 64 letters, digits, `-`, `_` or `.`.
    pub key: String,
    /// What the site's server proves itself with. Without it the site has no host API.
    #[serde(deserialize_with = "secret::optional")]
    pub secret: Option<SecretString>,
    /// The secret before this one, still taken while the site's server is being moved to the new one.
    #[serde(deserialize_with = "secret::optional")]
    pub previous_secret: Option<SecretString>,
    /// What people call the site; it stands in messages. Without it: the key.
    pub name: Option<String>,
    /// Origins of the site's pages, as in `https://shop.example`. In development also `loopback`: http and https on
    /// `localhost`, `*.localhost`, `127.0.0.1` and `[::1]` with any port.
    pub origins: Vec<String>,
    /// Countries whose numbers are served, as libphonenumber names regions; `*` for all. Empty serves none.
    pub countries: Vec<String>,
    /// How codes may travel.
    pub channels: Vec<Channel>,
    /// How numbers are kept.
    pub number_storage: NumberStorage,
    /// Whether text messages end with the line `@host #code`, `host` being that of the page that asked: browsers then offer
    /// the code on that host's pages only, and WebOTP can read it.
    pub origin_bound: bool,
    /// Whether the token carries the number.
    pub token_number: bool,
    /// How long a token lives: 1 to 60 minutes.
    #[serde(deserialize_with = "duration::positive")]
    pub token_ttl: Duration,
    /// How many subjects may hold one number.
    pub subjects_per_number: Count,
    /// What happens when one more wants it.
    pub on_conflict: OnConflict,
    /// After how long a subject's number counts as unverified, and gives way to whoever proves it then: operators hand numbers
    /// out again, some after 45 days. Without it: as `[limits]` says.
    #[serde(deserialize_with = "duration::optional")]
    pub reverify_after: Option<Duration>,
    /// What the site may spend in a UTC day, see `[budget]`.
    #[serde(deserialize_with = "money::optional")]
    pub budget_per_day: Option<Money>,
    /// What the site may spend in a UTC month.
    #[serde(deserialize_with = "money::optional")]
    pub budget_per_month: Option<Money>,
    /// Where events are sent.
    pub webhook_url: Option<String>,
    /// What they are signed with: `whsec_` and base64 of 24 to 64 bytes.
    #[serde(deserialize_with = "secret::optional")]
    pub webhook_secret: Option<SecretString>,
    /// Which events; empty sends all.
    pub webhook_events: Vec<String>,
    /// The Verify service SID under which the site answers Twilio Verify's API. Without it: made from the key.
    pub service_sid: Option<String>,
    /// The account SID there. Without it: made from the key.
    pub account_sid: Option<String>,
}

/// How a site's numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberStorage {
    /// As a keyed hash alone.
    Hashed,
    /// Also encrypted under a key of the server's, so that the site's server can read it.
    Encrypted,
}

/// What happens when a number has all its subjects and one more proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnConflict {
    /// The new one is refused.
    Reject,
    /// The number moves to the new one.
    Move,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            key: String::new(),
            secret: None,
            previous_secret: None,
            name: None,
            origins: Vec::new(),
            countries: Vec::new(),
            channels: vec![Channel::Sms, Channel::Call],
            number_storage: NumberStorage::Hashed,
            origin_bound: false,
            token_number: false,
            token_ttl: Duration::from_mins(5),
            subjects_per_number: Count::new(1),
            on_conflict: OnConflict::Reject,
            reverify_after: None,
            budget_per_day: None,
            budget_per_month: None,
            webhook_url: None,
            webhook_secret: None,
            webhook_events: Vec::new(),
            service_sid: None,
            account_sid: None,
        }
    }
}

impl SiteConfig {
    /// What people call it.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.key)
    }

    /// The site as the rest of the server knows it.
    ///
    /// # Errors
    /// `field: what is wrong`.
    pub(super) fn site(&self, mode: Mode) -> Result<Site, String> {
        let key = SiteKey::parse(&self.key).ok_or(if self.key.is_empty() {
            "key: it is missing"
        } else {
            "key: expected 1 to 64 letters, digits, `-`, `_` or `.`"
        })?;
        if self.display_name().chars().any(char::is_control) {
            return Err("name: it contains control characters".to_owned());
        }
        let hour = Duration::from_hours(1);
        if self.token_ttl < Duration::from_mins(1) || self.token_ttl > hour {
            return Err("token_ttl: expected \"1m\" to \"60m\"".to_owned());
        }
        if self.channels.is_empty() {
            return Err("channels: name `sms`, `call` or both".to_owned());
        }
        let own = Sids::of(&key);
        let sids = Sids {
            service: sid("service_sid", "VA", self.service_sid.as_deref())?.unwrap_or(own.service),
            account: sid("account_sid", "AC", self.account_sid.as_deref())?.unwrap_or(own.account),
        };
        Ok(Site {
            key,
            sids,
            name: self.display_name().to_owned(),
            secrets: self.secret.iter().chain(&self.previous_secret).cloned().collect(),
            origins: self
                .origins
                .iter()
                .map(|origin| origin_rule(origin, mode))
                .collect::<Result<_, _>>()?,
            countries: countries(&self.countries)?,
            channels: self.channels.clone(),
            origin_bound: self.origin_bound,
            token_number: self.token_number,
            token_ttl: self.token_ttl,
            keeps_numbers: self.number_storage == NumberStorage::Encrypted,
            subjects_per_number: self.subjects_per_number.get(),
            on_conflict: match self.on_conflict {
                OnConflict::Reject => Conflict::Reject,
                OnConflict::Move => Conflict::Move,
            },
            webhook: self.webhook()?,
            reverify_after: self.reverify_after,
        })
    }

    /// What it may spend.
    pub(super) const fn budget(&self) -> Budget {
        Budget {
            per_day: self.budget_per_day,
            per_month: self.budget_per_month,
        }
    }

    /// Where the site hears of events.
    fn webhook(&self) -> Result<Option<Webhook>, String> {
        let secret = self.webhook_secret.as_ref();
        let secret = secret
            .map(|secret| WebhookSecret::parse(secret.expose_secret()))
            .transpose()
            .map_err(|error| format!("webhook_secret: {error}"))?;
        let kinds = self.webhook_events.iter().map(|name| {
            EventKind::parse(name).ok_or_else(|| {
                let known = EventKind::ALL.map(EventKind::as_str).join(", ");
                format!("webhook_events: expected {known}")
            })
        });
        let mut kinds = kinds.collect::<Result<BTreeSet<_>, _>>()?;
        if kinds.is_empty() {
            kinds.extend(EventKind::ALL);
        }
        let Some(url) = &self.webhook_url else {
            return Ok(None);
        };
        let url = Url::parse(url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        Ok(Some(Webhook {
            url: url.ok_or("webhook_url: expected an address, as in \"https://shop.example/webhooks\"")?,
            secret: secret.ok_or("webhook_url: events are signed: set webhook_secret too")?,
            kinds,
        }))
    }

    /// `field: what is wrong` for what travels unencrypted over a network.
    pub(super) fn open_http(&self) -> Vec<String> {
        let open = |url: &str| BaseUrl::parse(url).is_some_and(|url| !url.is_https() && !url.is_loopback());
        let mut problems = Vec::new();
        if self.origins.iter().any(|origin| open(origin)) {
            problems.push("origins: one is not https: use https origins".to_owned());
        }
        let webhook = self.webhook_url.as_deref().and_then(|url| Url::parse(url).ok());
        if webhook.is_some_and(|url| url.scheme() != "https" && open(&url.origin().ascii_serialization())) {
            problems.push("webhook_url: it is not https: use an https address".to_owned());
        }
        problems
    }

    /// `field: what should be known`.
    pub(super) fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if self.countries.is_empty() {
            doubts.push("countries: empty serves no number; [\"*\"] serves all".to_owned());
        }
        if self.origins.is_empty() {
            doubts.push("origins: empty lets no page use it but this server's own".to_owned());
        }
        if self.secret.is_none() {
            doubts.push("secret: without one the site has no host API, and cannot redeem tokens".to_owned());
        }
        doubts
    }
}

/// A name in Twilio's manner, if one is given.
fn sid(field: &str, prefix: &str, given: Option<&str>) -> Result<Option<String>, String> {
    let Some(sid) = given else { return Ok(None) };
    let digits = sid.strip_prefix(prefix).unwrap_or_default();
    let is_one = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one
        .then(|| Some(sid.to_owned()))
        .ok_or_else(|| format!("{field}: expected `{prefix}` and 32 hexadecimal digits"))
}

fn origin_rule(text: &str, mode: Mode) -> Result<OriginRule, String> {
    if text == "loopback" {
        return match mode {
            Mode::Development => Ok(OriginRule::Loopback),
            Mode::Production => {
                Err("origins: `loopback` is for development: name the origins of the site's pages".to_owned())
            }
        };
    }
    BaseUrl::parse(text)
        .map(|origin| OriginRule::Exact(origin.as_str().to_owned()))
        .ok_or_else(|| {
            "origins: expected scheme, host and port alone, as in \"https://shop.example\"".to_owned()
        })
}

fn countries(names: &[String]) -> Result<Countries, String> {
    if names == ["*"] {
        return Ok(Countries::All);
    }
    let known: BTreeSet<String> = PHONE_NUMBER_UTIL
        .get_supported_regions()
        .map(|region| region.as_region_str().to_string())
        .collect();
    names
        .iter()
        .map(|name| {
            let name = name.to_ascii_uppercase();
            if known.contains(&name) {
                Ok(name)
            } else {
                // A country is no secret, and the misspelt one must be found in a long list.
                let shown: String = name.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
                Err(format!(
                    "countries: `{shown}` is no region of libphonenumber: use ISO 3166 codes such as US or GB, or [\"*\"]"
                ))
            }
        })
        .collect::<Result<_, _>>()
        .map(Countries::Only)
}
