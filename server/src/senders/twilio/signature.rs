//! `X-Twilio-Signature`: whether a request to a webhook is Twilio's (docs/usage/webhooks/webhooks-security).

use crate::config::BaseUrl;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use subtle::ConstantTimeEq;

/// The parameter of a query by which a body that is no form is signed.
const BODY_HASH: &str = "bodySHA256";

/// Names and values of a form, in the order in which they came.
pub type Form = Vec<(String, String)>;

/// What Twilio's signatures are checked with.
#[derive(Debug)]
pub struct Signatures {
    public_url: BaseUrl,
    tokens: Vec<SecretString>,
}

/// A request that claims to be Twilio's.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// Path and query, as in the request line.
    pub target: &'a str,
    /// The header.
    pub signature: Option<&'a str>,
    /// Whether the content type is a form's.
    pub is_form: bool,
    /// The body as it came.
    pub body: &'a [u8],
}

impl Signatures {
    /// Signatures of URLs below `public_url`, under any of `tokens`: while an account moves to its secondary auth token
    /// both are in use. Without a token nothing is accepted.
    #[must_use]
    pub fn new(public_url: BaseUrl, tokens: impl IntoIterator<Item = SecretString>) -> Self {
        Self {
            public_url,
            tokens: tokens.into_iter().collect(),
        }
    }

    /// The form of a request that Twilio signed, empty where its body is none; `None` where Twilio did not.
    #[must_use]
    pub fn open(&self, claim: Claim<'_>) -> Option<Form> {
        let signature = STANDARD.decode(claim.signature?).ok()?;
        let form = match body_hash(claim.target) {
            Some(hash) => {
                let actual = hex::encode(Sha256::digest(claim.body));
                let same: bool = actual.as_bytes().ct_eq(hash.as_bytes()).into();
                if !same {
                    return None;
                }
                Form::new()
            }
            None if claim.is_form => url::form_urlencoded::parse(claim.body).into_owned().collect(),
            None => return None,
        };
        let suffix = signed_values(&form);
        self.urls(claim.target)
            .iter()
            .any(|url| {
                self.tokens
                    .iter()
                    .any(|token| signs(token, url, &suffix, &signature))
            })
            .then_some(form)
    }

    /// What Twilio may have signed: it leaves a port out, or writes the standard one, and has at times signed the query
    /// as its older libraries encode it.
    fn urls(&self, target: &str) -> Vec<String> {
        let scheme = if self.public_url.is_https() {
            "https"
        } else {
            "http"
        };
        let host = self.public_url.host();
        let mut urls = Vec::with_capacity(4);
        for target in [Some(target.to_owned()), with_legacy_query(target)]
            .into_iter()
            .flatten()
        {
            urls.push(format!("{scheme}://{host}:{}{target}", self.public_url.port()));
            urls.push(format!("{scheme}://{host}{target}"));
        }
        urls
    }
}

fn body_hash(target: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == BODY_HASH)
        .map(|(_, hash)| hash.into_owned())
}

/// Names and values without separators: names in order of their bytes, the values of one name in order and once each.
fn signed_values(form: &[(String, String)]) -> String {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        values.entry(name).or_default().insert(value);
    }
    let mut signed = String::new();
    for (name, values) in values {
        for value in values {
            signed.push_str(name);
            signed.push_str(value);
        }
    }
    signed
}

/// The target with its query decoded and encoded again as `encodeURIComponent` does; `None` where that changes nothing.
fn with_legacy_query(target: &str) -> Option<String> {
    let (path, query) = target.split_once('?')?;
    let mut legacy = String::with_capacity(target.len());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        legacy.push(if legacy.is_empty() { '?' } else { '&' });
        encode_component(&name, &mut legacy);
        legacy.push('=');
        encode_component(&value, &mut legacy);
    }
    let legacy = format!("{path}{legacy}");
    (legacy != target).then_some(legacy)
}

fn encode_component(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push_str(&hex::encode_upper([byte]));
        }
    }
}

/// The signature that Twilio puts on a form that it posts to `url`; none where HMAC takes no such key, and it takes all.
#[must_use]
pub fn sign(token: &SecretString, url: &str, form: &[(String, String)]) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()).ok()?;
    mac.update(url.as_bytes());
    mac.update(signed_values(form).as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

fn signs(token: &SecretString, url: &str, suffix: &str, signature: &[u8]) -> bool {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else {
        return false;
    };
    mac.update(url.as_bytes());
    mac.update(suffix.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests;
