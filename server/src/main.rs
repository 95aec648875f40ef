//! The thin door to the library.

use clap::Parser;
use mimalloc::MiMalloc;
use phone_verify::commands::{CommandLine, run};
use std::process::ExitCode;

/// The C library's allocator keeps ever more of what thousands of short connections leave behind them; this one uses it again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    run(CommandLine::parse())
}
