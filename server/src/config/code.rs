use super::value::duration;
use phone_verify_domain::CodePolicy;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// `[code]`: the digits and the message that carries them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CodeConfig {
    /// How many digits: 6 to 10.
    pub length: u8,
    /// How long a code is good: ten minutes at most (ASVS 6.5.5).
    #[serde(deserialize_with = "duration::positive")]
    pub ttl: Duration,
    /// Text messages by language (BCP 47), as in `template.en`. `{code}` is the code and must be there, `{site}` the site's
    /// name; one segment must hold it all.
    pub template: BTreeMap<String, String>,
}

impl Default for CodeConfig {
    fn default() -> Self {
        Self {
            length: 6,
            ttl: Duration::from_mins(10),
            template: BTreeMap::new(),
        }
    }
}

impl CodeConfig {
    /// The same as a rule.
    #[must_use]
    pub fn policy(&self) -> CodePolicy {
        CodePolicy {
            length: self.length,
            ttl: self.ttl,
        }
    }
}
