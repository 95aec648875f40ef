//! `cargo xtask mutants`: takes one decisive guard after the other out of a copy of the sources, and shows that its test
//! goes red.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{AtPath, Error, Result};
use crate::paths::Paths;
use crate::process::{self, cargo, step};
use crate::security;
use crate::server::with_assets_of;

/// A kept patch: it takes one guard away. Above the diff stand lines of `Name: value`.
struct Mutant {
    name: String,
    patch: PathBuf,
    /// What the guard sees to.
    guard: String,
    /// Rows of the tables in `docs/security.md`.
    threat: String,
    /// What `cargo test` is told before the test's name.
    run: String,
    /// The test that must go red.
    test: String,
}

impl Mutant {
    fn read(patch: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(patch).at(patch)?;
        let field = |name: &str| {
            let prefix = format!("{name}: ");
            let value = text.lines().find_map(|line| line.strip_prefix(&prefix));
            value.map(str::to_owned).ok_or_else(|| {
                Error::Other(format!("{}: no line `{name}: …` above the diff", patch.display()))
            })
        };
        Ok(Self {
            name: patch
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            patch: patch.to_owned(),
            guard: field("Guard")?,
            threat: field("Threat")?,
            run: field("Run")?,
            test: field("Test")?,
        })
    }

    /// All of them, by name; where there are filters, those whose names contain one.
    fn all(root: &Path, filters: &[String]) -> Result<Vec<Self>> {
        let folder = root.join("xtask/mutants");
        let mut patches = std::fs::read_dir(&folder)
            .at(&folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<Vec<_>>>()
            .at(&folder)?;
        patches.sort();
        let mutants = patches.iter().map(|patch| Self::read(patch));
        let mutants: Vec<Self> = mutants.collect::<Result<_>>()?;
        Ok(mutants
            .into_iter()
            .filter(|mutant| filters.is_empty() || filters.iter().any(|filter| mutant.name.contains(filter)))
            .collect())
    }
}

/// The sources of the last commit in a folder of their own, gone when this is dropped. What it is compiled into stays: the
/// next run is quicker.
struct Copy<'a> {
    paths: &'a Paths,
    folder: PathBuf,
}

impl<'a> Copy<'a> {
    fn make(paths: &'a Paths) -> Result<Self> {
        let copy = Self {
            paths,
            folder: paths.work().join("mutants/sources"),
        };
        // A run that was cut off may have left one.
        copy.remove();
        process::run(
            git(&paths.root)
                .args(["worktree", "add", "--quiet", "--detach"])
                .arg(&copy.folder)
                .arg("HEAD"),
        )?;
        Ok(copy)
    }

    fn remove(&self) {
        let folder = &self.folder;
        let mut remove = git(&self.paths.root);
        process::works(remove.args(["worktree", "remove", "--force"]).arg(folder));
    }

    fn apply(&self, mutant: &Mutant, arguments: &[&str]) -> Result<()> {
        process::run(git(&self.folder).arg("apply").args(arguments).arg(&mutant.patch))
    }

    /// Whether the mutant's test passes on the sources as they are now.
    fn passes(&self, mutant: &Mutant) -> Result<bool> {
        let compiled = self.test(mutant, &["--no-run"]).status();
        let compiled = compiled.map_err(|source| Error::Start {
            command: "cargo test --no-run".to_owned(),
            source,
        })?;
        if !compiled.success() {
            return Err(Error::Other(format!(
                "{}: the sources do not compile",
                mutant.name
            )));
        }
        let mut ran = 0;
        let passed = process::watch(&mut self.test(mutant, &["--", "--exact", &mutant.test]), |line| {
            ran += usize::from(line.starts_with("test ") && line.contains(" ... "));
        });
        if ran == 0 {
            return Err(Error::Other(format!("{}: no test {}", mutant.name, mutant.test)));
        }
        Ok(passed.is_ok())
    }

    fn test(&self, mutant: &Mutant, arguments: &[&str]) -> Command {
        let mut command = cargo(&self.folder, ["test"]);
        command
            .args(mutant.run.split_whitespace())
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.paths.work().join("mutants/target"));
        with_assets_of(self.paths, &mut command);
        command
    }
}

impl Drop for Copy<'_> {
    fn drop(&mut self) {
        self.remove();
    }
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    command
}

/// Runs them all, goes on after a survivor, and writes what each came to into the table of `docs/security.md`.
///
/// # Errors
/// A mutant survives, a patch does not apply, or a test is red without any mutant.
pub fn run(paths: &Paths, filters: &[String]) -> Result<()> {
    let mutants = Mutant::all(&paths.root, filters)?;
    let date = process::read(Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    let date = date.trim();
    let copy = Copy::make(paths)?;
    let mut rows = Vec::new();
    let mut survivors = Vec::new();
    // All tests first, so that the sources are compiled once without a mutant and not once for each.
    let mut green = Vec::new();
    for mutant in &mutants {
        step(&format!("without a mutant: {}", mutant.test));
        green.push(copy.passes(mutant));
    }
    for (mutant, green) in mutants.iter().zip(green) {
        step(&format!("{}: {}", mutant.name, mutant.guard));
        let result = green.and_then(|green| killed(&copy, mutant, green));
        let word = match &result {
            Ok(true) => "red".to_owned(),
            Ok(false) => "**survived**".to_owned(),
            Err(error) => error.to_string(),
        };
        let test = mutant.test.rsplit("::").next().unwrap_or_default();
        rows.push(format!(
            "| `{}` | {} | {} | `{test}` | {word}, {date} |",
            mutant.name, mutant.guard, mutant.threat
        ));
        if !matches!(result, Ok(true)) {
            survivors.push(mutant.name.clone());
        }
    }
    println!("\n{}\n", rows.join("\n"));
    security::write_mutants(paths, &rows)?;
    println!(
        "{} passed, {} failed",
        mutants.len() - survivors.len(),
        survivors.len()
    );
    if survivors.is_empty() && !mutants.is_empty() {
        Ok(())
    } else {
        Err(Error::Other(format!("not shown: {}", survivors.join(", "))))
    }
}

/// Whether the test, green without the mutant, is red with it.
fn killed(copy: &Copy<'_>, mutant: &Mutant, green: bool) -> Result<bool> {
    if !green {
        return Err(Error::Other(format!("{} is red without the mutant", mutant.test)));
    }
    copy.apply(mutant, &[])?;
    let passes = copy.passes(mutant);
    copy.apply(mutant, &["--reverse"])?;
    Ok(!passes?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kept_patch_applies_and_names_a_test() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mutants = Mutant::all(&root, &[]).unwrap();
        assert!(mutants.len() >= 15, "{} mutants", mutants.len());
        if !process::works(git(&root).arg("rev-parse")) {
            // An unpacked archive has no git; CI and developers have.
            return;
        }
        for mutant in mutants {
            let mut apply = git(&root);
            apply.args(["apply", "--check"]).arg(&mutant.patch);
            assert!(
                process::works(&mut apply),
                "xtask/mutants/{}.patch does not apply any more: make it again with `git diff -U1`",
                mutant.name
            );
        }
    }
}
