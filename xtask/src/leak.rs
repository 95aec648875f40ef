//! Proof that nothing of the server is in the browser's wasm.

use crate::accounts::ACCOUNTS;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::process::{read, step};
use crate::tools;
use crate::wasm::Door;

/// Crates that only a server has a use for, and the server itself.
const FORBIDDEN: [&str; 10] = [
    "phone-verify",
    "axum",
    "tokio",
    "sqlx",
    "sqlx-core",
    "reqwest",
    "hyper",
    "mio",
    "rustls",
    "aws-lc-rs",
];

/// Asks cargo for everything that each door's wasm is made of.
///
/// # Errors
/// A forbidden crate is among it.
pub fn check(paths: &Paths) -> Result<()> {
    let widget = Door::ALL.map(|door| ("phone-verify-widget", door.feature()));
    let example = (ACCOUNTS, "hydrate");
    for (package, feature) in widget.into_iter().chain([example]) {
        step(&format!(
            "no server crate in the wasm of {package}, feature {feature}"
        ));
        let tree = read(tools::cargo_wasm(&paths.root, "tree", package, feature).args([
            "--edges",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]))?;
        let found = forbidden(&tree);
        if !found.is_empty() {
            return Err(Error::Other(format!(
                "the wasm of {package}, feature {feature}, contains {}",
                found.join(", ")
            )));
        }
    }
    Ok(())
}

fn forbidden(tree: &str) -> Vec<&'static str> {
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    FORBIDDEN
        .into_iter()
        .filter(|forbidden| names.contains(forbidden))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_crate_is_found_by_its_whole_name_only() {
        let tree =
            "phone-verify-widget v0.1.0\ngloo-net v0.7.0\ntokio v1.54.1\nsqlx-core v0.9.0 (*)\ntokio-util v1";
        assert_eq!(forbidden(tree), ["tokio", "sqlx-core"]);
        assert!(forbidden("phone-verify-app v0.1.0\nhyperlink v1").is_empty());
    }
}
