//! The files that the server's binary carries: bundled, named by their content, compressed.
//!
//! `target/embed` holds each file at its URL path, `.br` and `.gz` beside it, and [`manifest`] describes them all.

mod bundle;
mod compress;
mod first_form;
mod manifest;
mod words;

use std::path::Path;

use crate::error::{AtPath, Error, Result};
use crate::npm;
use crate::paths::Paths;
use crate::process::step;
use crate::stamp::{Inputs, files, unless_unchanged};
use crate::wasm::{self, Door, Module};

pub use bundle::Bundler;
pub use manifest::{File, Manifest};
use manifest::{Folder, Lifetime};

/// The brand skins, which the configurator shows.
const SKINS: &str = "examples/skins";

/// Starts the pages' wasm; a file and not an inline script, so that the pages' own policy can forbid those.
const PAGES_ENTRY: &str = r#"import init, { hydrate } from "./hydrate/widget.js";
init({ module_or_path: fetch(new URL("__PV_WASM__", import.meta.url)) }).then(hydrate);
"#;

/// What the loader uses of the glue, and what it needs with it; the bundler leaves out what is not named. Between the wasm's start and
/// the first mount the page may draw and answer: together they are a task that keeps it waiting.
const EMBEDDED_ENTRY: &str = r#"import init from "./csr/widget.js";
export { mount } from "./csr/widget.js";
export * from "phone-verify-later";
export async function begin(wasm) {
  await init({ module_or_path: wasm });
  await new Promise((resolve) => setTimeout(resolve));
}
"#;

/// Makes `target/embed`, unless nothing that it is made of has changed.
///
/// # Errors
/// A tool is missing, a build fails, or a file is not what it should be.
pub fn build(paths: &Paths) -> Result<Manifest> {
    let tools = paths.root.join("xtask");
    npm::install(paths, &tools)?;
    let embedded = wasm::build(paths, Door::Embedded)?;
    let pages = wasm::build(paths, Door::Pages)?;

    let mut inputs = Inputs::default();
    for input in [
        &paths.work().join(Door::Embedded.feature()),
        &paths.work().join(Door::Pages.feature()),
        &paths.root.join("widget/loader.js"),
        &paths.root.join("widget/loader"),
        &paths.root.join("widget/solve.js"),
        &paths.root.join("style"),
        &paths.root.join("public"),
        &paths.root.join(SKINS),
        &paths.root.join("words"),
        &tools.join("package-lock.json"),
        &tools.join("src/assets"),
    ] {
        inputs = inputs.path(input)?;
    }
    let (output, stamp) = (paths.embed(), paths.work().join("embed.stamp"));
    if !output.join(Manifest::NAME).exists() && stamp.exists() {
        std::fs::remove_file(&stamp).at(&stamp)?;
    }
    let built = unless_unchanged(&stamp, &inputs.stamp(), || {
        step("bundling, naming and compressing the files that go into the binary");
        let bundler = Bundler::new(&tools, paths.work().join("bundled"))?;
        let mut folder = Folder::default();
        embedded_widget(paths, &bundler, &embedded, &mut folder)?;
        server_pages(paths, &bundler, &pages, &mut folder)?;
        folder.write(&output)
    })?;
    if !built {
        step("the files that go into the binary: unchanged");
    }
    Manifest::read(&output)
}

