use crate::http::v1::verifications;
use crate::http::{health, host, jwks, problem, verify_v2};
use serde_json::Value;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// Everything that other programs may call.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "phone-verify",
        description = "Proves that somebody holds a phone number. Every path under `/v1` refuses with problem details \
                       (RFC 9457), unknown ones with 404 `not_found` and other methods with 405 `method_not_allowed`; \
                       `/v2` has the shape of Twilio Verify v2 and refuses as Twilio does. What a client sends never \
                       leads to a 5xx.",
    ),
    paths(
        verifications::start::start,
        verifications::view::view,
        verifications::cancel::cancel,
        verifications::resend::resend,
        verifications::check::check,
        host::sessions::open,
        host::sessions::state,
        host::redeem::redeem,
        host::site_verify::site_verify,
        host::subjects::claim,
        host::subjects::show,
        host::subjects::release,
        host::erase::erase,
        verify_v2::services::list,
        verify_v2::services::fetch,
        verify_v2::verifications::start,
        verify_v2::verifications::fetch,
        verify_v2::verifications::end,
        verify_v2::checks::check,
        verify_v2::attempts::list,
        verify_v2::attempts::fetch,
        verify_v2::attempts::summary,
        jwks::jwks,
        health::health,
        health::ready,
    ),
    components(schemas(problem::Body<'static>, verify_v2::RefusalBody<'static>)),
    tags(
        (name = "Browser", description = "What the widget speaks: JSON, no cookies, readable from every origin."),
        (name = "Host", description = "For a site's own server, with the site's secret."),
        (name = "Twilio Verify", description = "For programs that were written for Twilio Verify v2: forms in, JSON out."),
        (name = "Tokens", description = "The keys that tokens are checked with."),
        (name = "Operations", description = "For load balancers and orchestrators."),
    ),
    modifiers(&Security, &Licence),
)]
struct Description;

/// How callers say who they are.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (name, scheme, said) in [
            (
                "client_secret",
                HttpAuthScheme::Bearer,
                "`client_secret` of the view that a start answers with: 43 base64url characters.",
            ),
            ("site", HttpAuthScheme::Basic, "Site key and site secret."),
            (
                "account",
                HttpAuthScheme::Basic,
                "Account SID (or site key) and site secret.",
            ),
        ] {
            let mut http = Http::new(scheme);
            http.description = Some(said.to_owned());
            components.add_security_scheme(name, SecurityScheme::Http(http));
        }
    }
}

/// Cargo's word for it is not what the document calls a name.
struct Licence;

impl Modify for Licence {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(licence) = &mut document.info.license {
            licence.identifier = Some(licence.name.clone());
        }
    }
}

/// The document, as JSON.
pub(super) fn document() -> Value {
    // Strings and maps of strings: there is nothing in it that JSON cannot say.
    serde_json::to_value(Description::openapi()).unwrap_or_default()
}
