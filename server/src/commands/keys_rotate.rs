use super::{CommandError, FileArgument, logging, runtime};
use crate::clock::{Clock as _, SystemClock, rfc3339};
use crate::compose::{ComposeError, open_store};
use crate::config::Config;
use crate::keys;
use crate::random::SystemRandom;
use std::collections::BTreeSet;

/// `phone-verify keys rotate`
pub(super) fn run(file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    logging::start(&config.log)?;
    let (dir, given) = (&config.keys_dir, config.keys.given());
    let publish = config.keys.publish_before_use;
    let made = keys::rotate(dir, &given, &SystemRandom, SystemClock.now(), publish);
    for key in made.map_err(ComposeError::from)? {
        match key.used_from {
            Some(moment) => println!("{}: made; used from {}", key.file, rfc3339(moment)),
            None => println!("{}: made; used at once", key.file),
        }
    }
    let in_use = match runtime()?.block_on(sealing_keys(&config)) {
        Ok(in_use) => Some(in_use),
        // The new keys are there; old files do no harm.
        Err(error) => {
            eprintln!("phone-verify: old sealing keys are kept: {error}");
            None
        }
    };
    let deleted = keys::prune(dir, &given, in_use.as_ref(), SystemClock.now());
    for file in deleted.map_err(ComposeError::from)? {
        println!("{file}: deleted; nothing needs it any more");
    }
    Ok(())
}

/// The sealing keys that something in the database is sealed with.
async fn sealing_keys(config: &Config) -> Result<BTreeSet<u32>, ComposeError> {
    Ok(open_store(config).await?.sealing_keys().await?)
}
