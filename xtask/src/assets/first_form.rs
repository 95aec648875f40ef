//! What the loader puts into a page before the wasm is there: the component's first step, drawn by the component itself, and its
//! style sheet.

use std::path::PathBuf;

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process::{cargo, read};

/// By this name the loader imports it.
pub const NAME: &str = "phone-verify-first-form";

/// By this name what comes with the glue imports its style sheet.
pub const STEPS: &str = "phone-verify-steps";

/// Writes the module: what `app/src/first_form` says, and `CSS`.
///
/// # Errors
/// The component does not compile, or the file cannot be written.
pub fn module(paths: &Paths, css: &str) -> Result<PathBuf> {
    let mut text = read(&mut cargo(
        &paths.root,
        [
            "run",
            "--quiet",
            "--package",
            "phone-verify-app",
            "--features",
            "ssr",
            "--bin",
            "first-form",
        ],
    ))?;
    text.push_str(&constant("CSS", css)?);
    let file = paths.work().join("first-form.js");
    std::fs::write(&file, text).at(&file)?;
    Ok(file)
}

/// Writes the module with the style sheet of all that comes later, `STEPS`.
///
/// # Errors
/// The file cannot be written.
pub fn steps(paths: &Paths, css: &str) -> Result<PathBuf> {
    let file = paths.work().join("steps.js");
    std::fs::write(&file, constant("STEPS", css)?).at(&file)?;
    Ok(file)
}

fn constant(name: &str, text: &str) -> Result<String> {
    let text =
        serde_json::to_string(text.trim()).map_err(|error| Error::Other(format!("{name}: {error}")))?;
    Ok(format!("export const {name} = {text};\n"))
}
