use super::{Connection, Result};
use crate::store::{LimitKey, OptOut, Wish, sql};
use sqlx::Connection as _;

/// Takes a wish once.
pub(in super::super) async fn wish(connection: &mut Connection, wish: &Wish) -> Result<bool> {
    let mut transaction = connection.begin().await?;
    if let Some(reference) = &wish.reference {
        let first = sqlx::query(sql::TAKE_OPT_OUT_MESSAGE)
            .bind(reference)
            .bind(wish.now.as_millis())
            .fetch_optional(&mut *transaction)
            .await?;
        if first.is_none() {
            transaction.rollback().await?;
            return Ok(false);
        }
    }
    let number = wish.number.0.as_slice();
    match wish.opt {
        OptOut::Stop => {
            sqlx::query(sql::INSERT_OPT_OUT)
                .bind(number)
                .bind(wish.now.as_millis())
                .execute(&mut *transaction)
                .await?;
        }
        OptOut::Start => {
            sqlx::query(sql::DELETE_OPT_OUT)
                .bind(number)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(true)
}

/// Whether the last wish of a number's owner was to get no messages.
pub(in super::super) async fn opted_out(connection: &mut Connection, number: LimitKey) -> Result<bool> {
    let row = sqlx::query(sql::FIND_OPT_OUT)
        .bind(number.0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}
