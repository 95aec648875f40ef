use super::{CommandError, FileArgument, decisions, logging, rfc3339, runtime};
use crate::admin::{By, NumberAction, NumberReport};
use crate::clock::{Clock as _, SystemClock};
use crate::compose::open_desk;
use clap::Args;

/// Which number.
#[derive(Debug, Args)]
pub(super) struct NumberArguments {
    /// The number with its country's calling code, as in +12025550123.
    #[arg(value_name = "NUMBER", allow_hyphen_values = true)]
    number: String,
    #[command(flatten)]
    file: FileArgument,
}

/// `phone-verify look-up NUMBER`
pub(super) fn look_up(arguments: &NumberArguments) -> Result<(), CommandError> {
    print(&report(arguments, NumberAction::LookUp)?);
    Ok(())
}

/// `phone-verify unlock NUMBER`
pub(super) fn unlock(arguments: &NumberArguments) -> Result<(), CommandError> {
    let report = report(arguments, NumberAction::Unlock)?;
    println!("unlocked; next message possible: {}", wait(&report));
    Ok(())
}

fn report(arguments: &NumberArguments, action: NumberAction) -> Result<NumberReport, CommandError> {
    let config = arguments.file.load(None)?;
    logging::start(&config.log)?;
    runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        let report = desk
            .number(By::CommandLine, &arguments.number, action, None)
            .await?;
        report.ok_or(CommandError::Number)
    })
}

fn print(report: &NumberReport) {
    let country = report.country.map(|country| country.to_string());
    let blocked_on: Vec<String> = report.blocked_on.iter().map(ToString::to_string).collect();
    let blocked = match (report.blocked, blocked_on.is_empty()) {
        (true, _) => "on all sites".to_owned(),
        (false, true) => "no".to_owned(),
        (false, false) => format!("on {}", blocked_on.join(", ")),
    };
    println!("number: {}", report.mask);
    println!("country: {}", country.as_deref().unwrap_or("none"));
    println!("blocked: {blocked}");
    println!("has said STOP: {}", if report.opted_out { "yes" } else { "no" });
    println!("next message possible: {}", wait(report));
    let now = SystemClock.now();
    for sending in &report.sendings {
        let reason = sending.reason.map(|reason| format!(" ({reason})"));
        println!(
            "sending {} {} {}: {}{}; verification {} {}",
            rfc3339(sending.created_at),
            sending.site,
            sending.channel,
            sending.state,
            reason.unwrap_or_default(),
            sending.verification,
            sending.status_at(now),
        );
    }
    for decision in &report.decisions {
        println!("decision {}", decisions::line(decision));
    }
    for line in &report.log {
        println!(
            "log {} {} by {}",
            rfc3339(line.at),
            line.action.as_str(),
            line.session.as_deref().unwrap_or("nobody"),
        );
    }
}

fn wait(report: &NumberReport) -> String {
    match report.wait.as_millis().div_ceil(1_000) {
        0 => "now".to_owned(),
        seconds => format!("in {seconds} s, as far as its own limits go"),
    }
}
