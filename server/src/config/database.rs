use super::value::secret;
use secrecy::SecretString;
use serde::Deserialize;

/// `[database]`: where verifications and limits are kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://` and a path, or `postgres://…`. Without it: the file `phone-verify.db` in `data_dir`.
    /// A secret: it may hold a password.
    #[serde(deserialize_with = "secret::optional")]
    pub url: Option<SecretString>,
}
