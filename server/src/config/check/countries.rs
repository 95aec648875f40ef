//! `[twilio.senders]`.

use super::Findings;
use crate::config::Config;
use crate::senders::twilio::{Originator, OriginatorError};

/// Where carriers take no alphanumeric senders at all (Twilio's guidelines by country).
const NO_ALPHANUMERIC: [&str; 3] = ["CA", "PR", "US"];

pub(super) fn check(config: &Config, findings: &mut Findings) {
    for (country, sender) in &config.twilio.senders {
        let name = format!("twilio.senders.{country}");
        if phone_verify_domain::Country::parse(country).is_none() {
            findings.refuse(format!("{name}: expected two letters, as in \"GB\""));
        }
        match Originator::parse(sender) {
            Ok(Originator::Service(_)) => {}
            Ok(Originator::From(from)) => {
                let has_letters = from.bytes().any(|byte| byte.is_ascii_alphabetic());
                if has_letters && NO_ALPHANUMERIC.contains(&country.to_ascii_uppercase().as_str()) {
                    findings.warn(format!(
                        "{name}: carriers there take messages from numbers only: name a number or a messaging service"
                    ));
                }
            }
            Err(OriginatorError) => findings.refuse(format!("{name}: {OriginatorError}")),
        }
    }
}
