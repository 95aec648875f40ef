use super::access::Service;
use super::answers::{CheckForm, CheckRefusals, ServicePath};
use super::fields;
use super::refusal::Refusal;
use super::resource::VerificationCheck;
use super::sid;
use crate::http::form::Form;
use crate::http::services::Services;
use crate::metrics::Call;
use crate::verification::ServiceName;
use axum::Json;
use axum::extract::State;

/// Compares a code.
///
/// `POST …/VerificationCheck`: 200, also for a wrong code.
#[utoipa::path(
    post,
    path = "/v2/Services/{service}/VerificationCheck",
    tag = "Twilio Verify",
    operation_id = "createVerificationCheck",
    params(ServicePath),
    request_body(content = CheckForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = VerificationCheck), CheckRefusals),
    security(("account" = []))
)]
pub(super) async fn check(
    State(services): State<Services>,
    Service { site, .. }: Service,
    form: Form,
) -> Result<Json<VerificationCheck>, Refusal> {
    let code = fields::required(&form, "Code")?;
    let number = fields::optional(&form, "To")?;
    let number = number.map(|text| fields::number("To", text)).transpose()?;
    let name = match (fields::optional(&form, "VerificationSid")?, &number) {
        (Some(text), _) => ServiceName::Id(sid::verification(text).ok_or_else(Refusal::not_found)?),
        (None, Some(number)) => ServiceName::Number(number.clone()),
        (None, None) => return Err(Refusal::missing("To or VerificationSid")),
    };
    let checked = services
        .engine
        .check_for_service(&site, &name, code, number.as_ref());
    let checked = services.metrics.call(Call::Check, checked).await?;
    let to = match &number {
        Some(number) => number.expose().to_owned(),
        None => services.engine.number_shown(&checked.history.record),
    };
    Ok(Json(VerificationCheck::of(
        &site,
        &checked.history,
        to,
        checked.status,
    )))
}
