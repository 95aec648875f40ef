use super::secret::SecretKey;
use crate::random::{Random, RandomError};
use crate::store::Sealed;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// 192 bits: random nonces of this length do not meet (draft-irtf-cfrg-xchacha-03, 3.1).
const NONCE_LENGTH: usize = 24;

/// Why something is not sealed or not opened.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum SealError {
    /// No nonce could be drawn.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// It is longer than the cipher takes (256 GiB).
    #[error("too long to be sealed")]
    TooLong,
    /// It was sealed under a key that is not here.
    #[error("the sealing key {0} is not here")]
    KeyMissing(u32),
    /// It is another one's, or was altered.
    #[error("what was sealed does not open")]
    Altered,
}

/// Encrypts `plain`, bound to whose it is and the key's id; the result begins with its nonce.
pub(super) fn seal(
    key: &SecretKey,
    key_id: u32,
    owner: &[u8],
    plain: &[u8],
    random: &dyn Random,
) -> Result<Sealed, SealError> {
    let mut nonce = [0; NONCE_LENGTH];
    random.fill(&mut nonce)?;
    let bound = bound_to(owner, key_id);
    let ciphertext = cipher(key).encrypt(
        &XNonce::from(nonce),
        Payload {
            msg: plain,
            aad: &bound,
        },
    );
    let mut bytes = nonce.to_vec();
    bytes.extend(ciphertext.map_err(|_| SealError::TooLong)?);
    Ok(Sealed { key_id, bytes })
}

/// Decrypts what [`seal`] made.
pub(super) fn open(key: &SecretKey, owner: &[u8], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, ciphertext) = sealed
        .bytes
        .split_first_chunk::<NONCE_LENGTH>()
        .ok_or(SealError::Altered)?;
    let bound = bound_to(owner, sealed.key_id);
    cipher(key)
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: ciphertext,
                aad: &bound,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| SealError::Altered)
}

fn cipher(key: &SecretKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

fn bound_to(owner: &[u8], key_id: u32) -> Vec<u8> {
    [owner, &key_id.to_be_bytes()].concat()
}
