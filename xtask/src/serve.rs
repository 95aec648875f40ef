//! `cargo xtask serve`.

use std::process::Command;

use crate::assets;
use crate::error::Result;
use crate::paths::Paths;
use crate::process::step;
use crate::server::{self, Profile};

/// Builds what has changed and runs the server in development until it is stopped.
///
/// # Errors
/// A build fails, or the server ends with an error.
pub fn run(paths: &Paths, listen: &str) -> Result<()> {
    assets::build(paths)?;
    let binary = server::build(paths, Profile::Debug)?;
    step(&format!("{} serve --listen {listen}", paths.relative(&binary)));
    let mut command = Command::new(binary);
    command
        .current_dir(&paths.root)
        .args(["serve", "--listen", listen]);
    replace(&mut command)
}

/// Becomes the server, so that a signal sent to this process reaches it.
#[cfg(unix)]
fn replace(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(crate::error::Error::Start {
        command: "phone-verify serve".to_owned(),
        source: command.exec(),
    })
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<()> {
    crate::process::run(command)
}
