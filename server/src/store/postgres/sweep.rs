use super::{Connection, has_code, operations};
use crate::store::swept::{Reached, SweptTo};
use crate::store::{Listeners, Retention};
use phone_verify_domain::Timestamp;
use sqlx::Connection as _;

/// Names the lock that one sweeper of all processes holds: `pvsweep` in ASCII.
const SWEEPER: i64 = 0x70_76_73_77_65_65_70;

/// A sweep takes many rows in no order that others know. Where one of them is in use it soon lets go of all, so that nobody
/// waits for it for long.
const ALONE: &str =
    "SELECT pg_try_advisory_xact_lock($1) AND set_config('lock_timeout', '50ms', TRUE) IS NOT NULL";

/// Sweeps, unless another process does, or somebody is in the way.
pub(super) async fn alone(
    connection: &mut Connection,
    now: Timestamp,
    retention: Retention,
    from: &Reached,
    listeners: &Listeners,
) -> Result<Option<SweptTo>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let alone: bool = sqlx::query_scalar(ALONE)
        .bind(SWEEPER)
        .fetch_one(&mut *transaction)
        .await?;
    if !alone {
        return Ok(None);
    }
    match operations::sweep(&mut transaction, now, retention, from, listeners).await {
        Ok(sweep) => {
            transaction.commit().await?;
            Ok(Some(sweep))
        }
        Err(error) if has_code(&error, &["55P03"]) => Ok(None),
        Err(error) => Err(error),
    }
}
