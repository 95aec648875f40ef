use super::{LoggedIn, page, second, unavailable};
use crate::decisions::{Decision, Outcome, Rule};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::store::{About, DecisionFilter};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use phone_verify_app::pages::admin::{AdminContent, DecisionOutcome, DecisionRow, DecisionsPage};
use phone_verify_domain::{ErrorCode, SiteKey, VerificationId};

/// Decisions that are shown at once.
const SHOWN: u32 = 200;

/// `GET /admin/decisions?site=KEY&rule=WORD&verification=ID`: what was refused or dropped, and why.
pub(super) async fn decisions(
    State(services): State<Services>,
    inside: LoggedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Form::of_query(query.as_deref());
    let site = parse(&query, "site", SiteKey::parse)?;
    let rule = parse(&query, "rule", Rule::parse)?;
    let verification = parse(&query, "verification", VerificationId::parse)?;
    let filter = DecisionFilter {
        about: verification.map_or(About::Anything, About::Verification),
        site: site.clone(),
        rule,
        since: None,
        at_most: SHOWN,
    };
    Ok(match inside.desk.decisions(filter).await {
        Ok(found) => {
            let sites = inside.desk.sites().iter();
            let content = DecisionsPage {
                site: site.map(|key| key.to_string()).unwrap_or_default(),
                sites: sites.map(|site| site.key.to_string()).collect(),
                rule: rule.map_or("", Rule::as_str),
                rules: Rule::all().map(Rule::as_str).collect(),
                verification: verification.map(|id| id.to_string()).unwrap_or_default(),
                rows: found.iter().map(row).collect(),
            };
            page(&services, AdminContent::Decisions(content))
        }
        Err(error) => {
            tracing::error!(%error, "the decisions cannot be shown");
            unavailable(&services)
        }
    })
}

/// A field that may be empty.
fn parse<T>(query: &Form, name: &str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    match query.one(name)?.trim() {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or_else(|| {
            let detail = format!("`{name}` names nothing.");
            Problem::new(ErrorCode::InvalidRequest, detail)
        }),
    }
}

/// A decision, as pages show it.
pub(super) fn row(decision: &Decision) -> DecisionRow {
    let asked = &decision.asked;
    DecisionRow {
        at: second(decision.at),
        outcome: match decision.outcome {
            Outcome::Allowed => DecisionOutcome::Allowed,
            Outcome::Refused => DecisionOutcome::Refused,
            Outcome::Dropped => DecisionOutcome::Dropped,
        },
        operation: asked.operation.as_str(),
        rule: decision.rule.map(Rule::as_str),
        saw: decision.saw_in_words(),
        site: asked.site.as_ref().map(ToString::to_string),
        channel: asked.channel,
        country: asked.country,
        verification: asked.verification.map(|id| id.to_string()),
        times: decision.times,
    }
}
