//! What only a browser has: its JSON, its storage, its languages, its clock.

pub mod acting;
pub mod json;
pub mod locale;
pub mod storage;
pub mod token;

use phone_verify_domain::Timestamp;

/// The browser's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit an i64 for ever"
    )]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// A fresh name for a sending call: 128 random bits in hexadecimal digits. Whoever knows it and the request gets the same
/// answer, so it must not be guessed.
#[must_use]
pub fn idempotency_key() -> String {
    let mut bytes = [0; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It fails for more than 65,536 bytes only.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
