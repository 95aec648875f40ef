//! Playwright and the Chromium that it drives.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::accounts::ACCOUNTS;
use crate::debian;
use crate::error::{Error, Result};
use crate::npm;
use crate::paths::Paths;
use crate::process::{run, step};
use crate::python;
use crate::server::{self, Profile};

/// What the end-to-end tests start, and the variable that tells them where it lies.
const PROGRAMS: [(&str, &str); 4] = [
    ("PHONE_VERIFY_BIN", server::SERVER),
    ("FAKE_TWILIO_BIN", "fake-twilio"),
    ("ORDER_BIN", "order"),
    ("ACCOUNTS_BIN", ACCOUNTS),
];

/// What the back ends of `examples` that are written in Python need, and tests that are driven by Python packages.
const REQUIREMENTS: [&str; 3] = [
    "end2end/requirements.txt",
    "examples/django/requirements.txt",
    "examples/html-form/requirements.txt",
];

/// Playwright's test runner in `end2end`, ready to run.
pub struct Playwright(Command);

impl Playwright {
    /// Gets its packages and a Chromium where they are missing, and builds the programs that it starts.
    ///
    /// # Errors
    /// Something is missing and cannot be had, or a build fails.
    pub fn prepare(paths: &Paths) -> Result<Self> {
        let folder = paths.root.join("end2end");
        npm::install(paths, &folder)?;
        let chromium = chromium(&folder)?;
        step("the server, and the programs that run beside it");
        server::build_programs(paths, Profile::Debug, &PROGRAMS.map(|(_, name)| name))?;
        for used in ["examples/express", "widget/npm"] {
            npm::install(paths, &paths.root.join(used))?;
        }
        let python = python::environment(paths, "end2end", &REQUIREMENTS)?;

        let mut command = npm::node(&folder);
        command
            .args(["node_modules/@playwright/test/cli.js", "test"])
            .envs(PROGRAMS.map(|(variable, name)| (variable, server::program(paths, Profile::Debug, name))));
        command.env("END2END_PYTHON", python);
        if let Chromium::Installed(path) = chromium {
            command.env("CHROMIUM", path);
        }
        Ok(Self(command))
    }

    /// The command, with further arguments.
    pub fn command(&mut self, arguments: &[&str]) -> &mut Command {
        self.0.args(arguments)
    }
}

/// `cargo xtask pictures`: every state of the widget into `docs/pictures`.
///
/// # Errors
/// A build fails, or a state cannot be reached.
pub fn pictures(paths: &Paths) -> Result<()> {
    crate::assets::build(paths)?;
    let mut playwright = Playwright::prepare(paths)?;
    step("pictures of the widget in docs/pictures");
    run(playwright.command(&["--config", "pictures.config.ts"]))
}

/// `cargo xtask measure`: how soon the widget can be used, over twenty cold loads each.
///
/// # Errors
/// A build fails, or a figure is over what `docs/performance.md` promises.
pub fn measure(paths: &Paths) -> Result<()> {
    crate::assets::build(paths)?;
    let mut playwright = Playwright::prepare(paths)?;
    step("from the first byte of the script to a form that takes typing");
    run(playwright.command(&["--config", "measure.config.ts"]))
}

/// A browser for the end-to-end tests.
enum Chromium {
    /// An executable on this machine.
    Installed(PathBuf),
    /// The one that Playwright has downloaded for itself.
    Playwright,
}

/// Finds a Chromium: `CHROMIUM`, one on the `PATH`, else Debian's package, else Playwright's own.
///
/// # Errors
/// None is there and none can be had.
fn chromium(end2end: &Path) -> Result<Chromium> {
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
    if debian::install("chromium", "Chromium")
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
