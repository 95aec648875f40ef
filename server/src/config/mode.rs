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
