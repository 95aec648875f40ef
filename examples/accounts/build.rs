//! Puts the browser's files into the program: what `cargo xtask` left in `target/accounts`, or in the folder that
//! `ACCOUNTS_ASSETS` names. Without them the pages are sent without scripts, and work all the same.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=ACCOUNTS_ASSETS");
    let output = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let folder = env::var_os("ACCOUNTS_ASSETS").map_or_else(
        || PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../target/accounts"),
        PathBuf::from,
    );
    // Cargo runs this again each time where the watched folder does not exist.
    fs::create_dir_all(&folder)?;
    println!("cargo::rerun-if-changed={}", folder.display());
    for name in ["accounts.js", "accounts.wasm"] {
        let bytes = fs::read(folder.join(name)).unwrap_or_default();
        fs::write(output.join(name), bytes)?;
    }
    Ok(())
}