/// `/embed/v1/`: what other people's pages load.
fn embedded_widget(paths: &Paths, bundler: &Bundler, module: &Module, folder: &mut Folder) -> Result<()> {
    let wasm = std::fs::read(&module.wasm).at(&module.wasm)?;
    let wasm = folder.add("embed/v1/widget.wasm", wasm, Lifetime::ByContent);
    let entry = paths.work().join("embedded.js");
    std::fs::write(&entry, EMBEDDED_ENTRY).at(&entry)?;
    let sheet = |name: &str| -> Result<String> {
        let css = bundler.style(&paths.root.join("style").join(name))?;
        Ok(String::from_utf8_lossy(&css).into_owned())
    };
    let (later, steps) = (
        paths.root.join("widget/loader/later.js"),
        first_form::steps(paths, &sheet("steps.css")?)?,
    );
    let glue = bundler.script_with(
        &entry,
        &[("phone-verify-later", &later), (first_form::STEPS, &steps)],
    )?;
    let glue = folder.add("embed/v1/widget.js", glue, Lifetime::ByContent);

    let style = bundler.style(&paths.root.join("style/phone-verify.css"))?;
    folder.add("embed/v1/phone-verify.css", style.clone(), Lifetime::FixedName);
    let css = folder.add("embed/v1/phone-verify.css", style, Lifetime::ByContent);
    folder.name("embed/phone-verify.css", &css);

    let solver = bundler.script(&paths.root.join("widget/solve.js"))?;
    let solver = folder.add("embed/v1/phone-verify-solve.js", solver, Lifetime::ByContent);
    folder.name("solve.js", &solver);

    let source = paths.root.join("widget/loader.js");
    let first_form = first_form::module(paths, &sheet("first-form.css")?)?;
    let loader = bundler.script_with(&source, &[(first_form::NAME, &first_form)])?;
    let loader = put_names(
        loader,
        &source,
        &[
            ("__PV_WASM__", file_name(&wasm)),
            ("__PV_GLUE__", file_name(&glue)),
            ("__PV_WORDS__", &words::add(folder)),
            ("__PV_LANGUAGES__", &words::tags().join(" ")),
            ("__PV_ENGLISH__", &words::of_the_loader()),
        ],
    )?;
    folder.add("embed/v1/phone-verify.js", loader.clone(), Lifetime::FixedName);
    let loader = folder.add("embed/v1/phone-verify.js", loader, Lifetime::ByContent);
    folder.name("embed/phone-verify.js", &loader);
    Ok(())
}

/// `/pkg/` and `/static/`: what the server's own pages load.
fn server_pages(paths: &Paths, bundler: &Bundler, module: &Module, folder: &mut Folder) -> Result<()> {
    let wasm = std::fs::read(&module.wasm).at(&module.wasm)?;
    let wasm = folder.add("pkg/pages.wasm", wasm, Lifetime::ByContent);
    folder.name("pages.wasm", &wasm);

    let entry = paths.work().join("pages.js");
    std::fs::write(&entry, PAGES_ENTRY).at(&entry)?;
    let script = put_names(
        bundler.script(&entry)?,
        &entry,
        &[("__PV_WASM__", file_name(&wasm))],
    )?;
    let script = folder.add("pkg/pages.js", script, Lifetime::ByContent);
    folder.name("pages.js", &script);

    for name in ["pages.css", "admin.css"] {
        let style = bundler.style(&paths.root.join("style").join(name))?;
        let css = folder.add(&format!("static/{name}"), style, Lifetime::ByContent);
        folder.name(name, &css);
    }
    for skin in files(&paths.root.join(SKINS))? {
        let name = skin.file_name().unwrap_or_default().to_string_lossy();
        if skin.extension().is_some_and(|ending| ending == "css") && name != "page.css" {
            let css = bundler.style(&skin)?;
            let css = folder.add(&format!("static/{name}"), css, Lifetime::ByContent);
            folder.name(&format!("skins/{name}"), &css);
        }
    }
    let public = paths.root.join("public");
    for file in files(&public)? {
        let Ok(name) = file.strip_prefix(&public) else {
            continue;
        };
        let name = format!("static/{}", name.to_string_lossy().replace('\\', "/"));
        let path = folder.add(&name, std::fs::read(&file).at(&file)?, Lifetime::ByContent);
        folder.name(&name, &path);
    }
    Ok(())
}

/// The last segment of a path: a script finds its neighbours beside itself.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Replaces each placeholder.
fn put_names(script: Vec<u8>, source: &Path, values: &[(&str, &str)]) -> Result<Vec<u8>> {
    let unusable = |what: &str| Error::Other(format!("{}: {what}", source.display()));
    let mut script = String::from_utf8(script).map_err(|_| unusable("not UTF-8"))?;
    for (placeholder, value) in values {
        if !script.contains(placeholder) {
            return Err(unusable(&format!("does not use {placeholder}")));
        }
        script = script.replace(placeholder, value);
    }
    Ok(script.into_bytes())
}
