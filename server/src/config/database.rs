use super::value::{duration, secret};
use crate::store::Patience;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;

/// `[database]`: where verifications and limits are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://` and a path, or `postgres://…`. Without it: the file `phone-verify.db` in `data_dir`.
    /// A secret: it may hold a password.
    #[serde(deserialize_with = "secret::optional")]
    pub url: Option<SecretString>,
    /// How long a request waits for the database; then it is refused with 503.
    #[serde(deserialize_with = "duration::positive")]
    pub patience: Duration,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: None,
            patience: Patience::default().time(),
        }
    }
}

impl DatabaseConfig {
    /// The same as the store's rule.
    #[must_use]
    pub fn patience(&self) -> Patience {
        Patience::of(self.patience)
    }
}
