use super::budget::LONGEST_PRICE_PAUSE;
use super::{Connection, Result, Row, row};
use crate::store::{OpenDelivery, sql};
use phone_verify_domain::{Channel, Timestamp, VerificationId};
use sqlx::Row as _;

/// Takes deliveries that are to be asked about: what became of them, or what they cost.
pub(in super::super) async fn take_looks(
    connection: &mut Connection,
    now: Timestamp,
    at_most: u32,
) -> Result<Vec<OpenDelivery>> {
    let rows = sqlx::query(sql::TAKE_LOOKS)
        .bind(now.as_millis())
        .bind(i64::from(at_most))
        .fetch_all(&mut *connection)
        .await?;
    let mut due = rows.iter().map(open_delivery).collect::<Result<Vec<_>>>()?;
    let rows = sqlx::query(sql::budgets::TAKE_PRICE_LOOKS)
        .bind(now.as_millis())
        .bind(i64::from(at_most))
        .bind(i64::try_from(LONGEST_PRICE_PAUSE.as_millis()).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    for row in &rows {
        due.push(OpenDelivery {
            is_followed: true,
            ..open_delivery(row)?
        });
    }
    Ok(due)
}

/// The calls of a verification of which no end is known.
pub(in super::super) async fn open_calls(
    connection: &mut Connection,
    id: VerificationId,
) -> Result<Vec<OpenDelivery>> {
    let rows = sqlx::query(sql::OPEN_CALLS)
        .bind(id.as_bytes().as_slice())
        .fetch_all(connection)
        .await?;
    rows.iter().map(open_delivery).collect()
}

fn open_delivery(row: &Row) -> Result<OpenDelivery> {
    Ok(OpenDelivery {
        id: VerificationId::from_bytes(row::bytes(row, "verification_id")?),
        delivery_id: row.try_get("id")?,
        channel: row::word(row, "channel", Channel::parse)?,
        sender: row.try_get("sender")?,
        sender_reference: row.try_get("sender_reference")?,
        is_followed: row::optional_moment(row, "look_at")?.is_some(),
    })
}
