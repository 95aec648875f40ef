//! The settings: one struct a section of the file, and the rules that hold between them.
//!
//! ```text
//! development.toml  <-  the file  <-  TWILIO_* variables  <-  PHONE_VERIFY__SECTION__KEY variables
//! ```
//!
//! Later ones win. Unknown names refuse to start and are named; so does what is dangerous in production ([`check`]).

mod admin;
mod budget;
mod calls;
mod challenge;
mod check;
mod code;
mod conversion;
mod database;
mod environment;
mod http;
mod http_sender;
mod keys;
mod limits;
mod log;
mod mode;
mod outbox;
mod retention;
mod senders;
mod sites;
mod test_numbers;
mod tree;
mod twilio;
pub mod value;

pub use admin::AdminConfig;
pub use budget::BudgetConfig;
pub use calls::CallsConfig;
pub use challenge::{ChallengeConfig, ChallengeMode};
pub use code::CodeConfig;
pub use conversion::Conversion;
pub use database::DatabaseConfig;
pub use http::HttpConfig;
pub use http_sender::HttpSenderConfig;
pub use keys::KeysConfig;
pub use limits::{
    AddressLimits, CheckLimits, DeploymentLimits, FailedChecks, LimitsConfig, NumberLimits, PrefixLimits,
    Rates, SendLimits, SubjectLimits,
};
pub use log::{LogConfig, LogFormat};
pub use mode::Mode;
pub use outbox::OutboxConfig;
pub use retention::RetentionConfig;
pub use senders::{Routes, SenderName, SendersConfig};
pub use sites::{NumberStorage, OnConflict, SiteConfig};
pub use test_numbers::TestNumber;
pub use twilio::{AddressRetention, ContentRetention, RiskCheck, TwilioConfig};
pub(crate) use value::duration::parse as parse_duration;
pub use value::{BaseUrl, Count};

use crate::budget::Budgets;
use crate::senders::http::HttpSenderError;
use crate::senders::twilio::KeyGate;
use crate::sites::Sites;
use phone_verify_domain::SiteKey;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tree::Node;

