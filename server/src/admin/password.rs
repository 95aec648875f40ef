use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;

/// KiB of memory: OWASP's Password Storage Cheat Sheet, as of 2025.
const MEMORY: u32 = 19 * 1024;

/// Passes over it, from the same page.
const PASSES: u32 = 2;

/// A password that is the only lock of a door has so many characters at least (NIST SP 800-63B-4, 3.1.1.2).
pub const SHORTEST: usize = 15;

/// A password as it may be kept: Argon2id's PHC string. It cannot be printed.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

/// A password could not be hashed, or this is no hash of one.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Not a PHC string of Argon2id.
    #[error("expected a PHC string of Argon2id, as `phone-verify admin password` prints it")]
    NoHash,
    /// Too short to be the only lock.
    #[error("a password of {SHORTEST} characters or more is needed")]
    TooShort,
    /// Argon2 gave up.
    #[error("Argon2: {0}")]
    Argon2(String),
}

impl PasswordHash {
    /// Reads a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::NoHash`]
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let parsed = phc::PasswordHash::new(text).map_err(|_| PasswordError::NoHash)?;
        let is_whole = parsed.salt.is_some() && parsed.hash.is_some();
        if parsed.algorithm.as_str() != "argon2id" || !is_whole {
            return Err(PasswordError::NoHash);
        }
        Ok(Self(text.into()))
    }

    /// Hashes a new password under a salt of its own. Takes some 20 ms and 19 MiB.
    ///
    /// # Errors
    /// [`PasswordError::TooShort`], [`PasswordError::Argon2`]
    pub fn of(password: &SecretString) -> Result<Self, PasswordError> {
        let password = password.expose_secret();
        if password.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        let params = Params::new(MEMORY, PASSES, 1, None);
        let params = params.map_err(|error| PasswordError::Argon2(error.to_string()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hashed = argon.hash_password(password.as_bytes());
        let hashed: phc::PasswordHash = hashed.map_err(|error| PasswordError::Argon2(error.to_string()))?;
        Ok(Self(hashed.to_string().into()))
    }

    /// Whether this is the password. Takes as long as hashing it.
    #[must_use]
    pub fn is_of(&self, password: &SecretString) -> bool {
        let parsed = phc::PasswordHash::new(self.0.expose_secret());
        let password = password.expose_secret().as_bytes();
        parsed.is_ok_and(|parsed| Argon2::default().verify_password(password, &parsed).is_ok())
    }

    /// The PHC string, for the operator's settings.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_is_right_and_the_hash_is_not_printed() {
        let hash = PasswordHash::of(&"correct horse battery".into()).unwrap();
        let read = PasswordHash::parse(hash.expose()).unwrap();
        assert!(read.is_of(&"correct horse battery".into()));
        for wrong in [
            "",
            "correct horse batter",
            "Correct horse battery",
            "correct horse battery ",
        ] {
            assert!(!read.is_of(&wrong.into()), "{wrong}");
        }
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
    }

    #[test]
    fn what_is_no_hash_of_argon2id_and_what_is_too_short_are_refused() {
        let hash = PasswordHash::of(&"correct horse battery".into()).unwrap();
        let other = hash.expose().replace("argon2id", "argon2i");
        let cut = hash.expose().rsplit_once('$').unwrap().0.to_owned();
        for text in ["", "correct horse battery", &other, &cut] {
            assert!(PasswordHash::parse(text).is_err(), "{text}");
        }
        assert!(PasswordHash::of(&"fourteen chars".into()).is_err());
    }
}
