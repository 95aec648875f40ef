//! Running other programs, always saying which.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::paths::Paths;

/// Says what happens now.
pub fn step(what: &str) {
    let mut output = std::io::stdout();
    let arrow = if output.is_terminal() {
        "\x1b[1;36m==>\x1b[0m"
    } else {
        "==>"
    };
    println!("{arrow} {what}");
    // The programs that run next write to the same terminal or file.
    output.flush().ok();
}

/// Cargo, the one that runs this program.
pub fn cargo<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(root: &Path, arguments: I) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(arguments);
    command
}

/// A command as it would be typed.
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs to the end, output to the terminal.
///
/// # Errors
/// It cannot be started, or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| Error::Start {
        command: typed(command),
        source,
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Failed {
            command: typed(command),
            status,
        })
    }
}

/// Runs to the end and returns what it printed; errors go to the terminal.
///
/// # Errors
/// It cannot be started, or fails.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Error::Start {
            command: typed(command),
            source,
        })?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Error::Failed {
            command: typed(command),
            status: output.status,
        })
    }
}

/// Runs to the end, output to the terminal, and shows each line of standard output to `watch` as well.
///
/// # Errors
/// It cannot be started, or fails.
pub fn watch(command: &mut Command, mut watch: impl FnMut(&str)) -> Result<()> {
    let started = command.stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|source| Error::Start {
        command: typed(command),
        source,
    })?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(std::io::Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            watch(&line);
        }
    }
    let status = child.wait().map_err(|source| Error::Start {
        command: typed(command),
        source,
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Failed {
            command: typed(command),
            status,
        })
    }
}

/// The date, and the commit of the sources: `2026-11-21 09:00 UTC at commit 1a2b3c4`.
///
/// # Errors
/// There is no `date`.
pub fn now_and_here(paths: &Paths) -> Result<String> {
    let date = read(Command::new("date").args(["-u", "+%Y-%m-%d %H:%M UTC"]))?;
    let mut git = Command::new("git");
    git.current_dir(&paths.root)
        .args(["rev-parse", "--short", "HEAD"]);
    // An unpacked archive has no git.
    let commit = read(&mut git).unwrap_or_else(|_| "unknown".to_owned());
    Ok(format!("{} at commit {}", date.trim(), commit.trim()))
}

/// Whether a program runs at all with these arguments.
pub fn works(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
