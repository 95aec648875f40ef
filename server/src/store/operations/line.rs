use super::{Connection, Result, row};
use crate::store::{KnownLine, LimitKey, LineKind, sql};
use phone_verify_domain::Timestamp;

/// Keeps what was learned of a number; what is learned later counts.
pub(in super::super) async fn keep_line(connection: &mut Connection, line: &KnownLine) -> Result<()> {
    sqlx::query(sql::KEEP_LINE)
        .bind(line.number.0.as_slice())
        .bind(line.kind.as_str())
        .bind(line.until.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// What is known of a number's line.
pub(in super::super) async fn line(
    connection: &mut Connection,
    number: LimitKey,
    now: Timestamp,
) -> Result<Option<LineKind>> {
    let row = sqlx::query(sql::FIND_LINE)
        .bind(number.0.as_slice())
        .bind(now.as_millis())
        .fetch_optional(connection)
        .await?;
    row.as_ref()
        .map(|row| row::word(row, "kind", LineKind::parse))
        .transpose()
}
