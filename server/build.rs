//! Puts the browser's files into the binary: what `cargo xtask` left in `target/embed`, or in the folder that
//! `PHONE_VERIFY_ASSETS` names. Without them the server is built all the same, and serves none.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// `manifest.json`, as far as it is needed here.
#[derive(Deserialize)]
struct Manifest {
    files: Vec<File>,
    names: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    content_type: String,
    immutable: bool,
    etag: String,
    br: Option<u64>,
    gz: Option<u64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    fold_identical_code();
    println!("cargo::rerun-if-env-changed=PHONE_VERIFY_ASSETS");
    let folder = if let Some(folder) = env::var_os("PHONE_VERIFY_ASSETS") {
        PathBuf::from(folder)
    } else {
        let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../target/embed");
        // Cargo runs this again each time where the watched folder does not exist.
        fs::create_dir_all(&folder)?;
        folder.canonicalize()?
    };
    println!("cargo::rerun-if-changed={}", folder.display());

    let manifest = match fs::read(folder.join("manifest.json")) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(_) => Manifest {
            files: Vec::new(),
            names: BTreeMap::new(),
        },
    };
    let table = PathBuf::from(env::var("OUT_DIR")?).join("embedded_files.rs");
    fs::write(table, source(&folder, &manifest)?)?;
    Ok(())
}

/// Of functions that were compiled to the same code, the released program keeps one. Only where Rust links with LLD by itself does
/// the linker know how.
fn fold_identical_code() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}

fn source(folder: &Path, manifest: &Manifest) -> Result<String, Box<dyn Error>> {
    let mut source = String::from("pub(super) static FILES: &[File] = &[\n");
    for file in &manifest.files {
        let on_disk = folder.join(file.path.trim_start_matches('/'));
        let compressed = |there: Option<u64>, extension: &str| match there {
            Some(_) => format!(
                "Some(include_bytes!({:?}))",
                format!("{}.{extension}", on_disk.display())
            ),
            None => "None".to_owned(),
        };
        writeln!(
            source,
            "    File {{ path: {:?}, content_type: {:?}, immutable: {}, etag: {:?}, bytes: include_bytes!({:?}), br: {}, gz: {} }},",
            file.path,
            file.content_type,
            file.immutable,
            file.etag,
            on_disk.display().to_string(),
            compressed(file.br, "br"),
            compressed(file.gz, "gz"),
        )?;
    }
    source.push_str("];\n\npub(super) static NAMES: &[(&str, &str)] = &[\n");
    for (name, path) in &manifest.names {
        writeln!(source, "    ({name:?}, {path:?}),")?;
    }
    source.push_str("];\n");
    Ok(source)
}
