use super::value::{duration, secret};
use crate::keys::GivenKeys;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;

/// `[keys]`: keys given here, best by variables, instead of files in `keys_dir`. Those that are not given are files.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// Makes number indexes: 32 bytes in base64 or hexadecimal digits.
    #[serde(deserialize_with = "secret::optional")]
    pub index: Option<SecretString>,
    /// Makes limiter keys: as `index`.
    #[serde(deserialize_with = "secret::optional")]
    pub limits: Option<SecretString>,
    /// Makes client secrets and MACs: as `index`.
    #[serde(deserialize_with = "secret::optional")]
    pub client: Option<SecretString>,
    /// Seals codes: as `index`; several as `1:…,2:…`, of which the highest seals.
    #[serde(deserialize_with = "secret::optional")]
    pub sealing: Option<SecretString>,
    /// Signs tokens: a P-256 key as PKCS #8 in PEM.
    #[serde(deserialize_with = "secret::optional")]
    pub signing: Option<SecretString>,
    /// How long a key that `keys rotate` makes lies in `keys_dir` before it is used. Longer than twice `read_every`; hosts keep the
    /// public keys for the rest of it, and for five minutes at most.
    #[serde(deserialize_with = "duration::positive")]
    pub publish_before_use: Duration,
    /// How often running processes read `keys_dir` again.
    #[serde(deserialize_with = "duration::positive")]
    pub read_every: Duration,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self {
            index: None,
            limits: None,
            client: None,
            sealing: None,
            signing: None,
            publish_before_use: Self::PUBLISH_BEFORE_USE,
            read_every: Duration::from_secs(30),
        }
    }
}

impl KeysConfig {
    /// Twice as long as hosts keep the public keys (contract 5).
    pub(super) const PUBLISH_BEFORE_USE: Duration = Duration::from_mins(10);

    /// How long hosts may keep the public keys: a process may publish a new one a reading later than another, and clocks differ.
    #[must_use]
    pub fn may_be_kept_for(&self) -> Duration {
        self.publish_before_use.saturating_sub(self.read_every * 2)
    }

    /// The same for the keys' own reader.
    #[must_use]
    pub fn given(&self) -> GivenKeys {
        GivenKeys {
            index: self.index.clone(),
            limits: self.limits.clone(),
            client: self.client.clone(),
            sealing: self.sealing.clone(),
            signing: self.signing.clone(),
        }
    }
}
