use super::{Connection, Result, row};
use crate::store::{Record, sql};
use phone_verify_domain::VerificationId;
use sqlx::Row as _;

/// The verification as it stands in the connection's transaction.
pub(in super::super) async fn record(
    connection: &mut Connection,
    id: VerificationId,
) -> Result<Option<Record>> {
    let row = sqlx::query(sql::RECORD)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(row::record).transpose()
}

/// What a sender calls the last message of a verification that it took.
pub(in super::super) async fn sender_reference(
    connection: &mut Connection,
    id: VerificationId,
    sender: &str,
) -> Result<Option<String>> {
    let row = sqlx::query(sql::SENDER_REFERENCE)
        .bind(id.as_bytes().as_slice())
        .bind(sender)
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.try_get("sender_reference")).transpose()
}

/// The verification that this transaction has just written to.
pub(super) async fn written(connection: &mut Connection, id: VerificationId) -> Result<Record> {
    record(connection, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// Writes and reads something, to see whether it can be done.
pub(in super::super) async fn probe(connection: &mut Connection) -> Result<()> {
    sqlx::query(sql::PROBE).execute(connection).await?;
    Ok(())
}

/// Writes the fingerprint of the keys where none is, and compares it with the one that is there.
pub(in super::super) async fn keys_match(connection: &mut Connection, fingerprint: &str) -> Result<bool> {
    sqlx::query(sql::WRITE_FINGERPRINT)
        .bind(fingerprint)
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(sql::READ_FINGERPRINT).fetch_one(connection).await?;
    Ok(row.try_get::<String, _>("value")? == fingerprint)
}
