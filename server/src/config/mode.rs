use serde::Deserialize;

/// What the server is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// On one's own machine: outbox, test numbers, a demo site, wide limits.
    Development,
    /// In earnest: what is dangerous refuses to start.
    Production,
}

impl Mode {
    /// The word of the setting.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}
