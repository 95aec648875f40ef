use super::{LoggedIn, page, unavailable};
use crate::admin::{AccountReport, BudgetReport};
use crate::budget::BudgetState;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use phone_verify_app::pages::admin::{AccountRow, AdminContent, BudgetPage, BudgetTables, SendsLeft};
use phone_verify_domain::SiteKey;

/// `GET /admin/budget?site=KEY`: what was spent, and what may be.
pub(super) async fn budget(
    State(services): State<Services>,
    inside: LoggedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Form::of_query(query.as_deref());
    let site = SiteKey::parse(query.one("site")?);
    let site = site.filter(|key| inside.desk.sites().get(key).is_some());
    Ok(match inside.desk.budget(site.as_ref()).await {
        Ok(report) => {
            let content = BudgetPage {
                site: site.map(|key| key.to_string()).unwrap_or_default(),
                sites: inside
                    .desk
                    .sites()
                    .iter()
                    .map(|site| site.key.to_string())
                    .collect(),
                tables: report.map(tables),
            };
            page(&services, AdminContent::Budget(Box::new(content)))
        }
        Err(error) => {
            tracing::error!(%error, "the budget cannot be shown");
            unavailable(&services)
        }
    })
}

fn tables(report: BudgetReport) -> BudgetTables {
    let rows = |accounts: Vec<AccountReport>| accounts.into_iter().map(row).collect();
    BudgetTables {
        currency: report.currency,
        now: rows(report.now),
        days: rows(report.days),
        months: rows(report.months),
    }
}

fn row(report: AccountReport) -> AccountRow {
    let AccountReport {
        account,
        spent,
        limit,
        state,
    } = report;
    AccountRow {
        site: account.scope().to_owned(),
        period: account.period.name,
        left: match state {
            BudgetState::Normal => SendsLeft::All,
            BudgetState::Warn => SendsLeft::AllWithWarning,
            BudgetState::VoiceOff => SendsLeft::Messages,
            BudgetState::KnownOnly => SendsLeft::MessagesToKnown,
            BudgetState::Stop => SendsLeft::None,
        },
        spent: spent.counted.to_string(),
        spent_millionths: spent.counted.as_millionths(),
        priced_millionths: spent.priced.as_millionths(),
        budget: limit.map(|limit| limit.to_string()),
        budget_millionths: limit.map(crate::budget::Money::as_millionths),
        sends: spent.sends,
        priced: spent.priced_sends,
    }
}
