use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The right to bring a file's tables up to date, which one process has at a time, until this is dropped or the process ends.
///
/// It is a courtesy: SQLite keeps those who come at once from harm without it, but they wait for each other's locks at every
/// statement, and for some of them not at all.
pub(super) struct Turn {
    _folder: File,
}

impl Turn {
    /// How long another process may take over all its migrations before it is no longer waited for.
    const LONGEST: Duration = Duration::from_mins(1);

    const BETWEEN: Duration = Duration::from_millis(10);

    /// The turn for the database `file`, or nothing where it took too long or where folders cannot be locked.
    ///
    /// The folder is locked and not the file: POSIX takes all locks of a process away when it closes any descriptor of the file,
    /// and SQLite's own are among them (<https://sqlite.org/howtocorrupt.html>, 2.2).
    pub(super) async fn to_open(file: &Path) -> Option<Self> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new("."))).ok()?;
        let begun = Instant::now();
        loop {
            match folder.try_lock() {
                Ok(()) => return Some(Self { _folder: folder }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < Self::LONGEST => {
                    sleep(Self::BETWEEN).await;
                }
                Err(_) => return None,
            }
        }
    }
}
