use super::{Connection, begin_early, statements as sql};
use crate::bare::{MASK, Rows, SEALED, SITE, Verification};
use sqlx::Connection as _;

type Result<T = ()> = std::result::Result<T, sqlx::Error>;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The row of the client address's checks.
const CHECKS: u8 = 2;

/// A limit's row: whose, and how long its windows are.
type Limit = ([u8; 32], [Option<i64>; 3]);

/// A row that many starts share, or one of its own where nobody shall wait for anybody.
fn shared(verification: &Verification, kind: u8) -> [u8; 32] {
    let mut key = [kind; 32];
    if verification.rows == Rows::Apart {
        key[..16].copy_from_slice(&verification.id);
    }
    key
}

/// The six rows of a start: of its number, the client's address, the number's prefix, country, site and deployment.
fn limits(verification: &Verification) -> [Limit; 6] {
    let shared = |kind: u8| shared(verification, kind);
    let windows = [Some(MINUTE), Some(HOUR), Some(DAY)];
    let mut prefix = [3; 32];
    // A number's prefix leaves out four digits: some of the numbers of a run share one.
    prefix[..2].copy_from_slice(&verification.number[..2]);
    [
        (verification.number, windows),
        (shared(1), windows),
        (prefix, [None, Some(HOUR), Some(DAY)]),
        (shared(4), windows),
        (shared(5), windows),
        (shared(6), windows),
    ]
}

async fn take(connection: &mut Connection, limits: &[Limit], now: i64) -> Result {
    let mut query = sqlx::query(sql::take_limits(limits.len())).bind(now);
    for (key, windows) in limits {
        query = query.bind(key.as_slice());
        for window in windows {
            query = query.bind(window.map(|window| now + window / 1_000_000));
        }
        for window in windows {
            query = query.bind(*window);
        }
    }
    let taken = query.fetch_all(connection).await?;
    if taken.len() == limits.len() {
        Ok(())
    } else {
        Err(sqlx::Error::RowNotFound)
    }
}

async fn stand(connection: &mut Connection, keys: &[[u8; 32]]) -> Result {
    let mut query = sqlx::query(sql::find_limits(keys.len()));
    for key in keys {
        query = query.bind(key.as_slice());
    }
    query.fetch_all(connection).await?;
    Ok(())
}

/// One of the number's five places of a day.
async fn take_place(connection: &mut Connection, new: &Verification) -> Result {
    let places = [1, 2, 3, 4, 5].map(|place| {
        let mut key = new.number;
        key[31] = place;
        key
    });
    let with_lock = [places.as_slice(), &[new.mac]].concat();
    stand(connection, &with_lock).await?;
    take(connection, &[(places[0], [Some(DAY), None, None])], new.now).await?;
    sqlx::query(*sql::NEXT_PLACE)
        .bind(new.number.to_vec())
        .bind(new.now)
        .execute(connection)
        .await?;
    Ok(())
}

/// The verification, as the server reads it for its answers.
pub async fn record(connection: &mut Connection, verification: &Verification) -> Result {
    sqlx::query(*sql::RECORD)
        .bind(verification.id.as_slice())
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// What a start looks at before its transaction.
pub async fn look(connection: &mut Connection, verification: &Verification) -> Result {
    let number = verification.number.as_slice();
    sqlx::query(*sql::STANDING)
        .bind(number)
        .bind(number)
        .bind(verification.mac.as_slice())
        .bind(SITE)
        .bind(number)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// Limits, verification and intent.
pub async fn start(connection: &mut Connection, new: &Verification) -> Result {
    let now = new.now;
    let mut transaction = begin_early(connection).await?;
    let limits = limits(new);
    let (own, of_many) = limits.split_at(1);
    let mut keys = limits.map(|(key, _)| key).to_vec();
    // Its lock, and what the answer tells of checks.
    keys.extend([new.mac, shared(new, CHECKS)]);
    stand(&mut transaction, &keys).await?;
    take(&mut transaction, own, now).await?;
    take_place(&mut transaction, new).await?;
    sqlx::query(*sql::CANCEL_OLDEST)
        .bind(SITE)
        .bind(new.number.as_slice())
        .bind(now)
        .bind(4_i64)
        .fetch_all(&mut *transaction)
        .await?;
    sqlx::query(*sql::INSERT_VERIFICATION)
        .bind(new.id.as_slice())
        .bind(SITE)
        .bind(new.number.as_slice())
        .bind(MASK)
        .bind("US")
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(6_i64)
        .bind(new.mac.as_slice())
        .bind(SEALED.as_slice())
        .bind(1_i64)
        .bind(5_i64)
        .bind(5_i64)
        .bind(now - 5_000)
        .bind(now)
        .bind(now + 10 * MINUTE)
        .bind(None::<Vec<u8>>)
        .bind(None::<Vec<u8>>)
        .bind(None::<Vec<u8>>)
        .bind(None::<i64>)
        .bind(None::<i64>)
        .bind("browser")
        .bind(None::<String>)
        .bind(0_i64)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(*sql::INSERT_DELIVERY)
        .bind(new.id.as_slice())
        .bind(new.name(1))
        .bind("sms")
        .bind("outbox")
        .bind("0123456789abcdef")
        .bind(now + 30_000)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    record(&mut transaction, new).await?;
    take(&mut transaction, of_many, now).await?;
    transaction.commit().await
}

/// What the sender answered.
pub async fn settle(connection: &mut Connection, sent: &Verification) -> Result {
    let mut transaction = connection.begin().await?;
    sqlx::query(*sql::SETTLE_DELIVERY)
        .bind(sent.id.as_slice())
        .bind(sent.name(1))
        .bind("0123456789abcdef")
        .bind("accepted")
        .bind(None::<String>)
        .bind("outbox")
        .bind(sent.name(1))
        .bind(sent.now)
        .bind(None::<i64>)
        .bind(None::<i64>)
        .fetch_one(&mut *transaction)
        .await?;
    record(&mut transaction, sent).await?;
    transaction.commit().await
}

/// A right code.
pub async fn check(connection: &mut Connection, checked: &Verification) -> Result {
    let now = checked.now + 1;
    let mut transaction = begin_early(connection).await?;
    sqlx::query(*sql::SPEND_CHECK)
        .bind(checked.id.as_slice())
        .bind(SITE)
        .bind(checked.mac.as_slice())
        .bind(now)
        .bind(2_i64)
        .bind(15_000_i64)
        .bind(20_i64)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query(*sql::SPEND_DAY)
        .bind(SITE)
        .bind(checked.number.as_slice())
        .bind(now / DAY)
        .bind(0_i64)
        .bind(10_i64)
        .bind(100_i64)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query(*sql::INSERT_TOKEN)
        .bind(checked.name(2))
        .bind(checked.id.as_slice())
        .bind(SITE)
        .bind(now)
        .bind(now + 5 * MINUTE)
        .execute(&mut *transaction)
        .await?;
    record(&mut transaction, checked).await?;
    let windows = [Some(MINUTE), Some(HOUR), Some(DAY)];
    take(&mut transaction, &[(shared(checked, CHECKS), windows)], now).await?;
    give_back(&mut transaction, checked).await?;
    transaction.commit().await
}

/// One send of the client's address, which an approval gives back.
async fn give_back(connection: &mut Connection, approved: &Verification) -> Result {
    let [_, (address, windows), ..] = limits(approved);
    let mut query = sqlx::query(*sql::GIVE_BACK_LIMIT).bind(address.to_vec());
    for window in windows {
        query = query.bind(window.map_or(0, |window| window / 1_000_000));
    }
    query.execute(connection).await?;
    Ok(())
}
