use super::{CommandError, FileArgument, logging, rfc3339, runtime};
use crate::admin::By;
use crate::breakers::Standing;
use crate::clock::{Clock as _, SystemClock};
use crate::compose::open_desk;
use crate::limits::{TrackRecord, Turned};
use crate::store::{BreakerName, KeptBreaker};
use clap::Subcommand;
use phone_verify_domain::Timestamp;

#[derive(Debug, Subcommand)]
pub(super) enum BreakersCommand {
    /// List the breakers of countries and prefixes that have counted sends of the last day, those that are open first.
    List {
        #[command(flatten)]
        file: FileArgument,
    },
    /// Send nothing to the strangers of a country or a prefix, until it is closed again.
    Open {
        /// A country, as in `US`; a number, as in +12025550123, for those that differ from it in their last four digits only; or a
        /// prefix as `list` names it.
        #[arg(value_name = "PLACE", allow_hyphen_values = true)]
        place: String,
        #[command(flatten)]
        file: FileArgument,
    },
    /// Serve the strangers of a country or a prefix again, and begin to count anew.
    Close {
        /// As of `open`.
        #[arg(value_name = "PLACE", allow_hyphen_values = true)]
        place: String,
        #[command(flatten)]
        file: FileArgument,
    },
}

/// `phone-verify breakers list|open|close`
pub(super) fn run(command: BreakersCommand) -> Result<(), CommandError> {
    match command {
        BreakersCommand::List { file } => list(&file),
        BreakersCommand::Open { place, file } => turn(&place, Turned::Opened, &file),
        BreakersCommand::Close { place, file } => turn(&place, Turned::Closed, &file),
    }
}

fn list(file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let kept = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        Ok::<_, CommandError>(desk.breakers().await?)
    })?;
    let now = SystemClock.now();
    for (breaker, standing) in kept.iter().zip(Standing::of_all(&kept, now)) {
        println!("{}", line(breaker, standing, now));
    }
    Ok(())
}

fn line(kept: &KeptBreaker, standing: Standing, now: Timestamp) -> String {
    let TrackRecord { sent, approved } = kept.breaker.counts.of_day(now);
    let each = match kept.name {
        BreakerName::Country(_) => " for each prefix by itself",
        BreakerName::Prefix(_) => "",
    };
    let state = match standing {
        Standing::Closed => "closed".to_owned(),
        Standing::Bad => "stopped while its country is open".to_owned(),
        Standing::OpenByHand { since } => format!("open since {} by hand", rfc3339(since)),
        Standing::Open { since, until } => {
            format!(
                "open{each} since {}, tries again at {}",
                rfc3339(since),
                rfc3339(until)
            )
        }
        Standing::HalfOpen { since, probes } => format!(
            "open{each} since {}, tries: {} of {} approved",
            rfc3339(since),
            probes.approved,
            probes.sent
        ),
    };
    let name = match kept.name {
        BreakerName::Country(country) => country.to_string(),
        BreakerName::Prefix(key) => format!("{} in {}", hex::encode(key.0), kept.country),
    };
    format!("{name}: {state}; {approved} of {sent} sends approved")
}

fn turn(place: &str, turned: Turned, file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    logging::start(&config.log)?;
    if !config.limits.conversion.enabled {
        eprintln!("phone-verify: warning: limits.conversion.enabled is false: no breaker stops anything");
    }
    let moved = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        let moved = desk.turn_breaker(By::CommandLine, place, turned).await?;
        moved.ok_or(CommandError::Place)
    })?;
    let word = match turned {
        Turned::Opened => "open",
        Turned::Closed => "closed",
    };
    println!("{word}{}", if moved { "" } else { " before" });
    Ok(())
}
