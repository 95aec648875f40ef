use crate::random::{Random, RandomError};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// 32 secret bytes: a master key, or a key derived from one. Wiped when dropped, and never printed.
#[derive(Clone)]
pub(super) struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// Draws a new one.
    pub(super) fn draw(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// Reads 64 hexadecimal digits, or base64 of 32 bytes in either alphabet.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        if hex::decode_to_slice(text, &mut *bytes).is_ok() {
            return Some(Self(bytes));
        }
        let unpadded = text.trim_end_matches('=');
        let decoded = [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD]
            .into_iter()
            .find_map(|engine| engine.decode(unpadded).ok().map(Zeroizing::new))?;
        (decoded.len() == 32).then(|| {
            bytes.copy_from_slice(&decoded);
            Self(bytes)
        })
    }

    /// What [`SecretKey::parse`] reads, for a key file.
    pub(super) fn to_text(&self) -> SecretString {
        STANDARD.encode(self.0.as_slice()).into()
    }

    /// The bytes, for the cipher.
    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key of its own for one purpose and scope (HKDF-SHA-256, RFC 5869): knowing one tells nothing of another.
    #[expect(
        clippy::expect_used,
        reason = "32 bytes are fewer than the 255 blocks that HKDF yields"
    )]
    pub(super) fn derive(&self, purpose: &str, scope: &[u8]) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        let mut info = b"phone-verify/1".to_vec();
        length_prefixed(&[purpose.as_bytes(), scope], |part| info.extend_from_slice(part));
        Hkdf::<Sha256>::new(None, &*self.0)
            .expand(&info, &mut *bytes)
            .expect("32 bytes are not too many");
        Self(bytes)
    }

    /// The same key, ready for MACs.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    pub(super) fn for_macs(&self) -> MacKey {
        MacKey(Hmac::new_from_slice(&*self.0).expect("every length will do"))
    }
}

/// A key that makes MACs: what HMAC does with the key itself is done.
pub(super) struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// HMAC-SHA-256 (RFC 2104) of the parts, each preceded by its length, so that no two lists of parts meet in one text.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        length_prefixed(parts, |part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

fn length_prefixed(parts: &[&[u8]], mut push: impl FnMut(&[u8])) {
    for part in parts {
        push(&(part.len() as u64).to_be_bytes());
        push(part);
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_key_is_read_as_hexadecimal_digits_or_as_base64_of_either_alphabet() {
        let bytes = [0xfb; 32];
        for text in [
            hex::encode(bytes),
            STANDARD.encode(bytes),
            URL_SAFE_NO_PAD.encode(bytes),
            format!("  {}\n", STANDARD.encode(bytes)),
        ] {
            assert_eq!(SecretKey::parse(&text).unwrap().expose(), &bytes, "{text}");
        }
        for text in [
            "",
            "short",
            &"0".repeat(63),
            &"z".repeat(64),
            &STANDARD.encode([1; 31]),
        ] {
            assert!(SecretKey::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn parts_that_read_alike_when_joined_have_different_macs() {
        let key = key(1).for_macs();
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.mac(&[b"ab"]), key.mac(&[b"ab", b""]));
    }

    #[test]
    fn keys_of_different_purposes_and_scopes_differ() {
        let derived = [
            key(1).derive("a", b""),
            key(1).derive("b", b""),
            key(1).derive("a", b"b"),
            key(1).derive("ab", b""),
            key(2).derive("a", b""),
        ];
        for (i, one) in derived.iter().enumerate() {
            for other in &derived[i + 1..] {
                assert_ne!(one.expose(), other.expose());
            }
        }
    }

    #[test]
    fn a_key_cannot_be_printed() {
        assert_eq!(format!("{:?}", key(1)), "SecretKey(…)");
    }
}
