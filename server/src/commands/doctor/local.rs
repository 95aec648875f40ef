//! What lies on this machine, and the database.

use super::Report;
use crate::compose::open_with_keys;
use crate::config::Config;
use crate::store::{Tables, inspect};
use secrecy::ExposeSecret as _;

/// Where keys and data lie. Settings compare the two paths as they are written; links are followed here.
pub(super) fn folders(config: &Config, report: &mut Report) {
    let (Ok(keys), data) = (config.keys_dir.canonicalize(), config.data_dir.canonicalize()) else {
        report.note(
            "keys",
            format!(
                "{} is not there: the first start makes it, with new keys",
                config.keys_dir.display()
            ),
        );
        return;
    };
    if data.is_ok_and(|data| keys.starts_with(data)) {
        report.needs(
            "keys_dir",
            "it lies inside data_dir, so that one backup would hold both: move it elsewhere",
        );
    } else {
        report.ok("keys_dir", "not inside data_dir");
    }
}

/// The database, and the keys that belong to it. Nothing is made that is not there.
pub(super) async fn database(config: &Config, report: &mut Report) {
    match inspect(config.database_url().expose_secret()).await {
        Err(error) => {
            report.needs("database", format!("{error}: check database.url, and that the database runs"));
        }
        Ok(Tables::Absent) => report.note("database", "there is none: the first start makes it"),
        Ok(Tables::Behind) => report.needs("migrations", "the tables are of an earlier version: run `phone-verify migrate`"),
        Ok(Tables::Ahead) => report.needs(
            "migrations",
            "the tables are of a later version than this program: run the program that made them, or a newer one",
        ),
        Ok(Tables::UpToDate) => {
            report.ok("migrations", "the tables are up to date");
            if config.keys_dir.exists() {
                keys_and_writing(config, report).await;
            }
        }
    }
}

async fn keys_and_writing(config: &Config, report: &mut Report) {
    let store = match open_with_keys(config).await {
        Ok((store, _)) => store,
        Err(error) => {
            report.needs("keys", error.to_string());
            return;
        }
    };
    report.ok("keys", "they belong to the database");
    match store.ready().await {
        Ok(()) => report.ok("database", "it can be written to"),
        Err(error) => report.needs("database", format!("it cannot be written to: {error}")),
    }
}
