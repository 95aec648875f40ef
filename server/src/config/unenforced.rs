//! Settings that are read and checked, and that this version does not act on yet. Whoever sets one is told at start.

use super::tree::Node;

const SETTINGS: &[&str] = &["limits.conversion"];

/// One line for each such setting that is given.
pub(super) fn warnings(explicit: &Node) -> Vec<String> {
    SETTINGS
        .iter()
        .filter(|path| explicit.at(path).is_some())
        .map(|path| format!("{path} is set and not enforced yet by this version"))
        .collect()
}
