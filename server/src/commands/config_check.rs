use super::{CommandError, FileArgument};
use crate::config::SenderName;

/// `phone-verify config check`
pub(super) fn run(file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    let routes = config.routes();
    println!("the settings are good");
    println!("  mode      {}", config.mode.as_str());
    println!("  listen    {}", config.http.listen);
    println!("  sms       {}", names(&routes.sms));
    println!("  call      {}", names(&routes.call));
    println!("  sites     {}", config.sites.len());
    Ok(())
}

fn names(senders: &[SenderName]) -> String {
    if senders.is_empty() {
        return "not available".to_owned();
    }
    let names: Vec<&str> = senders.iter().map(|sender| sender.as_str()).collect();
    names.join(", then ")
}
