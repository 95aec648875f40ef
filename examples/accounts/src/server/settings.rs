//! The settings of phone-verify that this app needs.

use super::SITE;
use phone_verify::config::{Config, ConfigError, Mode};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

/// What development begins with; variables stand above it.
const DEVELOPMENT: &str = include_str!("development.toml");

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// What phone-verify says of them.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Production by a variable alone.
    #[error("production needs --config FILE, with a site `{SITE}`")]
    NoFile,
}

/// The settings of a file, for production; of development where there is none. `PHONE_VERIFY__…` variables stand above both.
///
/// # Errors
/// [`SettingsError`]
pub fn settings(
    file: Option<&Path>,
    listen: SocketAddr,
    mut environment: BTreeMap<String, String>,
) -> Result<Config, SettingsError> {
    environment.insert("PHONE_VERIFY__HTTP__LISTEN".to_owned(), listen.to_string());
    if file.is_some() {
        return Ok(Config::load(file, &environment)?);
    }
    let mut config = Config::parse(Some(DEVELOPMENT), &environment)?;
    if config.mode == Mode::Production {
        return Err(SettingsError::NoFile);
    }
    // Nobody asked for development: this machine alone is answered.
    config.mode_is_explicit = environment.contains_key("PHONE_VERIFY__MODE");
    Ok(config)
}
