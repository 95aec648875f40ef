//! Skipping work whose inputs have not changed.
//!
//! A stamp is the SHA-256 of everything that a result depends on, kept in a file beside the result.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{AtPath, Result};

/// Collects inputs.
#[derive(Default)]
pub struct Inputs(Sha256);

impl Inputs {
    /// A value, say a version or a flag.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.part(value.as_bytes());
        self
    }

    /// A file, or every file of a folder, by name and content. What is missing counts as missing.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        for file in files(path)? {
            self.part(file.to_string_lossy().as_bytes());
            self.part(&std::fs::read(&file).at(&file)?);
        }
        Ok(self)
    }

    /// The stamp.
    pub fn stamp(self) -> String {
        hex::encode(self.0.finalize())
    }

    fn part(&mut self, bytes: &[u8]) {
        // The length keeps neighbours apart.
        self.0.update(bytes.len().to_be_bytes());
        self.0.update(bytes);
    }
}

/// Every file at or below `path`, sorted, without dependencies that npm has put there.
///
/// # Errors
/// A folder cannot be read.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() || path.file_name().is_some_and(|name| name == "node_modules") {
        return Ok(Vec::new());
    }
    let mut entries = std::fs::read_dir(path)
        .at(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .at(path)?;
    entries.sort();
    let nested = entries
        .iter()
        .map(|entry| files(entry))
        .collect::<Result<Vec<_>>>()?;
    Ok(nested.into_iter().flatten().collect())
}

/// Runs `make` unless the stamp in `file` says that its result is there already; tells which.
///
/// # Errors
/// Those of `make`; the stamp cannot be written.
pub fn unless_unchanged(file: &Path, stamp: &str, make: impl FnOnce() -> Result<()>) -> Result<bool> {
    if std::fs::read_to_string(file).is_ok_and(|kept| kept == stamp) {
        return Ok(false);
    }
    // A run that is cut off must not leave the old stamp beside half of a new result.
    if file.exists() {
        std::fs::remove_file(file).at(file)?;
    }
    make()?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).at(folder)?;
    }
    std::fs::write(file, stamp).at(file)?;
    Ok(true)
}
