//! What can go wrong here, in the words that the developer reads.

use std::path::{Path, PathBuf};

/// A task that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A program could not be started.
    #[error("cannot run `{command}`: {source}")]
    Start {
        /// The command line.
        command: String,
        /// Why.
        source: std::io::Error,
    },
    /// A program ran and failed; it has printed its own reasons.
    #[error("`{command}` failed ({status})")]
    Failed {
        /// The command line.
        command: String,
        /// Exit code or signal.
        status: std::process::ExitStatus,
    },
    /// Anything else, in a sentence.
    #[error("{0}")]
    Other(String),
}

/// Result of a task.
pub type Result<T> = std::result::Result<T, Error>;

/// Names the file in an I/O error.
pub trait AtPath<T> {
    /// Adds `path` to the error.
    ///
    /// # Errors
    /// The same as before, with the path.
    fn at(self, path: &Path) -> Result<T>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T> {
        self.map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })
    }
}
