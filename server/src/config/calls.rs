use serde::Deserialize;

/// `[calls]`: how a code is spoken.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallsConfig {
    /// Whether a key must be pressed before the code is spoken, so that no mailbox hears it; needs `public_url`.
    pub press_key: bool,
}
