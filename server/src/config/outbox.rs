use super::value::Count;
use serde::Deserialize;
use std::path::PathBuf;

/// `[outbox]`: the sender of development, which sends nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutboxConfig {
    /// How many of the newest messages `/dev/outbox` shows.
    pub keep: Count,
    /// A file that each message is appended to, one JSON object a line.
    pub file: Option<PathBuf>,
}

impl Default for OutboxConfig {
    fn default() -> Self {
        Self {
            keep: Count::new(1_000),
            file: None,
        }
    }
}
