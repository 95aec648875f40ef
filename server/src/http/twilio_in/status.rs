use super::signed::Signed;
use crate::http::services::Services;
use crate::senders::twilio::{Form, Report};
use crate::store::DeliveryReport;
use axum::extract::State;
use http::StatusCode;
use phone_verify_domain::VerificationId;

/// `POST /twilio/messages/status`: 204, whether or not the delivery is known.
pub(super) async fn message(State(services): State<Services>, signed: Signed) -> StatusCode {
    keep(&services, &signed.query, Report::of_message(&signed.form)).await
}

/// `POST /twilio/calls/status`: 204, whether or not the delivery is known.
pub(super) async fn call(State(services): State<Services>, signed: Signed) -> StatusCode {
    keep(&services, &signed.query, Report::of_call(&signed.form)).await
}

async fn keep(services: &Services, query: &Form, report: Option<Report>) -> StatusCode {
    let verification = value(query, "verification").and_then(VerificationId::parse);
    let (Some(id), Some(delivery_id), Some(report)) = (verification, value(query, "delivery"), report) else {
        return StatusCode::NO_CONTENT;
    };
    let report = DeliveryReport {
        id,
        delivery_id: delivery_id.to_owned(),
        sender_reference: report.sid,
        state: report.state,
        reason: report.reason,
        now: services.clock.now(),
    };
    let (state, reason) = (report.state, report.reason);
    match services.store.delivery_report(report).await {
        Ok(moved) => {
            tracing::debug!(verification = %id, %state, ?reason, moved, "Twilio reported");
            StatusCode::NO_CONTENT
        }
        Err(error) => {
            tracing::error!(%error, verification = %id, "a report of Twilio's is not written");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

fn value<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    let (_, value) = form.iter().find(|(key, _)| key == name)?;
    Some(value)
}
