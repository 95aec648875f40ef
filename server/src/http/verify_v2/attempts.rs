use super::access::Account;
use super::address::Base;
use super::answers::{NamedRefusals, QueryRefusals};
use super::fields;
use super::refusal::Refusal;
use super::resource::VerificationAttempt;
use super::sid;
use crate::http::form::Form;
use crate::http::segment::Segment;
use crate::http::services::Services;
use crate::sites::Site;
use crate::store::{Attempt, AttemptFilter, Page};
use axum::Json;
use axum::extract::{RawQuery, State};
use phone_verify_domain::{Channel, Country};
use serde::Serialize;
use std::sync::Arc;

/// Items of a page, unless the caller says otherwise, and at most: Twilio's.
const PAGE_SIZE: u32 = 50;
const MAX_PAGE_SIZE: u32 = 1_000;

/// A list's own page as Twilio tells of it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioPage)]
pub(super) struct Meta {
    pub(super) key: &'static str,
    pub(super) page: u64,
    pub(super) page_size: u32,
    pub(super) first_page_url: String,
    pub(super) previous_page_url: Option<String>,
    pub(super) url: String,
    pub(super) next_page_url: Option<String>,
}

/// A page of attempts.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioVerificationAttempts)]
pub(super) struct List {
    attempts: Vec<VerificationAttempt>,
    meta: Meta,
}

/// How many codes led to an approval.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TwilioVerificationAttemptsSummary)]
pub(super) struct Summary {
    total_attempts: u64,
    total_converted: u64,
    total_unconverted: u64,
    conversion_rate_percentage: String,
    url: String,
}

/// What the summary is filtered by.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes the query, which is read field by field")]
pub(super) struct SummaryQuery {
    /// Only of this service.
    verify_service_sid: Option<String>,
    /// ISO 3166 alpha-2.
    country: Option<String>,
    /// `sms` or `call`; Twilio's others have no attempts here.
    channel: Option<String>,
    /// ISO 8601.
    date_created_after: Option<String>,
    /// ISO 8601.
    date_created_before: Option<String>,
    /// Always refused: numbers are kept as keyed hashes, which have no prefix.
    destination_prefix: Option<String>,
}

/// What the list is filtered by.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes the query, which is read field by field")]
pub(super) struct ListQuery {
    /// Only of this service.
    verify_service_sid: Option<String>,
    /// Only of this verification.
    verification_sid: Option<String>,
    /// Only to this number, in E.164.
    #[param(rename = "ChannelData.To")]
    to: Option<String>,
    /// `converted` or `unconverted`.
    status: Option<String>,
    /// ISO 3166 alpha-2.
    country: Option<String>,
    /// `sms` or `call`; Twilio's others have no attempts here.
    channel: Option<String>,
    /// ISO 8601.
    date_created_after: Option<String>,
    /// ISO 8601.
    date_created_before: Option<String>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 1000)]
    page_size: Option<u32>,
    /// Pages before this one.
    #[param(format = Int64, maximum = 4_294_967_295_u32)]
    page: Option<u32>,
}

/// What the path names.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes the path; `Segment` reads it")]
pub(super) struct AttemptPath {
    /// `VL` and 32 lower-case hexadecimal digits.
    attempt: String,
}

/// Sendings, the newest first.
///
/// `GET /v2/Attempts`
#[utoipa::path(
    get,
    path = "/v2/Attempts",
    tag = "Twilio Verify",
    operation_id = "listAttempts",
    params(ListQuery),
    responses((status = 200, body = List), QueryRefusals),
    security(("account" = []))
)]
pub(super) async fn list(
    State(services): State<Services>,
    account: Account,
    base: Base,
    RawQuery(query): RawQuery,
) -> Result<Json<List>, Refusal> {
    let query = Form::of_query(query.as_deref());
    let mut filter = filter(&account, &query)?;
    filter.verification = match fields::optional(&query, "VerificationSid")? {
        None => None,
        Some(text) => Some(sid::verification(text).ok_or_else(Refusal::not_found)?),
    };
    filter.converted = match fields::optional(&query, "Status")? {
        None => None,
        Some("converted") => Some(true),
        Some("unconverted") => Some(false),
        Some(_) => return Err(Refusal::invalid("Status", "use `converted` or `unconverted`")),
    };
    if let Some(text) = fields::optional(&query, "ChannelData.To")? {
        let number = fields::number("ChannelData.To", text)?;
        filter.numbers = Some(services.engine.indexes_of(&account.0, &number));
    }
    let (size, page) = page_of(&query)?;
    let skip = page.saturating_mul(u64::from(size));
    // One more tells whether there is a next page.
    let asked = Page { skip, size: size + 1 };
    let mut found = services.engine.attempts(filter, asked).await?;
    let has_next = found.len() > size as usize;
    found.truncate(size as usize);
    let url = |page| {
        let filters = query.without(&["PageSize", "Page", "PageToken"]);
        base.list("Attempts", filters, size, page)
    };
    Ok(Json(List {
        attempts: found
            .iter()
            .filter_map(|attempt| shown(&services, &account, &base, attempt))
            .collect(),
        meta: Meta {
            key: "attempts",
            page,
            page_size: size,
            first_page_url: url(0),
            previous_page_url: page.checked_sub(1).map(&url),
            url: url(page),
            next_page_url: has_next.then(|| url(page + 1)),
        },
    }))
}

