//! `cargo xtask lint`: everything that is wrong without running anything.

use crate::error::Result;
use crate::npm;
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::server::with_assets;
use crate::tools;
use crate::wasm::Door;

const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// Format, clippy with warnings denied in every combination of features that is built, documentation links.
///
/// # Errors
/// Something is to be mended; the tool has said what.
pub fn run(paths: &Paths) -> Result<()> {
    let root = &paths.root;
    step("cargo fmt --all --check");
    process::run(&mut cargo(root, ["fmt", "--all", "--check"]))?;

    step("clippy: the server, its parts, its tests");
    process::run(with_assets(
        paths,
        cargo(root, ["clippy", "--all-targets"]).args(DENY),
    ))?;

    step("clippy: the documentation's site");
    process::run(
        cargo(
            root,
            ["clippy", "--package", "phone-verify-book", "--all-targets"],
        )
        .args(DENY),
    )?;

    step("clippy: the component as the server renders it");
    process::run(
        cargo(
            root,
            [
                "clippy",
                "--package",
                "phone-verify-app",
                "--features",
                "ssr",
                "--all-targets",
            ],
        )
        .args(DENY),
    )?;

    tools::wasm_target()?;
    for door in Door::ALL {
        let feature = door.feature();
        step(&format!(
            "clippy: the component and the widget in the browser, feature {feature}"
        ));
        process::run(tools::cargo_wasm(root, "clippy", "phone-verify-widget", feature).args(DENY))?;
    }

    step("types of the end-to-end tests");
    let end2end = root.join("end2end");
    npm::install(paths, &end2end)?;
    npm::install(paths, &root.join("widget/npm"))?;
    process::run(npm::node(&end2end).arg("node_modules/typescript/bin/tsc"))?;

    step("documentation: no broken link");
    process::run(with_assets(
        paths,
        &mut cargo(root, ["doc", "--no-deps", "--document-private-items"]),
    ))
}
