//! JavaScript and CSS: each entry with all its imports in one small file, by esbuild.

use std::path::{Path, PathBuf};

use crate::error::{AtPath, Error, Result};
use crate::npm;
use crate::process;

/// Browsers of 2022 and later have what the wasm itself needs, too.
const SCRIPT: [&str; 2] = ["--format=esm", "--target=es2022"];

/// esbuild, as the lock file beside this package pins it.
pub struct Bundler {
    tools: PathBuf,
    output: PathBuf,
}

impl Bundler {
    /// Works with the packages installed in `tools`, writes below `output`.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(tools: &Path, output: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&output).at(&output)?;
        Ok(Self {
            tools: tools.to_owned(),
            output,
        })
    }

    /// An ES module that keeps its exports.
    ///
    /// # Errors
    /// The source is missing or wrong.
    pub fn script(&self, entry: &Path) -> Result<Vec<u8>> {
        self.bundle(entry, &SCRIPT)
    }

    /// The same; it imports modules by these names.
    ///
    /// # Errors
    /// The source is missing or wrong.
    pub fn script_with(&self, entry: &Path, modules: &[(&str, &Path)]) -> Result<Vec<u8>> {
        let aliases = modules
            .iter()
            .map(|(name, file)| format!("--alias:{name}={}", file.display()));
        let aliases: Vec<String> = aliases.collect();
        let options: Vec<&str> = SCRIPT
            .into_iter()
            .chain(aliases.iter().map(String::as_str))
            .collect();
        self.bundle(entry, &options)
    }

    /// A style sheet.
    ///
    /// # Errors
    /// The source is missing or wrong.
    pub fn style(&self, entry: &Path) -> Result<Vec<u8>> {
        self.bundle(entry, &["--target=chrome111,firefox113,safari16.4"])
    }

    fn bundle(&self, entry: &Path, options: &[&str]) -> Result<Vec<u8>> {
        if !entry.is_file() {
            return Err(Error::Other(format!("{} does not exist", entry.display())));
        }
        let output = self.output.join(entry.file_name().unwrap_or_default());
        let mut command = npm::node(&self.tools);
        command
            .args([
                "node_modules/esbuild/bin/esbuild",
                "--bundle",
                "--minify",
                "--legal-comments=none",
            ])
            .args(["--charset=utf8", "--log-level=warning"])
            .args(options)
            .arg(format!("--outfile={}", output.display()))
            .arg(entry);
        process::run(&mut command)?;
        std::fs::read(&output).at(&output)
    }
}
