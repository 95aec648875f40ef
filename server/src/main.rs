//! The thin door to the library.

use clap::Parser;
use phone_verify::commands::{CommandLine, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    run(CommandLine::parse())
}
