use super::access::{Account, Service};
use super::address::Base;
use super::answers::{AccountRefusals, NamedRefusals, ServicePath};
use super::attempts::Meta;
use super::refusal::Refusal;
use super::resource::Empty;
use crate::http::services::Services;
use crate::sites::Site;
use axum::Json;
use axum::extract::State;
use serde::Serialize;

/// More sites than any account speaks for.
const PAGE_SIZE: u32 = 1_000;

/// A site as a Verify service.
#[expect(clippy::struct_excessive_bools, reason = "they are Twilio's")]
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioService)]
pub(super) struct ServiceBody {
    sid: String,
    account_sid: String,
    friendly_name: String,
    code_length: u8,
    lookup_enabled: bool,
    psd2_enabled: bool,
    skip_sms_to_landlines: bool,
    dtmf_input_required: bool,
    tts_name: Option<String>,
    do_not_share_warning_enabled: bool,
    custom_code_enabled: bool,
    push: Empty,
    totp: Empty,
    whatsapp: Empty,
    passkeys: Empty,
    default_template_sid: Option<String>,
    verify_event_subscription_enabled: bool,
    date_created: Option<String>,
    date_updated: Option<String>,
    url: String,
    links: Links,
}

/// Where its parts are.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioServiceLinks)]
struct Links {
    verifications: String,
    verification_checks: String,
}

/// A page of services.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioServices)]
pub(super) struct List {
    services: Vec<ServiceBody>,
    meta: Meta,
}

impl ServiceBody {
    fn of(services: &Services, base: &Base, site: &Site) -> Self {
        let url = base.service(site);
        Self {
            sid: site.sids.service.clone(),
            account_sid: site.sids.account.clone(),
            friendly_name: site.name.clone(),
            code_length: services.engine.code_length(),
            lookup_enabled: false,
            psd2_enabled: false,
            skip_sms_to_landlines: false,
            dtmf_input_required: false,
            tts_name: None,
            do_not_share_warning_enabled: false,
            custom_code_enabled: services.engine.takes_own_codes(),
            push: Empty {},
            totp: Empty {},
            whatsapp: Empty {},
            passkeys: Empty {},
            default_template_sid: None,
            verify_event_subscription_enabled: false,
            date_created: None,
            date_updated: None,
            links: Links {
                verifications: format!("{url}/Verifications"),
                verification_checks: format!("{url}/VerificationCheck"),
            },
            url,
        }
    }
}

/// A site as a service.
///
/// `GET /v2/Services/{VA…}`
#[utoipa::path(
    get,
    path = "/v2/Services/{service}",
    tag = "Twilio Verify",
    operation_id = "fetchService",
    params(ServicePath),
    responses((status = 200, body = ServiceBody), NamedRefusals),
    security(("account" = []))
)]
pub(super) async fn fetch(
    State(services): State<Services>,
    Service { site, .. }: Service,
    base: Base,
) -> Json<ServiceBody> {
    Json(ServiceBody::of(&services, &base, &site))
}

/// The sites that the caller speaks for.
///
/// `GET /v2/Services`: on one page.
#[utoipa::path(
    get,
    path = "/v2/Services",
    tag = "Twilio Verify",
    operation_id = "listServices",
    responses((status = 200, body = List), AccountRefusals),
    security(("account" = []))
)]
pub(super) async fn list(
    State(services): State<Services>,
    account: Account,
    base: Base,
) -> Result<Json<List>, Refusal> {
    let mut sites = account.0;
    sites.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    let url = base.list("Services", std::iter::empty(), PAGE_SIZE, 0);
    Ok(Json(List {
        services: sites
            .iter()
            .map(|site| ServiceBody::of(&services, &base, site))
            .collect(),
        meta: Meta {
            key: "services",
            page: 0,
            page_size: PAGE_SIZE,
            first_page_url: url.clone(),
            previous_page_url: None,
            url,
            next_page_url: None,
        },
    }))
}
