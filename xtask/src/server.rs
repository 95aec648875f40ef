//! The server's binary.

use std::path::PathBuf;
use std::process::Command;

use crate::error::Result;
use crate::paths::Paths;
use crate::process::{self, cargo, step};

/// How it is compiled.
#[derive(Clone, Copy)]
pub enum Profile {
    /// Quickly.
    Debug,
    /// For speed.
    Release,
}

/// The name of the server's program.
pub const SERVER: &str = "phone-verify";

/// Builds `phone-verify` with the files of `target/embed` inside.
///
/// # Errors
/// The build fails.
pub fn build(paths: &Paths, profile: Profile) -> Result<PathBuf> {
    step("the server (the first time takes some minutes)");
    build_programs(paths, profile, &[SERVER])?;
    Ok(program(paths, profile, SERVER))
}

/// Builds programs of the default members.
///
/// # Errors
/// The build fails.
pub fn build_programs(paths: &Paths, profile: Profile, names: &[&str]) -> Result<()> {
    // No `--package`: with the same selection as `cargo test` every dependency is compiled once for both.
    let mut command = cargo(&paths.root, ["build"]);
    command.args(names.iter().flat_map(|name| ["--bin", *name]));
    if matches!(profile, Profile::Release) {
        command.arg("--release");
    }
    process::run(with_assets(paths, &mut command))
}

/// Where cargo puts a program.
pub fn program(paths: &Paths, profile: Profile, name: &str) -> PathBuf {
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => "release",
    };
    paths
        .target
        .join(folder)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Tells the build scripts of another folder's sources where this folder's files are.
pub fn with_assets_of<'a>(paths: &Paths, command: &'a mut Command) -> &'a mut Command {
    command
        .env("PHONE_VERIFY_ASSETS", paths.embed())
        .env("ACCOUNTS_ASSETS", paths.accounts())
}

/// Tells the server's build script where the files are, if not where it looks by itself.
pub fn with_assets<'a>(paths: &Paths, command: &'a mut Command) -> &'a mut Command {
    if paths.target != paths.root.join("target") {
        with_assets_of(paths, command);
    }
    command
}
