use super::value::{duration, secret};
use crate::admin::PasswordHash;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::time::Duration;

/// `[admin]`: the operator's pages at `/admin`. Without a password there are none.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminConfig {
    /// The password as `phone-verify admin password` prints it: a PHC string of Argon2id.
    #[serde(deserialize_with = "secret::optional")]
    pub password_hash: Option<SecretString>,
    /// How long a log-in lasts.
    #[serde(deserialize_with = "duration::positive")]
    pub session: Duration,
}

impl Default for AdminConfig {
    fn default() -> Self {
        Self {
            password_hash: None,
            // A working day (ASVS 7.3.2 asks for twelve hours at most).
            session: Duration::from_hours(8),
        }
    }
}

impl AdminConfig {
    /// The longest that a log-in may last: NIST SP 800-63B-4, 2.2.3, for what takes one factor and a reauthentication a day.
    pub(super) const LONGEST_SESSION: Duration = Duration::from_hours(24);

    /// The password, where one is set and readable.
    #[must_use]
    pub fn password(&self) -> Option<PasswordHash> {
        PasswordHash::parse(self.password_hash.as_ref()?.expose_secret()).ok()
    }
}
