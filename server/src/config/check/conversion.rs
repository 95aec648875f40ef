use super::Findings;
use crate::config::{Config, Conversion};

/// The breaker judges what it can have seen.
pub(super) fn check(config: &Config, findings: &mut Findings) {
    let conversion = &config.limits.conversion;
    if conversion.window > Conversion::LONGEST_WINDOW {
        findings.refuse("limits.conversion.window: expected \"24h\" or less");
    }
    if conversion.answer_after >= conversion.window {
        findings.refuse("limits.conversion.answer_after: expected less than limits.conversion.window");
    }
    let shares = [
        ("prefix_percent", conversion.prefix_percent),
        ("country_percent", conversion.country_percent),
    ];
    for (name, share) in shares {
        if share.get() > 100 {
            findings.refuse(format!("limits.conversion.{name}: expected 1 to 100"));
        }
    }
}
