use super::signed::Signed;
use super::{value, xml};
use crate::http::services::Services;
use crate::numbers;
use crate::senders::twilio::{Form, opt_out, twiml};
use crate::store::{OptOut, StoreError};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// `POST /twilio/messages/inbound`: somebody wrote to the sending number.
///
/// STOP and START are taken; whoever wrote STOP gets no answer of ours, which Twilio would refuse to send.
pub(super) async fn message(State(services): State<Services>, signed: Signed) -> Response {
    let wish = opt_out(&signed.form);
    if let Some(opt) = wish
        && let Err(error) = take(&services, &signed.form, opt).await
    {
        tracing::error!(%error, "what a number's owner wants is not written");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let answer = services.twilio.incoming_response.as_deref();
    xml(twiml::answer_message(
        answer.filter(|_| wish != Some(OptOut::Stop)),
    ))
}

async fn take(services: &Services, form: &Form, opt: OptOut) -> Result<(), StoreError> {
    let from = value(form, "From").and_then(|from| numbers::parse(from, None).ok());
    let Some(from) = from else {
        return Ok(());
    };
    let sid = value(form, "MessageSid").or_else(|| value(form, "SmsSid"));
    let sid = sid.filter(|sid| !sid.is_empty()).map(str::to_owned);
    let now = services.clock.now();
    services.opt_outs().take(&from.number, opt, sid, now).await
}

/// `POST /twilio/calls/inbound`: somebody calls the sending number.
pub(super) async fn call(State(services): State<Services>, _: Signed) -> Response {
    xml(twiml::answer_call(services.twilio.incoming_response.as_deref()))
}
