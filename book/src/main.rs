//! `book FOLDER`: makes the documentation's site of `docs` in FOLDER, and follows every link of it.
//!
//! It is mdBook with two differences. A page may be a file from elsewhere in the repository, and what it links to is found from
//! where that file lies; a link out of the documentation becomes the path's name. A page that `docs/SUMMARY.md` does not name
//! comes last.

mod links;
mod sources;
mod warnings;

use anyhow::{Context as _, Result, ensure};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).context("usage: book FOLDER")?.into();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("no parent")?;
    let warnings = warnings::count()?;

    let mut config = Config::from_disk(root.join("book.toml"))?;
    config.build.build_dir = std::path::absolute(&folder)?;
    let mut book = MDBook::load_with_config(root, config)?;
    sources::complete(&mut book.book, root)?;
    book.build()?;
    ensure!(warnings.seen() == 0, "the book has warnings");

    let followed = links::follow(&folder)?;
    ensure!(
        followed.dead.is_empty(),
        "links that lead nowhere:\n{}",
        followed.dead.join("\n")
    );
    println!("{} pages, {} links within them", followed.pages, followed.links);
    Ok(())
}
