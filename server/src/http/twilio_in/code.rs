use super::signed::Signed;
use super::{value, xml};
use crate::http::services::Services;
use crate::numbers;
use crate::senders::twilio::twiml;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use phone_verify_domain::VerificationId;

/// `POST /twilio/calls/code`: somebody pressed a key in one of our calls. This answer alone holds the code, and only while
/// it is good, in a call to the number that is verified.
pub(super) async fn say(State(services): State<Services>, signed: Signed) -> Response {
    let id = value(&signed.query, "verification").and_then(VerificationId::parse);
    let delivery = value(&signed.query, "delivery");
    let (Some(gate), Some(id), Some(delivery)) = (&services.twilio.key_gate, id, delivery) else {
        return xml(twiml::say_goodbye(None));
    };
    let to = match value(&signed.form, "To") {
        None => None,
        Some(text) => match numbers::parse(text, None) {
            Ok(to) => Some(to.number),
            Err(_) => return xml(twiml::say_goodbye(None)),
        },
    };
    let spoken = match services.engine.spoken_code(id, to.as_ref()).await {
        Ok(Some(spoken)) => spoken,
        Ok(None) => return xml(twiml::say_goodbye(None)),
        Err(error) => {
            tracing::error!(%error, verification = %id, "a call cannot be told its code");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let (locale, site) = (spoken.locale.as_deref(), &spoken.site_name);
    let action = gate.action(id, delivery);
    if value(&signed.form, "Digits") == Some(twiml::KEY) {
        xml(twiml::speak_code(locale, site, &spoken.code, Some(&action)))
    } else {
        xml(twiml::ask_for_key(locale, site, &action))
    }
}
