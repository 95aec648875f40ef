//! `cargo xtask order`: the example shop beside a server in development.

use std::process::Command;

use crate::assets;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::process::{self, step};
use crate::server::{self, Profile};

const SHOP: &str = "order";

/// Builds both and runs them until they are stopped.
///
/// # Errors
/// A build fails, or one of them ends with an error.
pub fn run(paths: &Paths, listen: &str, shop_listen: &str) -> Result<()> {
    assets::build(paths)?;
    step("the server and examples/order (the first time takes some minutes)");
    server::build_programs(paths, Profile::Debug, &[server::SERVER, SHOP])?;

    step(&format!(
        "the server on {listen}, the shop on {shop_listen}; codes are at http://{listen}/dev/outbox"
    ));
    let mut command = Command::new(server::program(paths, Profile::Debug, server::SERVER));
    command
        .current_dir(&paths.root)
        .args(["serve", "--listen", listen]);
    let started = command.spawn();
    let mut server = started.map_err(|source| Error::Start {
        command: server::SERVER.to_owned(),
        source,
    })?;
    let verify_url = format!("http://{listen}");
    let result = process::run(Command::new(server::program(paths, Profile::Debug, SHOP)).args([
        "--listen",
        shop_listen,
        "--verify-url",
        &verify_url,
    ]));
    // It may have ended by the same Ctrl-C.
    server.kill().ok();
    server.wait().ok();
    result
}
