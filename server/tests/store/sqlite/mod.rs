//! SQLite: every behaviour, and what its one writer and its one file must show.

use crate::behaviours::conformance;
use crate::fixtures::{Opened, Result};
use phone_verify::store::SqliteStore;
use std::path::Path;
use std::sync::Arc;

conformance!(crate::sqlite::fresh);

pub async fn fresh() -> Result<Opened> {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path()).await?;
    Ok(Opened {
        store: Arc::new(store),
        kept: Box::new(folder),
    })
}

async fn open(folder: &Path) -> Result<SqliteStore> {
    let file = folder.join("phone-verify.db");
    Ok(SqliteStore::open(&format!("sqlite://{}", file.display())).await?)
}
