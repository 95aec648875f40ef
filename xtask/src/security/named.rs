//! Which tests a name in the tables stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::row::Rows;
use crate::error::{AtPath, Error, Result};

/// One test as its runner reports it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// A Rust test, by its function's name.
    Function(String),
    /// All of a file of Playwright's.
    Spec(String),
}

/// What each name in the tables stands for.
pub struct Named(BTreeMap<String, Vec<Test>>);

impl Named {
    /// # Errors
    /// A path is not there, or has no tests.
    pub fn of(rows: &Rows, root: &Path) -> Result<Self> {
        let names: BTreeSet<&String> = rows.all().flat_map(|row| &row.shown_by).collect();
        let tests = names
            .into_iter()
            .map(|name| Ok((name.clone(), tests_of(name, root)?)));
        Ok(Self(tests.collect::<Result<_>>()?))
    }

    /// The tests of a name; none where it was not among the rows.
    pub fn tests(&self, name: &str) -> &[Test] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Functions that no source file has.
    ///
    /// # Errors
    /// A file cannot be read.
    #[cfg(test)]
    pub fn missing(&self, root: &Path) -> Result<Vec<String>> {
        let mut words = BTreeSet::new();
        for folder in [
            "app",
            "bench",
            "domain",
            "examples",
            "fake-twilio",
            "server",
            "token",
            "xtask",
        ] {
            for file in rust_files(&root.join(folder))? {
                let text = std::fs::read_to_string(&file).at(&file)?;
                let is_part = |character: char| character.is_alphanumeric() || character == '_';
                words.extend(text.split(|character| !is_part(character)).map(str::to_owned));
            }
        }
        let functions = self.0.values().flatten().filter_map(|test| match test {
            Test::Function(name) => Some(name),
            Test::Spec(_) => None,
        });
        let missing = functions.filter(|name| !words.contains(*name));
        Ok(missing.cloned().collect())
    }
}

fn tests_of(name: &str, root: &Path) -> Result<Vec<Test>> {
    if !name.contains('/') {
        return Ok(vec![Test::Function(name.to_owned())]);
    }
    let path = root.join(name);
    if name.ends_with(".spec.ts") && path.is_file() {
        return Ok(vec![Test::Spec(name.to_owned())]);
    }
    let mut functions = Vec::new();
    for file in rust_files(&path)? {
        let text = std::fs::read_to_string(&file).at(&file)?;
        functions.extend(functions_of(&text).map(|name| Test::Function(name.to_owned())));
    }
    if functions.is_empty() {
        return Err(Error::Other(format!("xtask/security.toml: no tests in {name}")));
    }
    Ok(functions)
}

/// The functions that stand after a test's attribute.
fn functions_of(text: &str) -> impl Iterator<Item = &str> {
    let attributed = text.split("#[test]").skip(1);
    let attributed = attributed.chain(text.split("#[tokio::test").skip(1));
    attributed
        .filter_map(|rest| {
            let name = rest.split_once("fn ")?.1;
            name.split(['(', '<']).next().map(str::trim)
        })
        // What a macro makes has no name of its own in the text.
        .filter(|name| !name.starts_with('$'))
}

/// A file, or all Rust files below a folder.
fn rust_files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).at(path)? {
        let entry = entry.at(path)?.path();
        if entry.is_dir() {
            files.extend(rust_files(&entry)?);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            files.push(entry);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_for_the_tests_in_it() {
        let text = "#[test]\nfn one() {}\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn two() -> Result {}\nfn helper() {}";
        assert_eq!(functions_of(text).collect::<Vec<_>>(), ["one", "two"]);
    }
}
