//! How many files and connections the process may hold.

/// Raises the process' own limit of open files as far as it may: systems begin with 1,024 for programs that use `select`,
/// and every connection is one. That it cannot be raised is no failure; the accept loop waits where there are none left.
#[cfg(unix)]
pub(super) fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // `None` is no limit at all, which some systems do not take for files.
    let wanted = maximum.unwrap_or(MOST).min(MOST);
    if current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit of open files stays as it was");
        }
    }
}

/// Twice the connections that are taken at once, with room for databases and providers.
#[cfg(unix)]
const MOST: u64 = 16_384;

/// There is no such limit here.
#[cfg(not(unix))]
pub(super) fn raise() {}