/// One sending.
///
/// `GET /v2/Attempts/{VL…}`
#[utoipa::path(
    get,
    path = "/v2/Attempts/{attempt}",
    tag = "Twilio Verify",
    operation_id = "fetchAttempt",
    params(AttemptPath),
    responses((status = 200, body = VerificationAttempt), NamedRefusals),
    security(("account" = []))
)]
pub(super) async fn fetch(
    State(services): State<Services>,
    account: Account,
    base: Base,
    Segment(name): Segment,
) -> Result<Json<VerificationAttempt>, Refusal> {
    let filter = AttemptFilter {
        sites: keys(&account.0),
        delivery_id: Some(sid::attempt(&name).ok_or_else(Refusal::not_found)?),
        ..AttemptFilter::default()
    };
    let found = services
        .engine
        .attempts(filter, Page { skip: 0, size: 1 })
        .await?;
    let shown = found
        .first()
        .and_then(|attempt| shown(&services, &account, &base, attempt));
    shown.map(Json).ok_or_else(Refusal::not_found)
}

/// How many codes led to an approval.
///
/// `GET /v2/Attempts/Summary`
#[utoipa::path(
    get,
    path = "/v2/Attempts/Summary",
    tag = "Twilio Verify",
    operation_id = "summariseAttempts",
    params(SummaryQuery),
    responses((status = 200, body = Summary), QueryRefusals),
    security(("account" = []))
)]
pub(super) async fn summary(
    State(services): State<Services>,
    account: Account,
    base: Base,
    RawQuery(query): RawQuery,
) -> Result<Json<Summary>, Refusal> {
    let query = Form::of_query(query.as_deref());
    if fields::optional(&query, "DestinationPrefix")?.is_some() {
        let why = "numbers are kept as keyed hashes, which have no prefix";
        return Err(Refusal::invalid("DestinationPrefix", why));
    }
    let filter = filter(&account, &query)?;
    let count = services.engine.count_attempts(filter).await?;
    Ok(Json(Summary {
        total_attempts: count.all,
        total_converted: count.converted,
        total_unconverted: count.all.saturating_sub(count.converted),
        conversion_rate_percentage: percentage(count.converted, count.all),
        url: base.summary(),
    }))
}

/// What list and summary are both filtered by.
fn filter(account: &Account, query: &Form) -> Result<AttemptFilter, Refusal> {
    let sites = match fields::optional(query, "VerifyServiceSid")? {
        Some(sid) => vec![account.service(sid)?.key.clone()],
        None => keys(&account.0),
    };
    let country = fields::optional(query, "Country")?;
    let country = country
        .map(|code| Country::parse(code).ok_or_else(|| Refusal::invalid("Country", "use ISO 3166 alpha-2")));
    let channel = match fields::optional(query, "Channel")? {
        // Twilio's other channels have no attempts here.
        Some("email" | "whatsapp" | "rbm") => {
            return Ok(AttemptFilter {
                sites: Vec::new(),
                ..AttemptFilter::default()
            });
        }
        Some(text) => {
            Some(Channel::parse(text).ok_or_else(|| Refusal::invalid("Channel", "use `sms` or `call`"))?)
        }
        None => None,
    };
    let moment = |name| {
        let text = fields::optional(query, name)?;
        text.map(|text| fields::moment(name, text)).transpose()
    };
    Ok(AttemptFilter {
        sites,
        country: country.transpose()?,
        channel,
        from: moment("DateCreatedAfter")?,
        until: moment("DateCreatedBefore")?,
        ..AttemptFilter::default()
    })
}

fn keys(sites: &[Arc<Site>]) -> Vec<phone_verify_domain::SiteKey> {
    sites.iter().map(|site| site.key.clone()).collect()
}

fn shown(
    services: &Services,
    account: &Account,
    base: &Base,
    attempt: &Attempt,
) -> Option<VerificationAttempt> {
    let site = account.0.iter().find(|site| site.key == attempt.site)?;
    let to = services.engine.attempted_number_shown(attempt);
    Some(VerificationAttempt::of(
        site,
        base,
        attempt,
        to,
        services.clock.now(),
    ))
}

/// `PageSize` and `Page`.
fn page_of(query: &Form) -> Result<(u32, u64), Refusal> {
    let size = match fields::optional(query, "PageSize")? {
        None => PAGE_SIZE,
        Some(text) => {
            let size = text
                .parse()
                .ok()
                .filter(|size| (1..=MAX_PAGE_SIZE).contains(size));
            size.ok_or_else(|| Refusal::invalid("PageSize", "use 1 to 1000"))?
        }
    };
    let page = match fields::optional(query, "Page")? {
        None => 0,
        // Far beyond what is kept, and far from the end of 64 bits.
        Some(text) => {
            let page: Option<u32> = text.parse().ok();
            page.ok_or_else(|| Refusal::invalid("Page", "use a whole number from 0 on"))?
        }
    };
    Ok((size, u64::from(page)))
}

/// Nine digits behind the point, as Twilio gives them, without those that are zeros.
fn percentage(part: u64, whole: u64) -> String {
    const DIGITS: u128 = 1_000_000_000;
    let scaled = u128::from(part) * 100 * DIGITS;
    let Some(share) = scaled.checked_div(u128::from(whole)) else {
        return "0".to_owned();
    };
    let text = format!("{}.{:09}", share / DIGITS, share % DIGITS);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::percentage;

    #[test]
    fn percentages_are_as_twilio_writes_them() {
        let cases = [
            (9, 11, "81.818181818"),
            (0, 0, "0"),
            (0, 3, "0"),
            (3, 3, "100"),
            (1, 8, "12.5"),
        ];
        for (part, whole, text) in cases {
            assert_eq!(percentage(part, whole), text);
        }
    }
}
