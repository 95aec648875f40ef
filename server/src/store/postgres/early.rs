//! Commits that do not keep others waiting for the disk.
//!
//! Starts of one deployment change the same few rows: the limits of a country and a site, a breaker, a budget; so do checks of one
//! address, and approvals in one country. Were each to hold them until its commit is on disk, they would come one after another. So
//! such a transaction commits without waiting (`synchronous_commit = off`), which lets its rows go, and then waits for the disk once,
//! together with whoever else waits. Nothing is answered and no message is sent before; and who reads an approval, waits too. The log is
//! written in order: once a later record is on disk, so is the commit, and all that it was built on (PostgreSQL's manual,
//! "Asynchronous Commit").

use super::Connection;
use crate::store::commit::Commit;
use crate::store::{Record, SessionRecord};
use phone_verify_domain::Status;
use sqlx::{Connection as _, Postgres, Transaction};

const BEGIN_EARLY: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// A transaction that changes nothing waits for nothing; an empty message in the log is the least that one can change.
const ON_DISK: &str = "SELECT pg_logical_emit_message(TRUE, 'phone-verify', '')";

/// Whether this user of this database may write such a message.
const MAY_WAIT_ALONE: &str = "
SELECT EXISTS (
    SELECT FROM pg_proc
    WHERE proname = 'pg_logical_emit_message' AND proargtypes[2] = 'text'::regtype
        AND has_function_privilege(oid, 'EXECUTE')
)";

/// Begins a transaction that ends so.
pub(super) async fn begin(
    connection: &mut Connection,
    commit: Commit,
) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
    match commit {
        Commit::Durable => connection.begin().await,
        Commit::Early => connection.begin_with(BEGIN_EARLY).await,
    }
}

/// Waits until all that was committed before is on disk, as far as the session's `synchronous_commit` asks: on a replica's too.
pub(super) async fn on_disk(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query(ON_DISK).execute(connection).await?;
    Ok(())
}

/// How this database's transactions that share rows may end: databases that only speak like PostgreSQL may have no such message, and
/// an administrator may have kept it to himself.
pub(super) async fn commit(connection: &mut Connection) -> Result<Commit, sqlx::Error> {
    let may: bool = sqlx::query_scalar(MAY_WAIT_ALONE).fetch_one(connection).await?;
    Ok(if may { Commit::Early } else { Commit::Durable })
}

/// Whether a verification that is shown was approved, just now perhaps.
#[expect(clippy::ref_option, reason = "what an outcome is asked by")]
pub(super) fn has_approved(record: &Option<Record>) -> bool {
    record
        .as_ref()
        .is_some_and(|record| record.facts.status == Status::Approved)
}

/// Whether a session that is shown has had an approval.
#[expect(clippy::ref_option, reason = "what an outcome is asked by")]
pub(super) fn was_approved_in(session: &Option<SessionRecord>) -> bool {
    session.as_ref().is_some_and(|session| session.approved.is_some())
}

/// For what is shown to a site's own server.
pub(super) fn always<T>(_: &T) -> bool {
    true
}
