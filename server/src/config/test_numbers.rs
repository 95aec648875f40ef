use serde::Deserialize;

/// `[[test_numbers]]`: numbers to which nothing is sent and that no limit counts. Development only.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestNumber {
    /// In E.164, with `*` for any digits at the end, as in `+1212555*`.
    pub pattern: String,
    /// The code that is right for them.
    pub code: String,
}

impl TestNumber {
    /// Whether the pattern is one.
    pub(super) fn is_pattern(&self) -> bool {
        let Some(digits) = self.pattern.strip_prefix('+') else {
            return false;
        };
        let digits = digits.strip_suffix('*').unwrap_or(digits);
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}
