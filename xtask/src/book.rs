//! `cargo xtask book`: the documentation as a site.

use crate::error::Result;
use crate::paths::Paths;
use crate::process::{self, cargo, step};

/// The package that makes it, with mdBook as its library.
const BOOK: &str = "phone-verify-book";

/// Makes the site in `target/book`: without a warning, and with no link that leads nowhere.
///
/// # Errors
/// The site cannot be made, mdBook warns, or a link is dead.
pub fn run(paths: &Paths) -> Result<()> {
    step("the documentation's site, and every link of it");
    process::run(&mut cargo(&paths.root, ["test", "--quiet", "--package", BOOK]))?;
    let mut book = cargo(&paths.root, ["run", "--quiet", "--package", BOOK, "--"]);
    process::run(book.arg(paths.target.join("book")))
}
