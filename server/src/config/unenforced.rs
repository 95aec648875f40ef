//! Settings that are read and checked, and that this version does not act on yet. Whoever sets one is told at start.

use super::tree::Node;

const SETTINGS: &[&str] = &["http.metrics_listen", "limits.conversion"];

const OF_A_SITE: &[&str] = &["webhook_url", "webhook_secret", "webhook_events"];

/// One line for each such setting that is given.
pub(super) fn warnings(explicit: &Node) -> Vec<String> {
    let mut paths: Vec<String> = SETTINGS.iter().map(|path| (*path).to_owned()).collect();
    let mut index = 0;
    while explicit.at(&format!("sites.{index}")).is_some() {
        paths.extend(OF_A_SITE.iter().map(|name| format!("sites.{index}.{name}")));
        index += 1;
    }
    paths
        .into_iter()
        .filter(|path| explicit.at(path).is_some())
        .map(|path| format!("{path} is set and not enforced yet by this version"))
        .collect()
}
