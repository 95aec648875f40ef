use crate::proof::Asked;
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
    /// From the fourth send of a network in ten minutes on, and of everybody while the deployment has more wrong codes than
    /// `[limits.failed_checks]` allows; twice as much for each further send.
    Auto,
    /// Before every start, but those in a host's session.
    Always,
    /// Never; the default in development.
    Off,
}

impl ChallengeConfig {
    /// Whom work is asked of.
    #[must_use]
    pub fn asked(&self) -> Asked {
        match self.mode {
            ChallengeMode::Auto => Asked::Hot,
            ChallengeMode::Always => Asked::Everybody,
            ChallengeMode::Off => Asked::Nobody,
        }
    }
}

impl Default for ChallengeConfig {
    fn default() -> Self {
        Self {
            mode: ChallengeMode::Auto,
        }
    }
}
