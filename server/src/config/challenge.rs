use serde::Deserialize;

/// `[challenge]`: proof of work before a send.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChallengeConfig {
    /// When it is asked for.
    pub mode: ChallengeMode,
}

/// When proof of work is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChallengeMode {
    /// Where a limit comes near.
    Auto,
    /// Before every send.
    Always,
    /// Never; the default in development.
    Off,
}

impl Default for ChallengeConfig {
    fn default() -> Self {
        Self {
            mode: ChallengeMode::Auto,
        }
    }
}
