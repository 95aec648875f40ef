//! `cargo xtask release`: what an operator downloads, and a proof that it needs nothing else.

mod client;
mod contents;
mod gateway;
mod sbom;
mod tarball;
mod trial;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::assets;
use crate::error::{AtPath, Result};
use crate::paths::Paths;
use crate::process::{self, step};
use crate::server::{self, Profile};

/// What is made.
#[derive(Args)]
pub struct Options {
    /// Of the binary that is there already, in place of a new one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Does not start what is in the tarball.
    #[arg(long)]
    no_trial: bool,
}

/// Makes `target/dist`: the tarball, its bill of materials, and `SHA256SUMS` of both; then starts the server out of the tarball in an
/// empty folder, and does the whole job with it.
///
/// # Errors
/// A build fails, or the server of the tarball does not do its job.
pub fn run(paths: &Paths, options: &Options) -> Result<()> {
    let binary = if let Some(binary) = &options.binary {
        binary.clone()
    } else {
        assets::build(paths)?;
        server::build(paths, Profile::Release)?
    };
    let target = host()?;
    step("the bill of materials");
    let sbom = sbom::of(paths, &target)?;
    let name = format!("phone-verify-{}-{target}", env!("CARGO_PKG_VERSION"));
    step("the tarball");
    let files = contents::of(paths, &binary, &sbom)?;
    let tarball = files.compressed(&name, moment(paths))?;

    let folder = paths.target.join("dist");
    std::fs::create_dir_all(&folder).at(&folder)?;
    let mut sums = String::new();
    for (file, bytes) in [
        (format!("{name}.tar.gz"), &tarball),
        (format!("{name}.cdx.json"), &sbom),
    ] {
        write(&folder, &file, bytes)?;
        sums.push_str(&tarball::sum(bytes, &file));
        println!("{:>10}  {file}", bytes.len());
    }
    write(&folder, "SHA256SUMS", sums.as_bytes())?;
    if !options.no_trial {
        step("the server out of the tarball, in an empty folder, with its configuration alone");
        trial::run(&tarball, &name)?;
    }
    step(&format!("ready: {}", paths.relative(&folder)));
    Ok(())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let file = folder.join(name);
    std::fs::write(&file, bytes).at(&file)
}

/// The target that this machine's compiler builds for: `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let version = process::read(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.unwrap_or("unknown").to_owned())
}

/// The time that all files of the tarball have, in seconds: that of the commit, so that two runs make the same bytes.
fn moment(paths: &Paths) -> u64 {
    let mut git = Command::new("git");
    git.current_dir(&paths.root).args(["log", "-1", "--format=%ct"]);
    // An unpacked archive has no git.
    let seconds = process::read(&mut git).ok();
    seconds
        .and_then(|seconds| seconds.trim().parse().ok())
        .unwrap_or_default()
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
