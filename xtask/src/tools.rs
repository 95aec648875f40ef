//! What the tasks need from the machine, got where it is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::npm;
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

/// A browser for the end-to-end tests.
pub enum Chromium {
    /// An executable on this machine.
    Installed(PathBuf),
    /// The one that Playwright has downloaded for itself.
    Playwright,
}

/// Finds a Chromium: `CHROMIUM`, one on the `PATH`, else Debian's package, else Playwright's own.
///
/// # Errors
/// None is there and none can be had.
pub fn chromium(end2end: &Path) -> Result<Chromium> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(Chromium::Installed(named))
        } else {
            Err(Error::Other(format!(
                "CHROMIUM names {}, which does not exist",
                named.display()
            )))
        };
    }
    if let Some(found) = installed_chromium() {
        return Ok(Chromium::Installed(found));
    }
    if chromium_from_debian()
        && let Some(found) = installed_chromium()
    {
        return Ok(Chromium::Installed(found));
    }
    step("no Chromium on this machine: Playwright's own, `playwright install chromium`");
    run(npm::node(end2end).args(["node_modules/@playwright/test/cli.js", "install", "chromium"]))?;
    Ok(Chromium::Playwright)
}

fn installed_chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .iter()
    .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
    .find(|candidate| candidate.is_file())
}

/// Installs Debian's package where that can be done without asking; tells whether it was tried and went well.
fn chromium_from_debian() -> bool {
    if !works(Command::new("apt-get").arg("--version")) {
        return false;
    }
    let root = read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root && !works(Command::new("sudo").args(["-n", "true"])) {
        return false;
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = if root {
            Command::new("apt-get")
        } else {
            Command::new("sudo")
        };
        if !root {
            command.args(["-n", "apt-get"]);
        }
        run(command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments)).is_ok()
    };
    step("no Chromium on this machine: Debian's package, `apt-get install chromium`");
    apt_get(&["update", "-qq"]) && apt_get(&["install", "-y", "-qq", "--no-install-recommends", "chromium"])
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
