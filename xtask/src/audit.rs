//! `cargo xtask audit`: what may become part of the binary, and what is known against it. Both tools fetch the list of advisories,
//! so this is not part of the test run, which needs no more than the package registries.

use std::process::Command;

use clap::Args;

use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::process::{cargo, run as carry_out, step, works};

/// How.
#[derive(Args)]
pub struct Options {
    /// Only what needs no list of advisories: licences, sources, crates that are not wanted.
    #[arg(long)]
    offline: bool,
}

/// Runs cargo-deny by `deny.toml`, and cargo-audit.
///
/// # Errors
/// A tool is missing, or it found something; it has said what.
pub fn run(paths: &Paths, options: &Options) -> Result<()> {
    let deny: &[&str] = if options.offline {
        &["deny", "--offline", "check", "licenses", "bans", "sources"]
    } else {
        &["deny", "check"]
    };
    let audit: &[&str] = &["audit", "--deny", "warnings"];
    let checks: &[&[&str]] = if options.offline { &[deny] } else { &[deny, audit] };
    for check in checks {
        let tool = check[0];
        if !works(Command::new("cargo").args([tool, "--version"])) {
            return Err(Error::Other(format!(
                "cargo-{tool} is missing: cargo install --locked cargo-{tool}"
            )));
        }
        step(&format!("cargo {}", check.join(" ")));
        carry_out(&mut cargo(&paths.root, *check))?;
    }
    Ok(())
}
