use crate::random::RandomError;
use std::path::{Path, PathBuf};

/// Why the keys cannot be used; the text says what to do about it and holds nothing secret.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file or the folder cannot be read or written.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder or a file in it is open to other users of the machine.
    #[error("{path} is open to other users (mode {mode:04o}): run `chmod {wanted:o} {path}`", path = .path.display())]
    Open {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they must be.
        wanted: u32,
    },
    /// A key does not have the form of one.
    #[error("{origin} is not {wanted}")]
    Malformed {
        /// The file, or the name of the setting.
        origin: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// There is no key of this purpose any more.
    #[error("there is no {0} key")]
    Missing(&'static str),
    /// The keys that rotate are all given by the configuration.
    #[error("keys.signing and keys.sealing are given by the configuration: change them there")]
    NothingToRotate,
    /// No key could be drawn.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// No signing key could be made.
    #[error("no signing key could be made: {0}")]
    Signing(String),
}

impl KeysError {
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }
}
