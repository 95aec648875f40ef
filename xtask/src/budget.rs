//! What a page that embeds the widget pays in bytes.

use crate::assets::{File, Manifest};
use crate::error::{Error, Result};

/// Brotli bytes of the widget's wasm, JavaScript and CSS together: less than this (docs/features.md).
const LIMIT: usize = 80_000;

/// Prints every file's size and checks the widget's sum.
///
/// # Errors
/// The widget is over its budget.
pub fn check(manifest: &Manifest) -> Result<()> {
    println!("{:>10} {:>10} {:>10}   file", "raw", "gzip", "brotli");
    for file in &manifest.files {
        print(&file.path, file.size, gz(file), br(file));
    }
    // The fixed names are second copies of what is there by hash.
    let widget: Vec<_> = manifest
        .files
        .iter()
        .filter(|file| file.immutable && file.path.starts_with("/embed/"))
        .collect();
    let sum = |of: fn(&File) -> usize| widget.iter().map(|file| of(file)).sum::<usize>();
    print(
        "the embedded widget, all together",
        sum(|file| file.size),
        sum(gz),
        sum(br),
    );
    if widget.is_empty() || sum(br) >= LIMIT {
        return Err(Error::Other(format!(
            "the embedded widget has {} files and {} bytes brotli; the budget is {LIMIT}",
            widget.len(),
            sum(br)
        )));
    }
    Ok(())
}

fn br(file: &File) -> usize {
    file.br.unwrap_or(file.size)
}

fn gz(file: &File) -> usize {
    file.gz.unwrap_or(file.size)
}

fn print(what: &str, raw: usize, gz: usize, br: usize) {
    println!("{raw:>10} {gz:>10} {br:>10}   {what}");
}
