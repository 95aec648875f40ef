use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The one account of a fake: who may ask, and by which key its callbacks are signed.
#[derive(Clone)]
pub struct Account {
    /// `AC` and 32 hexadecimal digits.
    pub sid: String,
    /// Goes with the account SID, and signs callbacks.
    pub auth_token: String,
    /// `SK` and 32 hexadecimal digits.
    pub api_key: String,
    /// Goes with the API key.
    pub api_key_secret: String,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            sid: "AC00000000000000000000000000000001".to_owned(),
            auth_token: "fake-auth-token".to_owned(),
            api_key: "SK00000000000000000000000000000002".to_owned(),
            api_key_secret: "fake-api-key-secret".to_owned(),
        }
    }
}

impl Account {
    /// Whether this user with this password may ask.
    pub(crate) fn admits(&self, user: &str, password: &str) -> bool {
        (user == self.sid && password == self.auth_token)
            || (user == self.api_key && password == self.api_key_secret)
    }
}

/// The user and the password of an `Authorization: Basic` header.
pub(crate) fn basic(header: &str) -> Option<(String, String)> {
    let encoded = header.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
