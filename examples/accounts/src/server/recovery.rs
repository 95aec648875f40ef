//! Recovery codes: 80 random bits each, of which the database has a hash.

use base64::Engine as _;
use phone_verify::random::{Random, RandomError};
use sha2::{Digest as _, Sha256};

/// How many a user gets.
const HOW_MANY: usize = 10;

/// Letters and digits that nobody mistakes for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What is kept of a code.
pub(super) type CodeHash = Vec<u8>;

/// New codes, to be shown once.
pub(super) fn draw(random: &dyn Random) -> Result<Vec<String>, RandomError> {
    (0..HOW_MANY).map(|_| draw_one(random)).collect()
}

fn draw_one(random: &dyn Random) -> Result<String, RandomError> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    let mut code = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// The hash of a code, however it was typed.
pub(super) fn hash(code: &str) -> CodeHash {
    let typed = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = typed.map(|letter| letter.to_ascii_lowercase()).collect();
    Sha256::digest(plain).to_vec()
}

/// A value that nobody guesses, as text.
pub(super) fn secret(random: &dyn Random) -> Result<String, RandomError> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    Ok(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use phone_verify::random::SystemRandom;

    #[test]
    fn a_code_is_the_same_however_it_is_typed_and_no_two_are() {
        let codes = draw(&SystemRandom).unwrap();
        let distinct: std::collections::HashSet<_> = codes.iter().map(|code| hash(code)).collect();
        assert_eq!(distinct.len(), HOW_MANY);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        assert_eq!(
            hash(code),
            hash(&format!(" {} ", code.to_uppercase().replace('-', " ")))
        );
        assert_ne!(hash(code), hash(&code[1..]));
    }
}
