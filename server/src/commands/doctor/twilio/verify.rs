use super::Report;
use crate::config::Config;
use crate::senders::twilio::{Console, Product, ReadError};

/// Whether the Verify service is there, and is set up for the codes that it is to send.
pub(super) async fn examine(console: &Console<'_>, config: &Config, report: &mut Report) {
    const ABOUT: &str = "verify service";
    let Some(sid) = &config.twilio.verify_service_sid else {
        return;
    };
    let service = match console
        .read(Product::Verify, &format!("Services/{sid}"), &[])
        .await
    {
        Ok(read) => read.body,
        Err(ReadError::Refused { status: 404, .. }) => {
            return report.needs(
                ABOUT,
                "the account has no such Verify service: check twilio.verify_service_sid, and the region",
            );
        }
        Err(error) => return report.needs(ABOUT, error.to_string()),
    };
    if config.twilio.verify_custom_code {
        return match service["custom_code_enabled"].as_bool() {
            Some(true) => report.ok(ABOUT, "it sends codes of this server's"),
            Some(false) => report.needs(
                ABOUT,
                "it takes no custom codes: have Twilio allow them for the service, or set twilio.verify_custom_code = false",
            ),
            None => report.note(ABOUT, "Twilio does not tell whether it takes custom codes"),
        };
    }
    match service["code_length"].as_u64() {
        Some(length) if length == u64::from(config.code.length) => {
            report.ok(ABOUT, format!("its codes have {length} digits"));
        }
        Some(length) => report.needs(
            ABOUT,
            format!(
                "its codes have {length} digits, and code.length is {}: no code could be typed in; make them the same",
                config.code.length
            ),
        ),
        None => report.note(ABOUT, "Twilio does not tell how long its codes are"),
    }
}
