use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::collections::{BTreeMap, BTreeSet};

/// `X-Twilio-Signature`: HMAC-SHA1 under the auth token of the URL and the form's names and values, names in order of
/// their bytes, the values of one name without repeats and in order.
///
/// # Panics
/// Never: HMAC takes keys of any length.
#[must_use]
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub fn sign(auth_token: &str, url: &str, form: &[(String, String)]) -> String {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form {
        values.entry(name).or_default().insert(value);
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).expect("any key length is taken");
    mac.update(url.as_bytes());
    for (name, values) in values {
        for value in values {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::sign;

    /// The example of Twilio's page "Validate your requests" (docs/usage/security).
    #[test]
    fn the_published_example_comes_out() {
        let form = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", &form),
            "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        );
    }
}
