//! The command line.

mod admin;
mod block;
mod breakers;
mod budget;
mod config_check;
mod decisions;
mod descriptors;
mod doctor;
mod erase;
mod import;
mod keys_rotate;
mod logging;
mod migrate;
mod numbers;
mod serve;
mod webhooks;

use crate::admin::{AdminError, PasswordError};
use crate::compose::ComposeError;
use crate::config::{Config, ConfigError};
use crate::import::{ImportError, TableError};
use admin::AdminCommand;
use block::BlockArguments;
use breakers::BreakersCommand;
use budget::BudgetCommand;
use clap::{Args, Parser, Subcommand};
use decisions::DecisionsArguments;
use import::ImportArguments;
use numbers::NumberArguments;
use phone_verify_domain::Timestamp;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use webhooks::WebhooksCommand;

/// Read where no file is named, if it is there.
const DEFAULT_FILE: &str = "phone-verify.toml";

/// Verifies phone numbers.
#[derive(Debug, Parser)]
#[command(name = "phone-verify", version, about)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve {
        /// Address and port to listen on, in place of `[http] listen`; port 0 takes a free one.
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        #[command(flatten)]
        file: FileArgument,
    },
    /// Look at everything that sending depends on, and say of each that it is ok or what to do. Changes nothing and sends
    /// nothing.
    Doctor {
        #[command(flatten)]
        file: FileArgument,
    },
    /// Settings.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Delete all that any site knows of a number, but the counters that limit it.
    Erase {
        /// The number with its country's calling code, as in +12025550123.
        #[arg(value_name = "NUMBER", allow_hyphen_values = true)]
        number: String,
        #[command(flatten)]
        file: FileArgument,
    },
    /// Keys.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Say what is known of a number: its limits, blocks, last messages, and what rules decided against it.
    LookUp(NumberArguments),
    /// Forget a number's limits and wrong codes: a message can be asked for at once.
    Unlock(NumberArguments),
    /// Send nothing more to a number; erasing the number does not end it.
    Block(BlockArguments),
    /// End a block.
    Unblock(BlockArguments),
    /// What was refused, or dropped without being told, by which rule, and what that rule saw; the newest first.
    Decisions(DecisionsArguments),
    /// What stops sends to countries and prefixes whose codes do not come back.
    Breakers {
        #[command(subcommand)]
        command: BreakersCommand,
    },
    /// What sends cost.
    Budget {
        #[command(subcommand)]
        command: BudgetCommand,
    },
    /// Take over the numbers that a system before this one verified. The same import again changes nothing.
    Import(ImportArguments),
    /// Events that sites are told of.
    Webhooks {
        #[command(subcommand)]
        command: WebhooksCommand,
    },
    /// The operator's pages at `/admin`.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Bring the database up to date, and end.
    Migrate {
        #[command(flatten)]
        file: FileArgument,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read the settings and say what is wrong with them, and what should be known.
    Check {
        #[command(flatten)]
        file: FileArgument,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make new signing and sealing keys, which all processes use after `[keys] publish_before_use`, and delete those that nothing
    /// needs any more.
    Rotate {
        #[command(flatten)]
        file: FileArgument,
    },
}

#[derive(Debug, Args)]
struct FileArgument {
    /// The configuration file. Without it: `phone-verify.toml` in this folder, if there is one.
    #[arg(long = "config", value_name = "FILE", env = "PHONE_VERIFY_CONFIG")]
    path: Option<PathBuf>,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error("[log] level: {0}")]
    LogLevel(String),
    #[error("{address} cannot be listened on: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("NUMBER: not a phone number with its country's calling code, as in +12025550123")]
    Number,
    #[error(
        "PLACE: neither a country, as in US, nor a number, as in +12025550123, nor a prefix that is listed"
    )]
    Place,
    #[error("--site: no site has this key")]
    Site,
    #[error("--country: not an ISO 3166 alpha-2 code")]
    Country,
    #[error("--channel: neither `sms` nor `call`")]
    Channel,
    #[error("name a CSV file, or --database and --query")]
    NoTable,
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("--verification: not the id of a verification")]
    Verification,
    #[error("--rule: no rule has this name")]
    Rule,
    #[error("--since: neither a while, as in 2h, nor a moment, as in 2026-01-31T12:00:00Z")]
    Since,
    #[error("{0} to do")]
    ToDo(usize),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("the password cannot be read: {0}")]
    Input(io::Error),
    #[error("the runtime cannot be started: {0}")]
    Runtime(io::Error),
}

/// Does what the command line says.
#[must_use]
pub fn run(line: CommandLine) -> ExitCode {
    let done = match line.command {
        Command::Serve { listen, file } => serve::run(listen, &file),
        Command::Config {
            command: ConfigCommand::Check { file },
        } => config_check::run(&file),
        Command::Doctor { file } => doctor::run(&file),
        Command::Erase { number, file } => erase::run(&number, &file),
        Command::LookUp(arguments) => numbers::look_up(&arguments),
        Command::Unlock(arguments) => numbers::unlock(&arguments),
        Command::Decisions(arguments) => decisions::run(&arguments),
        Command::Block(arguments) => block::block(&arguments),
        Command::Unblock(arguments) => block::unblock(&arguments),
        Command::Keys {
            command: KeysCommand::Rotate { file },
        } => keys_rotate::run(&file),
        Command::Breakers { command } => breakers::run(command),
        Command::Budget { command } => budget::run(&command),
        Command::Import(arguments) => import::run(&arguments),
        Command::Webhooks { command } => webhooks::run(command),
        Command::Admin { command } => admin::run(&command),
        Command::Migrate { file } => migrate::run(&file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("phone-verify: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

impl FileArgument {
    /// The settings of the file, if there is one, and of the environment; `listen` stands above both.
    fn load(&self, listen: Option<SocketAddr>) -> Result<Config, ConfigError> {
        let mut environment: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        if let Some(address) = listen {
            environment.insert("PHONE_VERIFY__HTTP__LISTEN".to_owned(), address.to_string());
        }
        let default = Path::new(DEFAULT_FILE);
        let file = match &self.path {
            Some(path) => Some(path.as_path()),
            None => default.exists().then_some(default),
        };
        Config::load(file, &environment)
    }
}

/// A thread for every second core: what serves a request waits for the database most of its time, and threads that have little to do
/// spend it on waking each other. tokio's own variable says otherwise.
fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        builder.worker_threads(cores.div_ceil(2));
    }
    builder.enable_all().build().map_err(CommandError::Runtime)
}

/// A moment as it is printed.
fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}
