//! `cargo xtask accounts`: the example of a full-stack Leptos app.

use std::process::Command;

use crate::assets::{self, Bundler};
use crate::error::{AtPath, Result};
use crate::npm;
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::server::{self, Profile};
use crate::stamp::{Inputs, unless_unchanged};
use crate::tools;
use crate::wasm;

/// The package and its program.
pub const ACCOUNTS: &str = "accounts";

/// Starts the wasm, as the pages' own entry does: `xtask/src/assets`.
const ENTRY: &str = r#"import init, { hydrate } from "./accounts/accounts.js";
init({ module_or_path: fetch("/app/accounts.wasm") }).then(hydrate);
"#;

/// What the browser's half is made of.
const INPUTS: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/config.toml",
    "domain",
    "words",
    "app",
    "examples/accounts/Cargo.toml",
    "examples/accounts/src",
    "xtask/package-lock.json",
    "xtask/src/accounts.rs",
];

/// Builds it, and runs it until it is stopped.
///
/// # Errors
/// A build fails, or the program ends with an error.
pub fn run(paths: &Paths, profile: Profile, listen: &str, build_only: bool) -> Result<()> {
    assets::build(paths)?;
    files(paths)?;
    step("examples/accounts (the first time takes some minutes)");
    server::build_programs(paths, profile, &[ACCOUNTS])?;
    let program = server::program(paths, profile, ACCOUNTS);
    if build_only {
        step(&format!("ready: {}", paths.relative(&program)));
        return Ok(());
    }
    step(&format!("on {listen}; codes are at http://{listen}/dev/outbox"));
    process::run(
        Command::new(program)
            .current_dir(&paths.root)
            .args(["--listen", listen]),
    )
}

/// Makes `target/accounts`, what the program gives to browsers, unless nothing that it is made of has changed.
///
/// # Errors
/// A tool is missing, or a build fails.
pub fn files(paths: &Paths) -> Result<()> {
    tools::wasm_target()?;
    let tools = paths.root.join("xtask");
    npm::install(paths, &tools)?;
    let output = paths.accounts();
    let mut inputs = Inputs::default().value(&tools::rustc_version()?);
    for input in INPUTS {
        inputs = inputs.path(&paths.root.join(input))?;
    }
    let built = unless_unchanged(&output.join("stamp"), &inputs.stamp(), || {
        step("the wasm of examples/accounts");
        // Its dependencies are those of the pages, compiled in the same way: only the crate itself and the linking are new.
        let arguments = [
            "rustc",
            "--package",
            ACCOUNTS,
            "--lib",
            "--crate-type",
            "cdylib",
            "--target",
            tools::WASM,
            "--no-default-features",
            "--features",
            "hydrate",
            "--profile",
            wasm::PROFILE,
        ];
        process::run(&mut cargo(&paths.root, arguments))?;
        let linked = paths
            .target
            .join(tools::WASM)
            .join(wasm::PROFILE)
            .join("accounts.wasm");
        let folder = paths.work().join(ACCOUNTS);
        wasm::bindgen(ACCOUNTS, std::fs::read(&linked).at(&linked)?, &folder)?;
        let entry = paths.work().join("accounts.js");
        std::fs::write(&entry, ENTRY).at(&entry)?;
        let script = Bundler::new(&tools, paths.work().join("bundled"))?.script(&entry)?;
        std::fs::create_dir_all(&output).at(&output)?;
        let wasm = folder.join("accounts_bg.wasm");
        std::fs::copy(&wasm, output.join("accounts.wasm")).at(&wasm)?;
        std::fs::write(output.join("accounts.js"), script).at(&output)
    })?;
    if !built {
        step("the wasm of examples/accounts: unchanged");
    }
    Ok(())
}
