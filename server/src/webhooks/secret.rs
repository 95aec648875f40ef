use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretSlice};
use sha2::Sha256;

/// What events are signed with; it cannot be printed.
#[derive(Clone, Debug)]
pub struct WebhookSecret(SecretSlice<u8>);

/// A text that is no such secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `whsec_` and base64 of 24 to 64 bytes")]
pub struct WebhookSecretError;

impl WebhookSecret {
    /// Reads `whsec_` and base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// [`WebhookSecretError`]
    pub fn parse(text: &str) -> Result<Self, WebhookSecretError> {
        let base64 = text.strip_prefix("whsec_").ok_or(WebhookSecretError)?;
        let bytes = STANDARD.decode(base64).map_err(|_| WebhookSecretError)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(WebhookSecretError);
        }
        Ok(Self(bytes.into()))
    }

    /// `webhook-signature` of a body that is sent as `id` at so many seconds since 1970: `v1,` and base64 of HMAC-SHA-256.
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) else {
            return String::new();
        };
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_signs_as_the_specification_s_example() {
        // standard-webhooks/standard-webhooks, libraries' own test vector.
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            secret.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn only_24_to_64_bytes_behind_the_prefix_are_a_secret_and_it_is_not_printed() {
        let of = |length: usize| format!("whsec_{}", STANDARD.encode(vec![7_u8; length]));
        for length in [24, 32, 64] {
            assert!(WebhookSecret::parse(&of(length)).is_ok(), "{length}");
        }
        for text in [of(23), of(65), of(32).replace("whsec_", ""), "whsec_!".to_owned()] {
            assert_eq!(WebhookSecret::parse(&text).err(), Some(WebhookSecretError));
        }
        let printed = format!("{:?}", WebhookSecret::parse(&of(24)).unwrap());
        assert!(
            !printed.contains('7') && printed.contains("REDACTED"),
            "{printed}"
        );
    }
}
