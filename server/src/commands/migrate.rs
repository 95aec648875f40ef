use super::{CommandError, FileArgument, logging, runtime};
use crate::compose::open_store;

/// `phone-verify migrate`
pub(super) fn run(file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    logging::start(&config.log)?;
    runtime()?.block_on(open_store(&config))?;
    println!("the database is up to date");
    Ok(())
}
