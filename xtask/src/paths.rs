//! Where things lie.

use std::path::{Path, PathBuf};

use crate::error::{AtPath, Result};

/// The folders that the tasks work in.
pub struct Paths {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target folder (`CARGO_TARGET_DIR`, else `target`).
    pub target: PathBuf,
}

impl Paths {
    /// Finds them from this package's own place in the repository.
    ///
    /// # Errors
    /// The repository has been moved since this program was built.
    pub fn find() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = here.canonicalize().at(&here)?;
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { root, target })
    }

    /// What the server embeds: every file at its URL path, and `manifest.json`.
    pub fn embed(&self) -> PathBuf {
        self.target.join("embed")
    }

    /// What examples/accounts gives to browsers.
    pub fn accounts(&self) -> PathBuf {
        self.target.join("accounts")
    }

    /// Intermediate results and stamps of this program.
    pub fn work(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A path as a developer at the root would type it.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}
