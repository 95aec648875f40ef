//! What the tasks need from the machine, got where it is missing.

use std::path::Path;
use std::process::Command;

use crate::debian;
use crate::error::{Error, Result};
use crate::process::{cargo, read, run, step, works};

/// The target that browsers run.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for [`WASM`], by rustup where it is missing.
///
/// # Errors
/// It is missing and cannot be added.
pub fn wasm_target() -> Result<()> {
    let sysroot = read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    step(&format!(
        "the Rust target {WASM} is missing: `rustup target add {WASM}`"
    ));
    run(Command::new("rustup").args(["target", "add", WASM]))
}

/// The compiler's exact version, part of every stamp.
///
/// # Errors
/// There is no compiler.
pub fn rustc_version() -> Result<String> {
    read(Command::new("rustc").arg("-vV"))
}

/// Cargo building for the browser with exactly these features of the widget.
pub fn cargo_wasm(root: &Path, command: &str, package: &str, feature: &str) -> Command {
    cargo(
        root,
        [
            command,
            "--package",
            package,
            "--target",
            WASM,
            "--no-default-features",
            "--features",
            feature,
        ],
    )
}

/// Python with its own environments, for tests that are driven by Python packages: Debian's package where it is missing.
///
/// # Errors
/// It is missing and cannot be had.
pub fn python() -> Result<()> {
    let has_python = || works(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    if has_python() || (debian::install("python3-venv", "Python 3 with venv") && has_python()) {
        return Ok(());
    }
    Err(Error::Other(
        "Python 3 with venv is needed for the tests (Debian and Ubuntu: python3-venv)".to_owned(),
    ))
}

/// PostgreSQL's programs, which the store's tests start a throw-away cluster with: Debian's package where they are missing.
///
/// # Errors
/// They are missing and cannot be had.
pub fn postgres() -> Result<()> {
    if has_postgres() || (debian::install("postgresql", "PostgreSQL") && has_postgres()) {
        return Ok(());
    }
    Err(Error::Other(
        "no PostgreSQL on this machine (Debian: apt-get install postgresql); the store's tests need its programs".to_owned(),
    ))
}

/// On the path, or where Debian puts them.
fn has_postgres() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let of_debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let of_debian = of_debian.filter_map(|version| Some(version.ok()?.path().join("bin")));
    std::env::split_paths(&path).chain(of_debian).any(|folder| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    })
}
