//! The widget's wasm: built by cargo, post-processed by the wasm-bindgen that `Cargo.lock` names.

mod binary;
mod compiler;
mod ending;
mod names;
mod panics;
mod unused;

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::error::{AtPath, Error, Result};
use crate::npm;
use crate::paths::Paths;
use crate::process::{self, step};
use crate::stamp::{Inputs, unless_unchanged};
use crate::tools;
use compiler::Compiler;

const PACKAGE: &str = "phone-verify-widget";
/// The profile of everything that browsers run.
pub const PROFILE: &str = "wasm-release";

/// Everything that the wasm is made of and by; the widget's JavaScript is not among it.
const INPUTS: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/config.toml",
    "domain",
    "app",
    "words/Cargo.toml",
    "words/build.rs",
    "words/src",
    "words/languages/en.toml",
    "widget/Cargo.toml",
    "widget/src",
    "xtask/package-lock.json",
    "xtask/src/wasm",
];

/// What the wasm may use: what rustc and wasm-bindgen use, all of it in the browsers of 2022 and later. Binaryen's "all
/// features" would write imports that no browser reads yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What of Binaryen's makes this wasm smallest once it is compressed; more passes change nothing or cost (docs/performance.md).
const PASSES: [&str; 2] = ["-Oz", "--converge"];

/// One of the two ways into the component. They exclude each other, so each is a build of its own.
#[derive(Clone, Copy)]
pub enum Door {
    /// The widget in other people's pages: rendered in the browser, talks REST.
    Embedded,
    /// The server's own pages: takes over what the server has rendered, talks by server functions.
    Pages,
}

impl Door {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Embedded, Self::Pages];

    /// The cargo feature that selects it.
    pub fn feature(self) -> &'static str {
        match self {
            Self::Embedded => "csr",
            Self::Pages => "hydrate",
        }
    }
}

/// What wasm-bindgen makes of one door.
pub struct Module {
    /// The wasm, without names and without a list of its producers.
    pub wasm: PathBuf,
    /// The JavaScript that belongs to it, an ES module that may import snippets beside it.
    pub glue: PathBuf,
}

/// Builds one door, unless nothing that it is made of has changed.
///
/// # Errors
/// The target cannot be had, or the build fails.
pub fn build(paths: &Paths, door: Door) -> Result<Module> {
    tools::wasm_target()?;
    npm::install(paths, &paths.root.join("xtask"))?;
    let feature = door.feature();
    let folder = paths.work().join(feature);
    let module = Module {
        wasm: folder.join("widget_bg.wasm"),
        glue: folder.join("widget.js"),
    };

    let compiler = Compiler::chosen()?;
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut inputs = Inputs::default()
        .value(feature)
        .value(&compiler.version()?)
        .value(&flags);
    for input in INPUTS {
        inputs = inputs.path(&paths.root.join(input))?;
    }
    let built = unless_unchanged(&folder.join("stamp"), &inputs.stamp(), || {
        step(&format!(
            "the widget's wasm, feature {feature} (the first time takes some minutes)"
        ));
        process::run(&mut compiler.build(paths, feature))?;
        if folder.exists() {
            std::fs::remove_dir_all(&folder).at(&folder)?;
        }
        let built = paths
            .target
            .join(tools::WASM)
            .join(PROFILE)
            .join("phone_verify_widget.wasm");
        let mut linked = std::fs::read(&built).at(&built)?;
        if let Door::Embedded = door {
            linked = unused::drop_streams(&linked)?;
            if compiler.tells_panics() {
                linked = ending::end_panics(&linked)?;
            }
        }
        bindgen("widget", panics::blank(&linked)?, &folder)?;
        shrink(paths, &module.wasm)?;
        tidy(&module, compiler)
    })?;
    if !built {
        step(&format!("the widget's wasm, feature {feature}: unchanged"));
    }
    Ok(module)
}

/// Makes the module and its JavaScript out of what cargo has linked, in `folder`.
///
/// # Errors
/// It was not made for this version of wasm-bindgen.
pub fn bindgen(name: &str, wasm: Vec<u8>, folder: &Path) -> Result<()> {
    let refused = |error| Error::Other(format!("wasm-bindgen: {error:#}"));
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(name, wasm)
        .web(true)
        .map_err(refused)?
        // The names get a hash afterwards: whoever starts the module says where the wasm lies.
        .omit_default_module_path(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .map_err(refused)
}

/// Makes the wasm smaller with Binaryen's `wasm-opt`.
fn shrink(paths: &Paths, wasm: &Path) -> Result<()> {
    let smaller = wasm.with_extension("opt.wasm");
    let mut command = npm::node(&paths.root.join("xtask"));
    command
        .args(["node_modules/binaryen/bin/wasm-opt"])
        .args(PASSES)
        .args(WASM_FEATURES)
        .arg(wasm)
        .arg("-o")
        .arg(&smaller);
    process::run(&mut command)?;
    std::fs::rename(&smaller, wasm).at(wasm)
}

/// Shortens the glue and the names between the two files.
fn tidy(module: &Module, compiler: Compiler) -> Result<()> {
    let wasm = std::fs::read(&module.wasm).at(&module.wasm)?;
    let glue = std::fs::read_to_string(&module.glue).at(&module.glue)?;
    let glue = if compiler.tells_panics() {
        panics::quieten(&glue)?
    } else {
        // Nothing describes a value where no panic says anything.
        glue
    };
    let (wasm, glue) = names::shorten(&wasm, &glue)?;
    std::fs::write(&module.wasm, wasm).at(&module.wasm)?;
    std::fs::write(&module.glue, glue).at(&module.glue)
}
