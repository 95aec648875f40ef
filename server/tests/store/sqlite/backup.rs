//! An old backup is put back.

use super::{open, url};
use crate::fixtures::*;
use phone_verify::store::{Redeemed, Store};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

/// Ends are moments, not marks: whatever lived when the backup was taken is over by the clock, though the backup does not know
/// what became of it since.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_backup_older_than_a_code_lives_no_code_and_no_token_is_good_again() -> Result {
    let (folder, restored) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let store = open(folder.path()).await?;
    started(&store, new(1)?).await?;
    started(&store, new(2)?).await?;
    let approval = check(2, RIGHT)?;
    assert_eq!(checked(&store, approval.clone()).await?, "approved");

    let copy = restored.path().join("phone-verify.db");
    let mut connection = SqliteConnection::connect(&url(folder.path())).await?;
    let backup = AssertSqlSafe(format!("VACUUM INTO '{}'", copy.display()));
    sqlx::query(backup).execute(&mut connection).await?;
    connection.close().await?;

    for _ in 0..5 {
        assert_eq!(checked(&store, check(1, WRONG)?).await?, "wrong");
    }
    assert_eq!(checked(&store, check(1, RIGHT)?).await?, "ended");
    assert_eq!(store.redeem(&site()?, &approval.jti, NOON).await?, Redeemed::Now);
    drop(store);

    let store = open(restored.path()).await?;
    assert_eq!(
        found(&store, 1).await?.facts.attempts_used,
        0,
        "the backup knows of no check"
    );
    let later = NOON + TTL;
    assert_eq!(checked(&store, check_at(1, RIGHT, later)?).await?, "ended");
    assert_eq!(
        store.redeem(&site()?, &approval.jti, later).await?,
        Redeemed::Unknown
    );
    assert_eq!(checked(&store, check_at(2, RIGHT, later)?).await?, "ended");
    Ok(())
}
