//! Packages from the npm registry, exactly as a lock file names them.

use std::path::Path;
use std::process::Command;

use crate::error::Result;
use crate::paths::Paths;
use crate::process;
use crate::stamp::{Inputs, unless_unchanged};

/// Makes `folder/node_modules` what `folder/package-lock.json` says, if it is not that already.
///
/// # Errors
/// npm is missing or fails.
pub fn install(paths: &Paths, folder: &Path) -> Result<()> {
    let stamp = Inputs::default().path(&folder.join("package-lock.json"))?.stamp();
    unless_unchanged(&folder.join("node_modules/.installed"), &stamp, || {
        process::step(&format!("npm packages of {}: `npm ci`", paths.relative(folder)));
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        // No package that is used here needs its install script.
        process::run(Command::new(npm).current_dir(folder).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))
    })?;
    Ok(())
}

/// A Node.js program.
pub fn node(folder: &Path) -> Command {
    let mut command = Command::new("node");
    command.current_dir(folder);
    command
}
