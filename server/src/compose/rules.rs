//! What the settings mean to the engine: the rules that it follows.

use crate::config::{Config, LimitsConfig, Mode};
use crate::limits::Limits;
use crate::numbers::TestNumbers;
use phone_verify_domain::{Code, Policy, SendPolicy};
use std::time::Duration;

/// How long a delivery may be `sending` before it counts as `unknown` (contract 1).
const SENDING_LEASE: Duration = Duration::from_secs(30);

/// Codes, checks and sends of one verification.
pub(super) fn policy(config: &Config) -> Policy {
    Policy {
        code: config.code.policy(),
        checks: config.limits.checks.policy(),
        sends: SendPolicy {
            per_verification: config.limits.sends.per_verification.get(),
            pending_per_number: config.limits.number.pending.get(),
            lease: SENDING_LEASE,
        },
    }
}

/// What may be sent and checked, as the settings say.
#[must_use]
pub fn limits(limits: &LimitsConfig) -> Limits {
    Limits {
        number: limits.number.windows(),
        lock: limits.lock(),
        subject: limits.subject.windows(),
        checks_per_subject_per_day: limits.subject.checks_per_day.get(),
        address: limits.address.windows(),
        checks_per_address: limits.address.check_windows(),
        prefix: limits.prefix.windows(),
        country: limits.country.windows(),
        site: limits.site.windows(),
        deployment: limits.deployment.windows(),
        failed_checks: limits.failed_checks.windows(),
        conversion: limits.conversion.rule(),
    }
}

/// The test numbers of development; production has none, whatever its settings were changed to.
pub(super) fn test_numbers(config: &Config) -> TestNumbers {
    if config.mode == Mode::Production {
        return TestNumbers::default();
    }
    let length = config.code.length;
    let patterns = config.test_numbers.iter().filter_map(|test| {
        let code = Code::parse(&test.code, length).ok()?;
        Some((test.pattern.as_str(), code))
    });
    TestNumbers::new(patterns)
}
