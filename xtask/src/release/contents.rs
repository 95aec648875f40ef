//! What is in the tarball.

use std::path::Path;

use super::tarball::Files;
use crate::error::{AtPath, Result};
use crate::paths::Paths;

/// Files of the repository, and their places in the tarball.
const FILES: [(&str, &str); 14] = [
    ("README.md", "README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("docs/operations.md", "docs/operations.md"),
    ("docs/configuration.md", "docs/configuration.md"),
    ("docs/monitoring/grafana.json", "docs/monitoring/grafana.json"),
    ("docs/monitoring/alerts.yml", "docs/monitoring/alerts.yml"),
    ("examples/deploy/phone-verify.toml", "deploy/phone-verify.toml"),
    ("examples/deploy/environment", "deploy/environment"),
    (
        "examples/deploy/phone-verify.service",
        "deploy/phone-verify.service",
    ),
    ("examples/deploy/Caddyfile", "deploy/Caddyfile"),
    ("examples/deploy/nginx.conf", "deploy/nginx.conf"),
    ("examples/deploy/compose.yaml", "deploy/compose.yaml"),
];

/// The program with all that goes with it; `SHA256SUMS` is of everything else.
///
/// # Errors
/// A file cannot be read.
pub fn of(paths: &Paths, binary: &Path, sbom: &[u8]) -> Result<Files> {
    let mut files = Files::default();
    files.program("phone-verify", std::fs::read(binary).at(binary)?);
    for (from, to) in FILES {
        let file = paths.root.join(from);
        files.text(to, std::fs::read(&file).at(&file)?);
    }
    files.text("sbom.cdx.json", sbom.to_vec());
    let sums = files.sums();
    files.text("SHA256SUMS", sums.into_bytes());
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_released_is_in_the_repository() {
        let paths = Paths::find().unwrap();
        for (from, _) in FILES {
            assert!(paths.root.join(from).is_file(), "{from}");
        }
    }
}
