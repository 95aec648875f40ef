//! Packages from the Python registry, exactly as requirements name them.

use std::path::PathBuf;
use std::process::Command;

use crate::error::Result;
use crate::paths::Paths;
use crate::process;
use crate::stamp::{Inputs, unless_unchanged};
use crate::tools;

/// Python of an environment of this name that holds what these files of the repository require.
///
/// # Errors
/// Python is missing, or a package cannot be had.
pub fn environment(paths: &Paths, name: &str, requirements: &[&str]) -> Result<PathBuf> {
    tools::python()?;
    let files: Vec<PathBuf> = requirements.iter().map(|file| paths.root.join(file)).collect();
    let stamp = files
        .iter()
        .try_fold(Inputs::default(), |inputs, file| inputs.path(file))?
        .stamp();
    let folder = paths.work().join("python").join(name);
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    unless_unchanged(&folder.join("installed"), &stamp, || {
        process::step(&format!("Python packages of {}", requirements.join(", ")));
        process::run(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        for file in &files {
            pip.arg("--requirement").arg(file);
        }
        process::run(&mut pip)
    })?;
    Ok(python)
}
