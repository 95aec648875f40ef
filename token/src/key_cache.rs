use crate::verify::named_key;
use crate::{Claims, Expected, TokenError, VerifyingKeys, verify};

/// How long fetched keys are used, in seconds: what the answer's `Cache-Control` allows.
const KEPT_SECONDS: i64 = 300;

/// How long after a fetch a token with an unknown key may cause another, in seconds: whoever makes up key names must not be
/// able to have them fetched over and over.
const BETWEEN_FETCHES_SECONDS: i64 = 10;

/// A server's published keys, kept by a host between tokens. It fetches nothing itself: the host has an HTTP client.
///
/// ```
/// # use phone_verify_token::{Claims, Clocks, Expect, Expected, JwksError, KeyCache, SigningKey, VerifyingKeys};
/// # let key = SigningKey::generate()?;
/// # let token = key.sign(&Claims {
/// #     iss: "https://verify.example.com".into(), aud: "demo".into(), sub: None, nonce: Some("n-1".into()),
/// #     jti: "1".into(), iat: 1_000, exp: 1_300, phone_number: None, phone_number_index: "ab".into(),
/// #     phone_number_verified: true, phone_verified_at: 1_000, amr: vec!["sms".into()],
/// #     purpose: Some("order".into()), country: "US".into(), origin: None,
/// # })?;
/// # let jwks = VerifyingKeys::from_keys([key.verifying_key()])?.to_jwks();
/// # let fetch = |_: &str| jwks.clone();
/// # let now_seconds = 1_010;
/// let mut keys = KeyCache::default();
/// // For each token:
/// if keys.wants_fetch(&token, now_seconds) {
///     let jwks = fetch("https://verify.example.com/.well-known/jwks.json");
///     keys.keep(VerifyingKeys::from_jwks(&jwks)?, now_seconds);
/// }
/// let expected = Expected {
///     issuer: "https://verify.example.com",
///     audience: "demo",
///     subject: Expect::Absent,
///     nonce: Expect::Exactly("n-1"),
///     purpose: Expect::Exactly("order"),
///     clocks: Clocks::Apart,
/// };
/// let claims = keys.verify(&token, &expected, now_seconds)?;
/// assert_eq!(claims.aud, "demo");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyCache(Option<Fetched>);

#[derive(Clone, Debug)]
struct Fetched {
    keys: VerifyingKeys,
    at: i64,
}

impl KeyCache {
    /// Whether the keys should be fetched before `token` is verified at the moment `now_seconds` (since
    /// 1970-01-01T00:00:00Z): there are none, they are older than five minutes, or the token names one that is not among them
    /// and the last fetch is not just ten seconds ago.
    #[must_use]
    pub fn wants_fetch(&self, token: &str, now_seconds: i64) -> bool {
        let Some(fetched) = &self.0 else { return true };
        // A clock that was set back makes an age of less than nothing.
        let is_younger_than = |seconds| (0..seconds).contains(&now_seconds.saturating_sub(fetched.at));
        let is_unknown = || named_key(token).is_ok_and(|name| fetched.keys.get(&name).is_none());
        !is_younger_than(KEPT_SECONDS) || (!is_younger_than(BETWEEN_FETCHES_SECONDS) && is_unknown())
    }

    /// Keeps keys that were fetched at the moment `now_seconds`, in place of those before.
    pub fn keep(&mut self, keys: VerifyingKeys, now_seconds: i64) {
        self.0 = Some(Fetched {
            keys,
            at: now_seconds,
        });
    }

    /// [`verify()`] with the keys that are kept.
    ///
    /// # Errors
    /// Those of [`verify()`]; [`TokenError::UnknownKey`] where none were ever kept.
    pub fn verify(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now_seconds: i64,
    ) -> Result<Claims, TokenError> {
        let fetched = self.0.as_ref().ok_or(TokenError::UnknownKey)?;
        verify(token, &fetched.keys, expected, now_seconds)
    }
}
