//! Which compiler makes the wasm.

use std::process::Command;

use super::{PACKAGE, PROFILE};
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::process::{read, works};
use crate::tools;

/// What chooses another one than the project's: `nightly`.
const CHOICE: &str = "PHONE_VERIFY_WASM";

/// Stable Rust with its own standard library, or nightly Rust with one that it builds anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// What everything is tested with.
    Stable,
    /// The standard library is built for size, and a panic is a trap and nothing else: smaller, and the page is not told that its
    /// widget broke down.
    Nightly,
}

impl Compiler {
    /// The one that the environment asks for.
    ///
    /// # Errors
    /// It asks for something that there is not.
    pub fn chosen() -> Result<Self> {
        Self::of(std::env::var(CHOICE).ok().as_deref())
    }

    fn of(choice: Option<&str>) -> Result<Self> {
        match choice {
            None | Some("" | "stable") => Ok(Self::Stable),
            Some("nightly") => Ok(Self::Nightly),
            Some(other) => Err(Error::Other(format!(
                "{CHOICE} is `stable` or `nightly`, not `{other}`"
            ))),
        }
    }

    /// Whether a panic gets as far as the widget's own function, which tells the page.
    pub fn tells_panics(self) -> bool {
        self == Self::Stable
    }

    /// Its exact version, part of every stamp.
    ///
    /// # Errors
    /// It is not there.
    pub fn version(self) -> Result<String> {
        match self {
            Self::Stable => tools::rustc_version(),
            Self::Nightly => {
                let installed = works(Command::new("rustc").args(["+nightly", "-vV"]));
                if !installed {
                    return Err(Error::Other(format!(
                        "{CHOICE}=nightly needs `rustup toolchain install nightly --component rust-src`"
                    )));
                }
                read(Command::new("rustc").args(["+nightly", "-vV"]))
            }
        }
    }

    /// The build of the widget with one of its features.
    pub fn build(self, paths: &Paths, feature: &str) -> Command {
        let mut command = match self {
            Self::Stable => tools::cargo_wasm(&paths.root, "build", PACKAGE, feature),
            Self::Nightly => {
                let mut command = Command::new("cargo");
                command
                    .current_dir(&paths.root)
                    .args(["+nightly", "build", "--package", PACKAGE, "--target", tools::WASM])
                    .args(["--no-default-features", "--features", feature])
                    .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="])
                    .arg("-Zpanic-immediate-abort")
                    .env("CARGO_PROFILE_WASM_RELEASE_PANIC", "immediate-abort")
                    // This program runs by the project's own compiler, whose choice would be the child's too.
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("CARGO");
                command
            }
        };
        command.args(["--profile", PROFILE]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_there_is_can_be_chosen() {
        for (choice, compiler) in [
            (None, Compiler::Stable),
            (Some(""), Compiler::Stable),
            (Some("stable"), Compiler::Stable),
            (Some("nightly"), Compiler::Nightly),
        ] {
            assert_eq!(Compiler::of(choice).unwrap(), compiler, "{choice:?}");
        }
        assert!(Compiler::of(Some("beta")).is_err());
    }
}
