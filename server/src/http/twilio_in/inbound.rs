use super::signed::Signed;
use crate::http::services::Services;
use crate::senders::twilio::twiml;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

/// `POST /twilio/messages/inbound`: somebody wrote to the sending number.
pub(super) async fn message(State(services): State<Services>, _: Signed) -> Response {
    xml(twiml::answer_message(
        services.twilio.incoming_response.as_deref(),
    ))
}

/// `POST /twilio/calls/inbound`: somebody calls the sending number.
pub(super) async fn call(State(services): State<Services>, _: Signed) -> Response {
    xml(twiml::answer_call(services.twilio.incoming_response.as_deref()))
}

fn xml(twiml: String) -> Response {
    ([(CONTENT_TYPE, "text/xml")], twiml).into_response()
}
