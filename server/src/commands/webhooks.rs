use super::{CommandError, FileArgument, logging, rfc3339, runtime};
use crate::clock::{Clock as _, SystemClock};
use crate::compose::{ComposeError, open_store};
use crate::store::{Replay, WebhookState};
use clap::Subcommand;
use phone_verify_domain::SiteKey;

/// What is listed at most.
const LISTED: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum WebhooksCommand {
    /// List the newest events of the last seven days, and where each stands.
    List {
        /// Of this site alone, by its key.
        #[arg(long, value_name = "KEY")]
        site: Option<String>,
        #[command(flatten)]
        file: FileArgument,
    },
    /// Send an event again, or all that were given up. Running servers send it.
    Replay {
        /// The event's `webhook-id`. Without it: all that were given up.
        #[arg(value_name = "ID", conflicts_with = "site")]
        id: Option<String>,
        /// Those of this site alone, by its key.
        #[arg(long, value_name = "KEY")]
        site: Option<String>,
        #[command(flatten)]
        file: FileArgument,
    },
}

/// `phone-verify webhooks list|replay`
pub(super) fn run(command: WebhooksCommand) -> Result<(), CommandError> {
    match command {
        WebhooksCommand::List { site, file } => list(site.as_deref(), &file),
        WebhooksCommand::Replay { id, site, file } => {
            let site = parse(site.as_deref())?;
            replay(id.map_or(Replay::GivenUp(site), Replay::One), &file)
        }
    }
}

fn parse(site: Option<&str>) -> Result<Option<SiteKey>, CommandError> {
    site.map(|key| SiteKey::parse(key).ok_or(CommandError::Site))
        .transpose()
}

fn list(site: Option<&str>, file: &FileArgument) -> Result<(), CommandError> {
    let site = parse(site)?;
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let kept = runtime()?.block_on(async {
        let store = open_store(&config).await?;
        let kept = store.webhooks(site.as_ref(), LISTED).await;
        kept.map_err(ComposeError::from)
    })?;
    for webhook in kept {
        let state = match webhook.state {
            WebhookState::Taken(at) => format!("taken at {}", rfc3339(at)),
            WebhookState::Due(at) => format!("due at {}", rfc3339(at)),
            WebhookState::GivenUp => "given up".to_owned(),
        };
        let answer = webhook
            .last_answer
            .map_or("none".to_owned(), |answer| answer.to_string());
        println!(
            "{} {} {} {}: {state}, {} attempts, last answer {answer}",
            webhook.id,
            rfc3339(webhook.created_at),
            webhook.site,
            webhook.kind.as_str(),
            webhook.attempts,
        );
    }
    Ok(())
}

fn replay(which: Replay, file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let count = runtime()?.block_on(async {
        let store = open_store(&config).await?;
        let count = store.replay_webhooks(which, SystemClock.now()).await;
        count.map_err(ComposeError::from)
    })?;
    println!("{count} are due");
    Ok(())
}
