//! The token of phone-verify: what the server signs when a number is verified, and what a host checks.
//!
//! A token is a JWT, signed with ES256, of the type `pv+jwt`. The server mints it with a [`SigningKey`]; a host
//! verifies it offline with the server's [`VerifyingKeys`] (`/.well-known/jwks.json`) and [`verify()`]; [`KeyCache`] keeps the
//! keys between tokens.
//!
//! ```
//! use phone_verify_token::{Clocks, Expect, Expected, SigningKey, VerifyingKeys, verify};
//! # use phone_verify_token::Claims;
//! # let key = SigningKey::generate()?;
//! # let token = key.sign(&Claims {
//! #     iss: "https://verify.example.com".into(), aud: "demo".into(), sub: None, nonce: Some("n-1".into()),
//! #     jti: "1".into(), iat: 1_000, exp: 1_300, phone_number: None, phone_number_index: "ab".into(),
//! #     phone_number_verified: true, phone_verified_at: 1_000, amr: vec!["sms".into()],
//! #     purpose: Some("order".into()), country: "US".into(), origin: None,
//! # })?;
//! # let jwks = VerifyingKeys::from_keys([key.verifying_key()])?.to_jwks();
//! # let now_seconds = 1_010;
//! let keys = VerifyingKeys::from_jwks(&jwks)?;
//! let expected = Expected {
//!     issuer: "https://verify.example.com",
//!     audience: "demo",
//!     subject: Expect::Any,
//!     nonce: Expect::Exactly("n-1"),
//!     purpose: Expect::Exactly("order"),
//!     clocks: Clocks::Apart,
//! };
//! let claims = verify(&token, &keys, &expected, now_seconds)?;
//! assert_eq!(claims.aud, "demo");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod expected;
mod key_cache;
mod signing;
mod verify;
mod verifying;

pub use claims::Claims;
pub use expected::{Clocks, Expect, Expected};
pub use key_cache::KeyCache;
pub use signing::{KeyError, SigningKey};
pub use verify::{TokenError, verify};
pub use verifying::{JwksError, VerifyingKey, VerifyingKeys};

/// The token's `typ`: no other JWT of this deployment can pass for one of these.
pub const TOKEN_TYPE: &str = "pv+jwt";

/// The longest life of a token, in seconds: an hour, the upper end of a site's `token_ttl`.
pub const LONGEST_LIFE_SECONDS: i64 = 3_600;

/// The Rust of `docs/tokens.md` compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/tokens.md")]
struct TokensPage;
