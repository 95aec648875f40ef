use super::{Connection, Result, row};
use crate::store::sql::hosts as sql;
use crate::store::{Session, SessionId, SessionRecord};
use phone_verify_domain::{SiteKey, VerificationId};
use sqlx::Row as _;

/// Writes a session.
pub(in super::super) async fn open_session(connection: &mut Connection, session: &Session) -> Result<()> {
    sqlx::query(sql::INSERT_SESSION)
        .bind(session.id.0.as_slice())
        .bind(session.site.as_str())
        .bind(&session.subject)
        .bind(&session.nonce)
        .bind(&session.purpose)
        .bind(&session.origin)
        .bind(&session.return_url)
        .bind(session.created_at.as_millis())
        .bind(session.expires_at.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// The session and what came of it.
pub(in super::super) async fn session(
    connection: &mut Connection,
    id: SessionId,
) -> Result<Option<SessionRecord>> {
    let found = sqlx::query(sql::FIND_SESSION)
        .bind(id.0.as_slice())
        .fetch_optional(connection)
        .await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(SessionRecord {
        session: Session {
            id: SessionId(row::bytes(&row, "id")?),
            site: row::word(&row, "site", SiteKey::parse)?,
            subject: row.try_get("subject")?,
            nonce: row.try_get("nonce")?,
            purpose: row.try_get("purpose")?,
            origin: row.try_get("origin")?,
            return_url: row.try_get("return_url")?,
            created_at: row::moment(&row, "created_at")?,
            expires_at: row::moment(&row, "expires_at")?,
        },
        approved: row::optional_bytes(&row, "approved")?.map(VerificationId::from_bytes),
    }))
}
