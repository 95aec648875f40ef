use super::signed::Signed;
use super::value;
use crate::http::services::Services;
use crate::numbers;
use crate::senders::twilio::{Form, Report};
use crate::store::{DeliveryReport, StoreError};
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
    let written = write(services, id, delivery_id, report).await;
    match written {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::error!(%error, verification = %id, "a report of Twilio's is not written");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

async fn write(
    services: &Services,
    id: VerificationId,
    delivery_id: &str,
    report: Report,
) -> Result<(), StoreError> {
    let now = services.clock.now();
    let to = report.to.as_deref().and_then(|to| numbers::parse(to, None).ok());
    let report = DeliveryReport {
        id,
        delivery_id: delivery_id.to_owned(),
        sender_reference: report.sid,
        state: report.state,
        reason: report.reason,
        now,
    };
    let (state, reason) = (report.state, report.reason);
    let to = to.as_ref().map(|to| &to.number);
    let moved = services.engine.take_report(report, to).await?;
    tracing::debug!(verification = %id, %state, ?reason, moved, "Twilio reported");
    Ok(())
}
