use super::{CommandError, FileArgument, logging, runtime};
use crate::admin::By;
use crate::compose::{ComposeError, open_desk};
use crate::numbers;

/// `phone-verify erase NUMBER`
pub(super) fn run(number: &str, file: &FileArgument) -> Result<(), CommandError> {
    let number = numbers::parse(number, None)
        .map_err(|_| CommandError::Number)?
        .number;
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let rows = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        let rows = desk.erase(By::CommandLine, &number).await;
        rows.map_err(ComposeError::from)
    })?;
    println!("{rows} rows erased");
    Ok(())
}
