//! What the widget reads in a token: how long it is good. Only a server can tell whether it is true.

use super::json;
use phone_verify_domain::Timestamp;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// The server's default `token_ttl`, for a token that cannot be read.
const DEFAULT_LIFE: u64 = 300;

/// The life of a token that has just been signed, by the signer's clock.
#[must_use]
pub fn life(token: &str) -> Duration {
    let seconds = claims(token).and_then(|claims| {
        let (from, until) = (json::whole(&claims, "iat")?, json::whole(&claims, "exp")?);
        until.checked_sub(from)
    });
    Duration::from_secs(seconds.unwrap_or(DEFAULT_LIFE))
}

/// When a token of unknown age ends; `None` where it is no token.
#[must_use]
pub fn expiry(token: &str) -> Option<Timestamp> {
    let seconds = i64::try_from(json::whole(&claims(token)?, "exp")?).ok()?;
    Some(Timestamp::from_millis(seconds.saturating_mul(1000)))
}

fn claims(token: &str) -> Option<JsValue> {
    let payload = token.split('.').nth(1)?;
    let base64: String = payload
        .chars()
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    // Bytes above 127 come out as other characters, but the numbers asked for are ASCII.
    json::parse(&web_sys::window()?.atob(&base64).ok()?)
}
