//! What a page that embeds the widget pays in bytes.

use crate::assets::{File, Manifest};
use crate::error::{Error, Result};

/// Brotli bytes of the widget's wasm, JavaScript and CSS together, in English: no more than this (docs/performance.md).
const LIMIT: usize = 75_000;

/// Brotli bytes of what the first form needs, loader and CSS: no more than this.
const FIRST_FORM: usize = 6_000;

/// Brotli bytes of one other language's file: no more than this.
const LANGUAGE: usize = 1_500;

/// Brotli bytes of the file that does a challenge's work, fetched only by whoever is asked for it: no more than this.
const SOLVER: usize = 5_000;

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
    let (languages, others): (Vec<_>, Vec<_>) = manifest
        .files
        .iter()
        .filter(|file| file.immutable && file.path.starts_with("/embed/"))
        // The style sheet is in the loader; as a file it is for the server's own pages.
        .filter(|file| !file.content_type.starts_with("text/css"))
        .partition(|file| file.path.starts_with("/embed/v1/words-"));
    let (solver, widget): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|file| file.path.starts_with("/embed/v1/phone-verify-solve-"));
    let sum = |of: fn(&File) -> usize| widget.iter().map(|file| of(file)).sum::<usize>();
    let first = widget
        .iter()
        .filter(|file| file.path.starts_with("/embed/v1/phone-verify-"));
    let first = first.map(|file| br(file)).sum();
    let largest = languages.iter().map(|file| br(file)).max().unwrap_or_default();
    print(
        "the embedded widget, all together",
        sum(|file| file.size),
        sum(gz),
        sum(br),
    );
    within("the embedded widget", sum(br), LIMIT)?;
    within("loader and CSS, for the first form", first, FIRST_FORM)?;
    within("the largest language", largest, LANGUAGE)?;
    let solver = solver.iter().map(|file| br(file)).sum();
    within("what does a challenge's work", solver, SOLVER)
}

fn within(what: &str, bytes: usize, limit: usize) -> Result<()> {
    println!("{what}: {bytes} of {limit} bytes brotli");
    if bytes == 0 || bytes > limit {
        return Err(Error::Other(format!(
            "{what}: {bytes} bytes brotli; the budget is {limit}"
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
