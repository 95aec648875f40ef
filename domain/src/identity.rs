use crate::Timestamp;
use std::fmt::{self, Write as _};

/// The public name of a site: one customer page or app.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteKey(String);

impl SiteKey {
    /// Reads a site key: 1 to 64 letters, digits, `-`, `_` or `.`.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        ((1..=64).contains(&key.len()) && key.bytes().all(allowed)).then(|| Self(key.to_owned()))
    }

    /// The key as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names a verification: 32 lower-case hexadecimal digits. It is a name, not a right (ASVS 11.5.1).
///
/// The first four digits are the minute, so that verifications of one time lie side by side in a database's indexes, however many old
/// ones there are (the reason of RFC 9562 for UUIDs of version 7); the others are 112 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerificationId([u8; 16]);

impl VerificationId {
    /// The id of a verification that begins now, of random bytes.
    #[must_use]
    pub fn new(now: Timestamp, mut random: [u8; 16]) -> Self {
        let minute = now.as_seconds().div_euclid(60).to_be_bytes();
        // It comes again after 45 days, when the rows of the last time are gone.
        random[..2].copy_from_slice(&minute[6..]);
        Self(random)
    }

    /// The id of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let text: &[u8; 32] = text.as_bytes().try_into().ok()?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for VerificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                f.write_char(char::from(b"0123456789abcdef"[usize::from(digit)]))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for VerificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationId({self})")
    }
}

/// The right to act on one verification: 43 base64url characters, derived by the server, never stored by it.
#[derive(Clone)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Reads 43 base64url characters; anything else is malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == 43 && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// What the client names a sending call by, so that a repeat sends nothing again: 16 to 64 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads 16 to 64 visible ASCII characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ((16..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| Self(text.to_owned()))
    }

    /// The key as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_verification_id_survives_printing_and_reading() {
        let id = VerificationId::from_bytes(*b"0123456789abcdef");
        assert_eq!(VerificationId::parse(&id.to_string()), Some(id));
        for text in [
            "",
            "30",
            &"G".repeat(32),
            &"A".repeat(32),
            &"0".repeat(33),
            "é0303030303030303030303030303030",
        ] {
            assert_eq!(VerificationId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ids_of_one_minute_begin_alike_and_differ_in_all_else() {
        let at = Timestamp::from_millis(1_800_000_000_000);
        let [one, other] = [[1; 16], [2; 16]].map(|random| VerificationId::new(at, random));
        assert_eq!(one.as_bytes()[..2], other.as_bytes()[..2]);
        assert_eq!(
            (&one.as_bytes()[2..], &other.as_bytes()[2..]),
            (&[1; 14][..], &[2; 14][..])
        );
        let later = VerificationId::new(at + Duration::from_mins(1), [1; 16]);
        assert_eq!(
            later.as_bytes()[..2],
            (u16::from_be_bytes([one.0[0], one.0[1]]) + 1).to_be_bytes()
        );
        // A clock before 1970 is a clock, too.
        let before = VerificationId::new(Timestamp::from_millis(-1), [0; 16]);
        assert_eq!(before.as_bytes()[..2], [0xff, 0xff]);
    }

    #[test]
    fn a_client_secret_is_43_base64url_characters_and_cannot_be_printed() {
        let secret = ClientSecret::parse(&"a".repeat(43)).unwrap();
        assert_eq!(format!("{secret:?}"), "ClientSecret(…)");
        for text in [
            "",
            &"a".repeat(42),
            &"a".repeat(44),
            &"=".repeat(43),
            &"+".repeat(43),
        ] {
            assert!(ClientSecret::parse(text).is_none());
        }
    }

    #[test]
    fn an_idempotency_key_is_16_to_64_visible_characters() {
        assert!(IdempotencyKey::parse(&"k".repeat(16)).is_some());
        assert!(IdempotencyKey::parse(&"k".repeat(64)).is_some());
        for text in [
            &"k".repeat(15),
            &"k".repeat(65),
            "0123456789 abcdef",
            "0123456789abcdeé",
        ] {
            assert!(IdempotencyKey::parse(text).is_none());
        }
    }
}
