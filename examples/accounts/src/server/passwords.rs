//! Passwords: Argon2id with OWASP's parameters (19 MiB, two passes, one lane), a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// KiB of memory: OWASP's Password Storage Cheat Sheet, as of 2025.
const MEMORY: u32 = 19 * 1024;

/// Passes over it.
const PASSES: u32 = 2;

/// How many are computed at once: each takes the memory above and a core.
const AT_ONCE: usize = 4;

/// A password as it was typed; it cannot be printed.
#[derive(Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Password(Zeroizing<String>);

impl From<String> for Password {
    fn from(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }
}

impl Password {
    /// What was typed.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("Argon2: {0}")]
pub struct PasswordError(String);

/// Hashes and compares.
pub(super) struct Passwords {
    argon: Argon2<'static>,
    /// Of a password that nobody has: compared with where there is no user, so that it takes as long.
    nobodys: String,
    places: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, PasswordError> {
        let params =
            Params::new(MEMORY, PASSES, 1, None).map_err(|error| PasswordError(error.to_string()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self {
            nobodys: hash(&argon, b"")?,
            argon,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// The PHC string of a new password, with a salt of its own.
    pub(super) async fn hash(&self, password: Password) -> Result<String, PasswordError> {
        let argon = self.argon.clone();
        self.compute(move || hash(&argon, password.expose().as_bytes()))
            .await?
    }

    /// Whether this is the password; `of` is the user's PHC string. No user has none, and it takes as long to say so.
    pub(super) async fn is_right(&self, password: Password, of: Option<&str>) -> Result<bool, PasswordError> {
        let argon = self.argon.clone();
        let known = of.is_some();
        let phc = of.unwrap_or(&self.nobodys).to_owned();
        let right = self.compute(move || {
            PasswordHash::new(&phc)
                .is_ok_and(|phc| argon.verify_password(password.expose().as_bytes(), &phc).is_ok())
        });
        Ok(right.await? && known)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = self.places.acquire().await;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| PasswordError(error.to_string()))
    }
}

fn hash(argon: &Argon2<'_>, password: &[u8]) -> Result<String, PasswordError> {
    let hashed = argon.hash_password(password);
    hashed
        .map(|phc: PasswordHash| phc.to_string())
        .map_err(|error| PasswordError(error.to_string()))
}
