use super::{Connection, Result, read, row};
use crate::store::{Idempotency, Record, Repeat, sql};
use phone_verify_domain::{IdempotencyKey, SiteKey, Timestamp, VerificationId};

/// Takes the key for `id`, or says what it led to before.
pub(super) async fn claim(
    connection: &mut Connection,
    site: &SiteKey,
    idempotency: &Idempotency,
    id: VerificationId,
) -> Result<Repeat> {
    let claimed = sqlx::query(sql::CLAIM_IDEMPOTENCY)
        .bind(site.as_str())
        .bind(idempotency.key.as_str())
        .bind(idempotency.request_mac.as_slice())
        .bind(id.as_bytes().as_slice())
        .bind(idempotency.expires_at.as_millis())
        .bind(idempotency.asked_at.as_millis())
        .fetch_optional(&mut *connection)
        .await?;
    if claimed.is_some() {
        return Ok(Repeat::New);
    }
    let earlier = repeated(connection, site, idempotency).await?;
    if matches!(earlier, Repeat::New) {
        sqlx::query(sql::RECLAIM_IDEMPOTENCY)
            .bind(site.as_str())
            .bind(idempotency.key.as_str())
            .bind(idempotency.request_mac.as_slice())
            .bind(id.as_bytes().as_slice())
            .bind(idempotency.expires_at.as_millis())
            .execute(connection)
            .await?;
    }
    Ok(earlier)
}

/// What the key led to.
pub(in super::super) async fn repeated(
    connection: &mut Connection,
    site: &SiteKey,
    idempotency: &Idempotency,
) -> Result<Repeat> {
    let Some((request_mac, id)) = find(connection, site, &idempotency.key, idempotency.asked_at).await?
    else {
        return Ok(Repeat::New);
    };
    if request_mac != idempotency.request_mac {
        return Ok(Repeat::Mismatch);
    }
    let record: Option<Record> = read::record(connection, id).await?;
    Ok(record.map_or(Repeat::New, |record| Repeat::Same(Box::new(record))))
}

async fn find(
    connection: &mut Connection,
    site: &SiteKey,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<([u8; 32], VerificationId)>> {
    let found = sqlx::query(sql::FIND_IDEMPOTENCY)
        .bind(site.as_str())
        .bind(key.as_str())
        .bind(now.as_millis())
        .fetch_optional(connection)
        .await?;
    found
        .map(|row| {
            Ok((
                row::bytes(&row, "request_mac")?,
                VerificationId::from_bytes(row::bytes(&row, "verification_id")?),
            ))
        })
        .transpose()
}

/// Forgets the key where it led to `id`.
pub(super) async fn forget(
    connection: &mut Connection,
    site: &SiteKey,
    key: &IdempotencyKey,
    id: VerificationId,
) -> Result<()> {
    sqlx::query(sql::FORGET_IDEMPOTENCY)
        .bind(site.as_str())
        .bind(key.as_str())
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(())
}
