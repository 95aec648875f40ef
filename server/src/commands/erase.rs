use super::{CommandError, FileArgument, logging, runtime};
use crate::compose::{ComposeError, open_with_keys};
use crate::hosts::erase_everywhere;
use crate::numbers;

/// `phone-verify erase NUMBER`
pub(super) fn run(number: &str, file: &FileArgument) -> Result<(), CommandError> {
    let number = numbers::parse(number, None)
        .map_err(|_| CommandError::Number)?
        .number;
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let rows = runtime()?.block_on(async {
        let (store, keys) = open_with_keys(&config).await?;
        let sites = config.sites().map_err(ComposeError::from)?;
        let rows = erase_everywhere(&*store, &keys, &sites, &number).await;
        rows.map_err(ComposeError::from)
    })?;
    println!("{rows} rows erased");
    Ok(())
}
