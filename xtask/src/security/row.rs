//! `xtask/security.toml`: what threatens, what stands against it, which tests show it.

use std::path::Path;

use serde::Deserialize;

use crate::error::{AtPath, Error, Result};

/// A row of one of the tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `T1` to `T38`, `F1` to `F28`.
    pub id: String,
    pub what: String,
    pub against: String,
    /// Tests by their functions' names; a path stands for all tests in it.
    pub shown_by: Vec<String>,
    /// What no test of this repository can show, and why.
    #[serde(default)]
    pub note: Option<String>,
}

/// The rows of both tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    #[serde(rename = "threat")]
    pub threats: Vec<Row>,
    #[serde(rename = "fault")]
    pub faults: Vec<Row>,
}

impl Rows {
    /// # Errors
    /// The file cannot be read.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).at(file)?;
        toml::from_str(&text).map_err(|error| Error::Other(format!("{}: {error}", file.display())))
    }

    pub fn all(&self) -> impl Iterator<Item = &Row> {
        self.threats.iter().chain(&self.faults)
    }
}
