use super::{LoggedIn, breakers, decisions, minute, page, unavailable};
use crate::admin::{By, Desk, NumberAction, NumberReport};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::store::{AdminLine, Attempt, BreakerName};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use phone_verify_app::pages::admin::{
    AdminContent, LogRow, NumberButton, NumberFound, NumberPage, SendingRow,
};
use phone_verify_domain::{ErrorCode, SiteKey};

/// `GET /admin/numbers`: asks which.
pub(super) async fn form(State(services): State<Services>, inside: LoggedIn) -> Response {
    let empty = NumberPage {
        sites: keys(&inside.desk),
        ..NumberPage::default()
    };
    page(&services, AdminContent::Number(Box::new(empty)))
}

/// `POST /admin/numbers`: looks a number up or does something with it. The number is in no URL, so in no log and no history.
pub(super) async fn act(
    State(services): State<Services>,
    inside: LoggedIn,
    form: Form,
) -> Result<Response, Problem> {
    let invalid = |detail: &str| Problem::new(ErrorCode::InvalidRequest, detail);
    let button = NumberButton::parse(form.one(NumberButton::FIELD)?)
        .ok_or_else(|| invalid("`do` names no button of the form."))?;
    if button == NumberButton::Erase && form.one("sure")? != "yes" {
        return Err(invalid("`sure` must be `yes` where a number is erased."));
    }
    let typed = form.one("phone_number")?;
    let site = match form.one("site")? {
        "" => None,
        key => {
            let known = SiteKey::parse(key).filter(|key| inside.desk.sites().get(key).is_some());
            Some(known.ok_or_else(|| invalid("`site` names no site."))?)
        }
    };
    let action = match button {
        NumberButton::LookUp => NumberAction::LookUp,
        NumberButton::Unlock => NumberAction::Unlock,
        NumberButton::Block => NumberAction::Block,
        NumberButton::Unblock => NumberAction::Unblock,
        NumberButton::Erase => NumberAction::Erase,
    };
    let done = inside
        .desk
        .number(By::LogIn(inside.session), typed, action, site.as_ref())
        .await;
    let shown = NumberPage {
        typed: typed.to_owned(),
        sites: keys(&inside.desk),
        ..NumberPage::default()
    };
    Ok(match done {
        Ok(Some(report)) => {
            let content = NumberPage {
                found: Some(found(report, &services)),
                done: Some(button),
                ..shown
            };
            page(&services, AdminContent::Number(Box::new(content)))
        }
        Ok(None) => {
            let content = NumberPage {
                is_none: true,
                ..shown
            };
            let mut response = page(&services, AdminContent::Number(Box::new(content)));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
        Err(error) => {
            tracing::error!(%error, "what was asked for on the admin pages may be done in part");
            unavailable(&services)
        }
    })
}

fn keys(desk: &Desk) -> Vec<String> {
    desk.sites().iter().map(|site| site.key.to_string()).collect()
}

fn found(report: NumberReport, services: &Services) -> NumberFound {
    let now = services.clock.now();
    let sending = |attempt: Attempt| SendingRow {
        at: minute(attempt.created_at),
        site: attempt.site.to_string(),
        channel: attempt.channel,
        state: attempt.state,
        reason: attempt.reason,
        status: attempt.status_at(now).as_str(),
    };
    NumberFound {
        mask: report.mask,
        country: report.country,
        blocked: report.blocked,
        blocked_on: report.blocked_on.iter().map(ToString::to_string).collect(),
        opted_out: report.opted_out,
        wait: report
            .wait
            .as_millis()
            .div_ceil(1_000)
            .try_into()
            .unwrap_or(u64::MAX),
        sendings: report.sendings.into_iter().map(sending).collect(),
        decisions: report.decisions.iter().map(decisions::row).collect(),
        log: report.log.iter().map(row).collect(),
    }
}

/// A line of the log, as pages show it.
pub(super) fn row(line: &AdminLine) -> LogRow {
    LogRow {
        at: minute(line.at),
        session: line.session.clone(),
        action: line.action.as_str(),
        site: line.site.as_ref().map(ToString::to_string),
        breaker: line.breaker.map(|name| match name {
            BreakerName::Country(country) => country.to_string(),
            BreakerName::Prefix(_) => format!("prefix {}", breakers::prefix(name).unwrap_or_default()),
        }),
    }
}
