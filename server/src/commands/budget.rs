use super::{CommandError, FileArgument, logging, runtime};
use crate::admin::{AccountReport, BudgetReport};
use crate::clock::{Clock as _, SystemClock};
use crate::compose::{ComposeError, open_store};
use clap::Subcommand;
use phone_verify_domain::SiteKey;

#[derive(Debug, Subcommand)]
pub(super) enum BudgetCommand {
    /// Print what was spent today and this month (UTC), of all sites and of each, and what that means for further sends.
    Show {
        #[command(flatten)]
        file: FileArgument,
    },
}

/// `phone-verify budget show`
pub(super) fn run(command: &BudgetCommand) -> Result<(), CommandError> {
    let BudgetCommand::Show { file } = command;
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let Some(budgets) = config.budgets() else {
        println!("no budget is set: nothing is counted");
        return Ok(());
    };
    let sites = config.sites()?;
    let reports = runtime()?.block_on(async {
        let store = open_store(&config).await?;
        let reports = BudgetReport::of_now(&*store, &budgets, &sites, SystemClock.now()).await;
        reports.map_err(ComposeError::from)
    })?;
    for report in &reports {
        println!("{}", line(report, &budgets.currency));
    }
    Ok(())
}

fn line(report: &AccountReport, currency: &str) -> String {
    let AccountReport {
        account,
        spent,
        limit,
        state,
    } = report;
    let whose = account.site.as_ref().map_or("all sites", SiteKey::as_str);
    let of = limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
    format!(
        "{whose} {}: {}; {}{of} {currency}, {} sends, {} with a price",
        account.period.name,
        state.as_str(),
        spent.counted,
        spent.sends,
        spent.priced_sends
    )
}
