//! Debian's packages, where they can be had without asking.

use std::process::Command;

use crate::process::{read, run, step, works};

/// Installs `package` because there is no `what`, as root or by a `sudo` that asks nothing; tells whether it was tried and
/// went well.
pub fn install(package: &str, what: &str) -> bool {
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
    step(&format!(
        "no {what} on this machine: Debian's package, `apt-get install {package}`"
    ));
    apt_get(&["update", "-qq"]) && apt_get(&["install", "-y", "-qq", "--no-install-recommends", package])
}
