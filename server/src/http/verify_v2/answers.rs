//! What calls under `/v2` take and refuse, for the description of the API.

use crate::http::openapi::TwilioRefusals;
use std::collections::BTreeMap;
use utoipa::openapi::{RefOr, Response};

/// Every call's.
macro_rules! common {
    ($($more:expr),* $(,)?) => {
        &[
            (401, 20003, "Nobody whom the server knows"),
            (421, 20421, "Another host was meant"),
            (503, 20503, "The database or the provider cannot be asked; nothing was granted"),
            $($more),*
        ]
    };
}

/// Those of calls with a form beside the others.
macro_rules! with_form {
    ($($more:expr),* $(,)?) => {
        common![
            (400, 60200, "A parameter is missing or cannot be used"),
            (404, 20404, "No such service, or no such verification, or one that is over"),
            (408, 20408, "The form did not arrive within 5 seconds"),
            (413, 20413, "The form is larger than 8 KiB"),
            (415, 20415, "Not an unencoded form"),
            $($more),*
        ]
    };
}

macro_rules! answers {
    ($($(#[$meta:meta])* $name:ident = $list:expr;)+) => {$(
        $(#[$meta])*
        pub(super) enum $name {}

        impl utoipa::IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                TwilioRefusals($list).responses()
            }
        }
    )+};
}

answers! {
    /// Where nothing but the caller can be wrong.
    AccountRefusals = common![];
    /// Where the path names something.
    NamedRefusals = common![(400, 60200, "The path cannot be read"), (404, 20404, "Not there, or not the caller's")];
    /// Where a query filters.
    QueryRefusals = common![
        (400, 60200, "A parameter cannot be used"),
        (404, 20404, "No such service or verification"),
    ];
    /// Of a start.
    StartRefusals = with_form![
        (400, 60205, "A landline, which takes no text messages"),
        (400, 21610, "The number has opted out of messages"),
        (403, 60605, "The country is not served"),
        (403, 60410, "The number is blocked"),
        (429, 60203, "All sends of the verification are used up"),
        (429, 20429, "A limit; nothing was spent"),
    ];
    /// Of a check.
    CheckRefusals = with_form![
        (429, 60202, "All checks of the verification are used up"),
        (429, 20429, "A limit; nothing was spent"),
    ];
    /// Of an end.
    EndRefusals = with_form![(429, 60202, "All checks of the verification are used up")];
}

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Service` reads it")]
pub(super) struct ServicePath {
    /// `VA` and 32 hexadecimal digits.
    service: String,
}

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Service` reads it")]
pub(super) struct VerificationPath {
    /// `VA` and 32 hexadecimal digits.
    service: String,
    /// `VE` and 32 hexadecimal digits, or the number in E.164.
    name: String,
}

/// A start.
#[derive(utoipa::ToSchema)]
#[schema(as = TwilioStart, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
pub(super) struct StartForm {
    /// The number in E.164.
    #[schema(example = "+12025550134")]
    to: String,
    /// `sms` or `call`.
    #[schema(value_type = phone_verify_domain::Channel)]
    channel: String,
    /// The message's language, BCP 47.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// 6 to 10 digits.
    #[schema(pattern = "^([0-9]{6,10})?$")]
    custom_code: Option<String>,
    /// What the message calls the site.
    #[schema(max_length = 30)]
    custom_friendly_name: Option<String>,
    /// The user's address, which limits count.
    device_ip: Option<String>,
}

/// A check: of a number's verification, or of one by its SID.
#[derive(utoipa::ToSchema)]
#[schema(as = TwilioCheck, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
pub(super) struct CheckForm {
    /// As typed.
    #[schema(example = "123456")]
    code: String,
    /// The number in E.164.
    to: Option<String>,
    /// `VE` and 32 hexadecimal digits.
    verification_sid: Option<String>,
}

/// An end.
#[derive(utoipa::ToSchema)]
#[schema(as = TwilioEnd, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
pub(super) struct EndForm {
    /// `canceled`, or `approved` because the caller says so.
    #[schema(pattern = "^(canceled|approved)$", example = "canceled")]
    status: String,
}
