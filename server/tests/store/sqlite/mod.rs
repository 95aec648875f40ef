//! SQLite: every behaviour, and what its one writer and its one file must show.

mod backup;
mod batches;
mod faults;
mod file;
mod kill;

use crate::behaviours::conformance;
use crate::fixtures::{Opened, Result, listeners, patient};
use phone_verify::store::SqliteStore;
use std::path::Path;
use std::sync::Arc;

conformance!(crate::sqlite::fresh);

async fn fresh() -> Result<Opened> {
    let folder = tempfile::tempdir()?;
    let store = SqliteStore::open_with(&url(folder.path()), patient()).await?;
    Ok(Opened {
        store: Arc::new(store.announcing_to(listeners()?)),
        _kept: Box::new(folder),
    })
}

async fn open(folder: &Path) -> Result<SqliteStore> {
    Ok(SqliteStore::open(&url(folder)).await?)
}

fn url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("phone-verify.db").display())
}
