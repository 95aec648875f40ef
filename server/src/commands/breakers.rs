use super::{CommandError, FileArgument, logging, rfc3339, runtime};
use crate::clock::{Clock as _, SystemClock};
use crate::compose::{ComposeError, open_with_keys};
use crate::config::Config;
use crate::keys::Keys;
use crate::limits::{self, BreakerState, Turned};
use crate::numbers;
use crate::store::{BreakerName, BreakerTurn, KeptBreaker, Store};
use clap::Subcommand;
use phone_verify_domain::{Country, Timestamp};
use std::sync::Arc;

/// What is listed at most.
const LISTED: u32 = 1_000;

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
        let (store, _) = open_with_keys(&config).await?;
        store.breakers(LISTED).await.map_err(ComposeError::from)
    })?;
    let now = SystemClock.now();
    for breaker in &kept {
        println!("{}", line(breaker, now));
    }
    Ok(())
}

fn line(kept: &KeptBreaker, now: Timestamp) -> String {
    let (sent, approved) = kept.breaker.counts.total();
    let state = match kept.breaker.state {
        BreakerState::Closed => "closed".to_owned(),
        BreakerState::Open {
            since, until: None, ..
        } => {
            format!("open since {} by hand", rfc3339(since))
        }
        BreakerState::Open {
            since,
            until: Some(until),
            ..
        } if now < until => {
            format!("open since {}, tries again at {}", rfc3339(since), rfc3339(until))
        }
        BreakerState::Open { since, probes, .. } => format!(
            "open since {}, tries: {} of {} approved",
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
    let moved = runtime()?.block_on(turn_at(place, turned, &config))?;
    let word = match turned {
        Turned::Opened => "open",
        Turned::Closed => "closed",
    };
    println!("{word}{}", if moved { "" } else { " before" });
    Ok(())
}

async fn turn_at(place: &str, turned: Turned, config: &Config) -> Result<bool, CommandError> {
    let (store, keys) = open_with_keys(config).await?;
    let (name, country) = named(place, &store, &keys).await?;
    let turn = BreakerTurn {
        name,
        country,
        turned,
    };
    let moved = store.turn_breaker(turn, SystemClock.now()).await;
    Ok(moved.map_err(ComposeError::from)?)
}

async fn named(
    place: &str,
    store: &Arc<dyn Store>,
    keys: &Keys,
) -> Result<(BreakerName, Country), CommandError> {
    if let Some(country) = Country::parse(place) {
        return Ok((BreakerName::Country(country), country));
    }
    if let Some(name) = BreakerName::parse(&format!("prefix {place}")) {
        let kept = store.breakers(LISTED).await.map_err(ComposeError::from)?;
        let found = kept.into_iter().find(|kept| kept.name == name);
        return found.map(|kept| (name, kept.country)).ok_or(CommandError::Place);
    }
    let parsed = numbers::parse(place, None).map_err(|_| CommandError::Place)?;
    let country = parsed.country.ok_or(CommandError::Place)?;
    Ok((
        BreakerName::Prefix(limits::prefix_of(keys, &parsed.number)),
        country,
    ))
}
