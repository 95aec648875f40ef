use super::value::secret;
use crate::keys::GivenKeys;
use secrecy::SecretString;
use serde::Deserialize;

/// `[keys]`: keys given here, best by variables, instead of files in `keys_dir`. Those that are not given are files.
#[derive(Clone, Debug, Default, Deserialize)]
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
}

impl KeysConfig {
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
