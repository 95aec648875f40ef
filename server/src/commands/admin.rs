use super::CommandError;
use crate::admin::PasswordHash;
use clap::Subcommand;
use secrecy::SecretString;
use std::io;

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Read a password from standard input and print the line that lets it open the admin pages.
    Password,
}

/// `phone-verify admin password`
pub(super) fn run(command: &AdminCommand) -> Result<(), CommandError> {
    match command {
        AdminCommand::Password => password(),
    }
}

fn password() -> Result<(), CommandError> {
    eprintln!("A password for the admin pages, then Enter:");
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(CommandError::Input)?;
    let typed = SecretString::from(line.trim_end_matches(['\r', '\n']));
    let hash = PasswordHash::of(&typed)?;
    println!("[admin]\npassword_hash = \"{}\"", hash.expose());
    Ok(())
}