/// All settings, read and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the server is run for. Without it: development where there is no file, else production.
    pub mode: Mode,
    /// Whether `mode` was set rather than concluded.
    #[serde(skip)]
    pub mode_is_explicit: bool,
    /// The folder of the database and of what earlier releases left for browsers that still ask for it.
    pub data_dir: PathBuf,
    /// The folder of the keys; not inside `data_dir`, so that one backup does not hold both.
    pub keys_dir: PathBuf,
    /// `[http]`
    pub http: HttpConfig,
    /// `[keys]`
    pub keys: KeysConfig,
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[log]`
    pub log: LogConfig,
    /// `[code]`
    pub code: CodeConfig,
    /// `[limits]`
    pub limits: LimitsConfig,
    /// `[budget]`
    pub budget: BudgetConfig,
    /// `[retention]`
    pub retention: RetentionConfig,
    /// `[challenge]`
    pub challenge: ChallengeConfig,
    /// `[senders]`
    pub senders: SendersConfig,
    /// `[twilio]`
    pub twilio: TwilioConfig,
    /// `[http_sender]`
    pub http_sender: HttpSenderConfig,
    /// `[calls]`
    pub calls: CallsConfig,
    /// `[admin]`
    pub admin: AdminConfig,
    /// `[outbox]`
    pub outbox: OutboxConfig,
    /// `[[test_numbers]]`
    pub test_numbers: Vec<TestNumber>,
    /// `[[sites]]`
    pub sites: Vec<SiteConfig>,
    /// What is allowed and should be known: logged at start, printed by `config check`.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mode: Mode::Production,
            mode_is_explicit: false,
            data_dir: PathBuf::from("./data"),
            keys_dir: PathBuf::from("./keys"),
            http: HttpConfig::default(),
            keys: KeysConfig::default(),
            database: DatabaseConfig::default(),
            log: LogConfig::default(),
            code: CodeConfig::default(),
            limits: LimitsConfig::default(),
            budget: BudgetConfig::default(),
            retention: RetentionConfig::default(),
            challenge: ChallengeConfig::default(),
            senders: SendersConfig::default(),
            twilio: TwilioConfig::default(),
            http_sender: HttpSenderConfig::default(),
            calls: CallsConfig::default(),
            admin: AdminConfig::default(),
            outbox: OutboxConfig::default(),
            test_numbers: Vec::new(),
            sites: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Why the settings cannot be used: one line each, which says what to change.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The lines.
    pub problems: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl From<HttpSenderError> for ConfigError {
    fn from(error: HttpSenderError) -> Self {
        Self::one(error.to_string())
    }
}

impl ConfigError {
    fn one(problem: String) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl Config {
    /// The settings of a file, if there is one, and of the environment.
    ///
    /// # Errors
    /// [`ConfigError`] where the file cannot be read, and as [`Config::parse`].
    pub fn load(file: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let Some(path) = file else {
            return Self::parse(None, environment);
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::one(format!("{} cannot be read: {error}", path.display())))?;
        Self::parse(Some(&text), environment).map_err(|mut error| {
            for problem in &mut error.problems {
                *problem = format!("{}: {problem}", path.display());
            }
            error
        })
    }

    /// The settings of a file's text, if there is one, and of the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names what is unknown, what is malformed and what is dangerous. No value is repeated in it.
    pub fn parse(file: Option<&str>, environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let from_file = match file {
            Some(text) => toml_tree(text).map_err(ConfigError::one)?,
            None => Node::empty(),
        };
        let from_environment = environment::tree(environment).map_err(|problems| ConfigError { problems })?;
        let explicit = from_file.merge(from_environment);

        let (mode, mode_is_explicit) = match explicit.at("mode") {
            Some(word) => (
                tree::read(word.clone(), PhantomData)
                    .map_err(|error| ConfigError::one(format!("mode: {error}")))?,
                true,
            ),
            None if file.is_some() => (Mode::Production, false),
            None => (Mode::Development, false),
        };
        let mut config: Self =
            tree::read(below(mode, &explicit)?.merge(explicit), PhantomData).map_err(ConfigError::one)?;
        config.mode = mode;
        config.mode_is_explicit = mode_is_explicit;
        config.warnings = check::check(&config)?;
        Ok(config)
    }

    /// Whether only this machine may be served: development that nobody asked for.
    #[must_use]
    pub fn is_loopback_only(&self) -> bool {
        self.mode == Mode::Development && !self.mode_is_explicit
    }

    /// Where the database is; it may hold a password.
    #[must_use]
    pub fn database_url(&self) -> SecretString {
        let in_data_dir = || format!("sqlite://{}", self.data_dir.join("phone-verify.db").display()).into();
        self.database.url.clone().unwrap_or_else(in_data_dir)
    }

    /// Scheme, host and port that browsers reach the server by, when it listens on `address`.
    #[must_use]
    pub fn public_url(&self, address: SocketAddr) -> String {
        match &self.http.public_url {
            Some(url) => url.as_str().to_owned(),
            None => format!("http://{address}"),
        }
    }

    /// Where calls ask what to say once a key is pressed; `None` where they say the code at once.
    #[must_use]
    pub fn key_gate(&self) -> Option<KeyGate> {
        let url = self.http.public_url.clone().filter(|_| self.calls.press_key)?;
        Some(KeyGate::at(url))
    }

    /// Which senders are used.
    #[must_use]
    pub fn routes(&self) -> Routes {
        self.senders.routes(&self.twilio, self.mode)
    }

    /// What sends may cost, where anything limits it.
    #[must_use]
    pub fn budgets(&self) -> Option<Budgets> {
        let sites = self.sites.iter();
        let of_sites = sites.filter_map(|site| Some((SiteKey::parse(&site.key)?, site.budget())));
        self.budget.budgets(of_sites)
    }

    /// The sites that are served.
    ///
    /// # Errors
    /// [`ConfigError`]; none where the settings came from [`Config::parse`] and were not changed since.
    pub fn sites(&self) -> Result<Sites, ConfigError> {
        let mut sites = Vec::new();
        let mut problems = Vec::new();
        for (index, site) in self.sites.iter().enumerate() {
            match site.site(self.mode) {
                Ok(mut site) => {
                    site.reverify_after = site.reverify_after.or(self.limits.reverify_after);
                    sites.push(site);
                }
                Err(problem) => problems.push(format!("sites[{index}].{problem}")),
            }
        }
        if problems.is_empty() {
            Ok(Sites::new(sites))
        } else {
            Err(ConfigError { problems })
        }
    }
}

/// What a mode begins with.
fn below(mode: Mode, explicit: &Node) -> Result<Node, ConfigError> {
    if mode == Mode::Production {
        return Ok(Node::empty());
    }
    let defaults = toml_tree(include_str!("development.toml")).map_err(ConfigError::one)?;
    if explicit.at("sites").is_some() {
        return Ok(defaults);
    }
    let demo = toml_tree(include_str!("demo_site.toml")).map_err(ConfigError::one)?;
    Ok(defaults.merge(demo))
}

fn toml_tree(text: &str) -> Result<Node, String> {
    // The parser's own report quotes the line at fault, which may hold a secret.
    text.parse::<toml::Table>().map(Node::from).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        format!("line {line}: {}", error.message())
    })
}
