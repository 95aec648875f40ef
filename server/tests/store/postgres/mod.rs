//! PostgreSQL: every behaviour, once from one process and once from three, and what only a database server must show.

mod abandoned;
mod database;
mod early;
mod own_rows;
mod restart;
mod several;
mod short_rows;

use crate::behaviours::conformance;
use crate::cluster::fresh_database;
use crate::fixtures::{Opened, Result, listeners, patient};
use phone_verify::store::PostgresStore;
use std::sync::Arc;

conformance!(crate::postgres::fresh);

async fn fresh() -> Result<Opened> {
    let store = PostgresStore::open_with(&fresh_database().await?, patient()).await?;
    Ok(Opened {
        store: Arc::new(store.announcing_to(listeners()?)),
        _kept: Box::new(()),
    })
}
