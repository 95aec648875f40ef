//! Packages from the npm registry, exactly as a lock file names them.

use std::path::Path;
use std::process::Command;

use crate::error::{AtPath, Result};
use crate::paths::Paths;
use crate::process;
use crate::stamp::{Inputs, files, unless_unchanged};

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

/// [`install`] in every folder of the repository that has a lock file: some tests are driven by npm packages.
///
/// # Errors
/// Those of [`install`].
pub fn install_all(paths: &Paths) -> Result<()> {
    for entry in std::fs::read_dir(&paths.root).at(&paths.root)? {
        let part = entry.at(&paths.root)?.path();
        let hidden = part
            .file_name()
            .is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden || !part.is_dir() || part == paths.target || part == paths.root.join("target") {
            continue;
        }
        for file in files(&part)?
            .iter()
            .filter(|file| file.ends_with("package-lock.json"))
        {
            if let Some(folder) = file.parent() {
                install(paths, folder)?;
            }
        }
    }
    Ok(())
}

/// A Node.js program.
pub fn node(folder: &Path) -> Command {
    let mut command = Command::new("node");
    command.current_dir(folder);
    command
}
