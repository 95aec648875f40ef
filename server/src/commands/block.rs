use super::{CommandError, FileArgument, logging, runtime};
use crate::admin::By;
use crate::compose::{ComposeError, open_desk};
use crate::numbers;
use clap::Args;
use phone_verify_domain::{PhoneNumber, SiteKey};

/// Which number, and where.
#[derive(Debug, Args)]
pub(super) struct BlockArguments {
    /// The number with its country's calling code, as in +12025550123.
    #[arg(value_name = "NUMBER", allow_hyphen_values = true)]
    number: String,
    /// On this site alone, by its key. Without it: on all sites.
    #[arg(long, value_name = "KEY")]
    site: Option<String>,
    #[command(flatten)]
    file: FileArgument,
}

impl BlockArguments {
    fn parse(&self) -> Result<(PhoneNumber, Option<SiteKey>), CommandError> {
        let parsed = numbers::parse(&self.number, None).map_err(|_| CommandError::Number)?;
        let site = self.site.as_deref();
        let site = site.map(|key| SiteKey::parse(key).ok_or(CommandError::Site));
        Ok((parsed.number, site.transpose()?))
    }
}

/// `phone-verify block NUMBER`
pub(super) fn block(arguments: &BlockArguments) -> Result<(), CommandError> {
    let (number, site) = arguments.parse()?;
    let config = arguments.file.load(None)?;
    let sites = config.sites()?;
    if site.as_ref().is_some_and(|site| sites.get(site).is_none()) {
        return Err(CommandError::Site);
    }
    logging::start(&config.log)?;
    let blocked = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        let blocked = desk.block(By::CommandLine, &number, site.as_ref()).await;
        blocked.map_err(ComposeError::from)
    })?;
    let word = if blocked.is_new {
        "blocked"
    } else {
        "blocked before"
    };
    println!("{word}; {} live verifications ended", blocked.canceled);
    Ok(())
}

/// `phone-verify unblock NUMBER`
pub(super) fn unblock(arguments: &BlockArguments) -> Result<(), CommandError> {
    let (number, site) = arguments.parse()?;
    let config = arguments.file.load(None)?;
    logging::start(&config.log)?;
    let removed = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        let removed = desk.unblock(By::CommandLine, &number, site.as_ref()).await;
        removed.map_err(ComposeError::from)
    })?;
    println!("{}", if removed { "unblocked" } else { "was not blocked" });
    Ok(())
}
