use super::{Connection, Result, row};
use crate::store::sql::standing as sql;
use crate::store::{NumberNames, NumberStanding};

/// How a number stands before anything is sent to it: one question for all that is asked, as every start waits for the answer.
pub(in super::super) async fn standing(
    connection: &mut Connection,
    names: &NumberNames,
) -> Result<NumberStanding> {
    let [everywhere, on_site] = names.blocks;
    let row = sqlx::query(sql::STANDING)
        .bind(names.opt_out.0.as_slice())
        .bind(everywhere.0.as_slice())
        .bind(on_site.0.as_slice())
        .bind(names.site.as_str())
        .bind(names.index.0.as_slice())
        .fetch_one(connection)
        .await?;
    let holds = |column| row::whole::<u8>(&row, column).map(|count| count > 0);
    Ok(NumberStanding {
        has_opted_out: holds("opted_out")?,
        is_blocked: holds("blocked")?,
        is_known: holds("known")?,
    })
}
