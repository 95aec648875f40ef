use super::access::Service;
use super::address::Base;
use super::answers::{
    EndForm, EndRefusals, NamedRefusals, ServicePath, StartForm, StartRefusals, VerificationPath,
};
use super::fields;
use super::refusal::Refusal;
use super::resource::Verification;
use super::sid;
use crate::http::form::Form;
use crate::http::services::Services;
use crate::metrics::Call;
use crate::verification::{ServiceEnd, ServiceName, ServiceStart};
use axum::Json;
use axum::extract::State;
use http::StatusCode;

/// Starts a verification, or sends its code again.
///
/// `POST …/Verifications`: 201 and the verification, new or the number's live one.
#[utoipa::path(
    post,
    path = "/v2/Services/{service}/Verifications",
    tag = "Twilio Verify",
    operation_id = "createVerification",
    params(ServicePath),
    request_body(content = StartForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, body = Verification), StartRefusals),
    security(("account" = []))
)]
pub(super) async fn start(
    State(services): State<Services>,
    Service { site, .. }: Service,
    base: Base,
    form: Form,
) -> Result<(StatusCode, Json<Verification>), Refusal> {
    let to = fields::number("To", fields::required(&form, "To")?)?;
    let channel = fields::channel(fields::required(&form, "Channel")?)?;
    let code = fields::optional(&form, "CustomCode")?;
    let code = code.map(fields::custom_code).transpose()?;
    if code.is_some() && !services.engine.takes_own_codes() {
        let why = "the sender of this deployment draws the codes itself";
        return Err(Refusal::invalid("CustomCode", why));
    }
    let name = fields::optional(&form, "CustomFriendlyName")?;
    let locale = fields::optional(&form, "Locale")?;
    let address = fields::optional(&form, "DeviceIp")?;
    let start = ServiceStart {
        phone_number: to.expose().to_owned(),
        channel,
        locale: locale.map(fields::locale).transpose()?,
        name: name.map(fields::friendly_name).transpose()?,
        code,
        address: address.map(fields::device_ip).transpose()?,
    };
    let started = Box::pin(services.engine.start_for_service(&site, start));
    let started = services.metrics.call(Call::Start, started).await;
    let history = started.map_err(Refusal::of_start)?;
    let to = to.expose().to_owned();
    let body = Verification::of(&site, &base, &history, to, services.clock.now());
    Ok((StatusCode::CREATED, Json(body)))
}

/// The verification as it stands.
///
/// `GET …/Verifications/{VE… or number}`
#[utoipa::path(
    get,
    path = "/v2/Services/{service}/Verifications/{name}",
    tag = "Twilio Verify",
    operation_id = "fetchVerification",
    params(VerificationPath),
    responses((status = 200, body = Verification), NamedRefusals),
    security(("account" = []))
)]
pub(super) async fn fetch(
    State(services): State<Services>,
    Service { site, name }: Service,
    base: Base,
) -> Result<Json<Verification>, Refusal> {
    let name = named(&name)?;
    let found = services.engine.find_for_service(&site, &name);
    let history = services.metrics.call(Call::View, found).await?;
    let to = shown(&services, &name, &history.record);
    Ok(Json(Verification::of(
        &site,
        &base,
        &history,
        to,
        services.clock.now(),
    )))
}

/// Ends a verification.
///
/// `POST …/Verifications/{VE… or number}`: canceled, or approved because the caller says so.
#[utoipa::path(
    post,
    path = "/v2/Services/{service}/Verifications/{name}",
    tag = "Twilio Verify",
    operation_id = "updateVerification",
    params(VerificationPath),
    request_body(content = EndForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Verification), EndRefusals),
    security(("account" = []))
)]
pub(super) async fn end(
    State(services): State<Services>,
    Service { site, name }: Service,
    base: Base,
    form: Form,
) -> Result<Json<Verification>, Refusal> {
    let end = match fields::required(&form, "Status")? {
        "canceled" => ServiceEnd::Canceled,
        "approved" => ServiceEnd::Approved,
        _ => return Err(Refusal::invalid("Status", "use `canceled` or `approved`")),
    };
    let name = named(&name)?;
    let ended = services.engine.end_for_service(&site, &name, end);
    let history = services.metrics.call(Call::End, ended).await?;
    let to = shown(&services, &name, &history.record);
    Ok(Json(Verification::of(
        &site,
        &base,
        &history,
        to,
        services.clock.now(),
    )))
}

/// What a path names a verification by. What cannot be a name is answered as one that nobody has.
fn named(text: &str) -> Result<ServiceName, Refusal> {
    match sid::verification(text) {
        Some(id) => Ok(ServiceName::Id(id)),
        None => fields::number("To", text)
            .map(ServiceName::Number)
            .map_err(|_| Refusal::not_found()),
    }
}

/// The number as the caller gave it; else as it is kept.
fn shown(services: &Services, name: &ServiceName, record: &crate::store::Record) -> String {
    match name {
        ServiceName::Number(number) => number.expose().to_owned(),
        ServiceName::Id(_) => services.engine.number_shown(record),
    }
}
