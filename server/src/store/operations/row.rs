use super::{Result, Row};
use crate::store::{CodeHolder, LimitKey, NumberDay, NumberIndex, Record, Sealed, TokenRecord};
use phone_verify_domain::{
    Channel, Country, DeliveryReason, DeliveryState, SiteKey, Status, Timestamp, Verification, VerificationId,
};
use sqlx::{Column as _, Row as _};
use std::cell::Cell;

type Database = <Row as sqlx::Row>::Database;

/// Where columns are read from.
pub(super) trait Columns {
    /// The column of this name.
    fn read<'r, T>(&'r self, column: &'static str) -> Result<T>
    where
        T: sqlx::Decode<'r, Database> + sqlx::Type<Database>;
}

/// By their names.
impl Columns for Row {
    fn read<'r, T>(&'r self, column: &'static str) -> Result<T>
    where
        T: sqlx::Decode<'r, Database> + sqlx::Type<Database>,
    {
        self.try_get(column)
    }
}

/// One after the other, as the statement names them: a row that every request reads twice is not searched for forty names, nor
/// are their types compared. Debug builds look whether both are right.
struct InOrder<'row> {
    row: &'row Row,
    next: Cell<usize>,
}

impl Columns for InOrder<'_> {
    fn read<'r, T>(&'r self, column: &'static str) -> Result<T>
    where
        T: sqlx::Decode<'r, Database> + sqlx::Type<Database>,
    {
        let place = self.next.get();
        self.next.set(place + 1);
        debug_assert_eq!(self.row.try_column(place)?.name(), column);
        if cfg!(debug_assertions) {
            self.row.try_get(place)
        } else {
            self.row.try_get_unchecked(place)
        }
    }
}

/// Reads a row of [`crate::store::sql::RECORD`], whose order is this one.
pub(super) fn record(row: &Row) -> Result<Record> {
    let row = &InOrder {
        row,
        next: Cell::new(0),
    };
    Ok(Record {
        facts: facts(row)?,
        site: word(row, "site", SiteKey::parse)?,
        number: NumberIndex(bytes(row, "number")?),
        country: word(row, "country", Country::parse)?,
        known_subject: optional_bytes(row, "known_subject")?.map(LimitKey),
        purpose: row.read("purpose")?,
        nonce: row.read("nonce")?,
        subject: row.read("subject")?,
        origin: row.read("origin")?,
        locale: row.read("locale")?,
        code: code_holder(row)?,
        sealed: sealed(row, "sealed", "sealed_key")?,
        number_sealed: sealed(row, "number_sealed", "number_sealed_key")?,
        delivery_id: row.read("delivery_id")?,
        delivery_owner: row.read("owner")?,
        token: token(row)?,
        day: day(row)?,
        site_has_legacy: whole::<u8>(row, "has_legacy")? > 0,
    })
}

fn facts(row: &InOrder<'_>) -> Result<Verification> {
    Ok(Verification {
        id: VerificationId::from_bytes(bytes(row, "id")?),
        status: word(row, "status", Status::parse)?,
        mask: row.read("mask")?,
        code_length: whole(row, "code_length")?,
        attempts_used: whole(row, "attempts_used")?,
        attempts_max: whole(row, "attempts_max")?,
        sends_used: whole(row, "sends_used")?,
        sends_max: whole(row, "sends_max")?,
        next_check_at: moment(row, "next_check_at")?,
        expires_at: moment(row, "expires_at")?,
        channel: word(row, "channel", Channel::parse)?,
        delivery_state: word(row, "state", DeliveryState::parse)?,
        delivery_reason: optional_word(row, "reason", DeliveryReason::parse)?,
        delivery_lease_until: moment(row, "lease_until")?,
    })
}

/// Who holds a verification's code.
pub(super) fn code_holder(row: &impl Columns) -> Result<CodeHolder> {
    let unanswered = optional_whole(row, "checks_unanswered")?;
    Ok(match unanswered {
        None => CodeHolder::Ours,
        Some(unanswered) => CodeHolder::Provider { unanswered },
    })
}

/// Something sealed, and the column of its key.
pub(super) fn sealed(row: &impl Columns, column: &'static str, key: &'static str) -> Result<Option<Sealed>> {
    let bytes: Option<Vec<u8>> = row.read(column)?;
    let key_id = optional_whole(row, key)?;
    bytes
        .map(|bytes| {
            let key_id = key_id.ok_or_else(|| malformed(key, "is missing"))?;
            Ok(Sealed { key_id, bytes })
        })
        .transpose()
}

fn token(row: &InOrder<'_>) -> Result<Option<TokenRecord>> {
    let jti: Option<String> = row.read("jti")?;
    let times = (
        optional_moment(row, "issued_at")?,
        optional_moment(row, "token_expires_at")?,
    );
    Ok(match (jti, times) {
        (Some(jti), (Some(issued_at), Some(expires_at))) => Some(TokenRecord {
            jti,
            issued_at,
            expires_at,
        }),
        _ => None,
    })
}

fn day(row: &InOrder<'_>) -> Result<NumberDay> {
    let day: Option<i64> = row.read("check_day")?;
    let (used, failures) = (
        optional_whole(row, "checks_used")?,
        optional_whole(row, "consecutive_failures")?,
    );
    Ok(match (day, used, failures) {
        (Some(day), Some(used), Some(consecutive_failures)) => NumberDay {
            day,
            used,
            consecutive_failures,
        },
        _ => NumberDay::default(),
    })
}

/// A column of fixed length.
pub(super) fn bytes<const N: usize>(row: &impl Columns, column: &'static str) -> Result<[u8; N]> {
    optional_bytes(row, column)?.ok_or_else(|| malformed(column, "is missing"))
}

/// A column of fixed length that may hold nothing.
pub(super) fn optional_bytes<const N: usize>(
    row: &impl Columns,
    column: &'static str,
) -> Result<Option<[u8; N]>> {
    let bytes: Option<&[u8]> = row.read(column)?;
    bytes
        .map(<[u8; N]>::try_from)
        .transpose()
        .map_err(|_| malformed(column, "has another length"))
}

pub(super) fn optional_moment(row: &impl Columns, column: &'static str) -> Result<Option<Timestamp>> {
    let millis: Option<i64> = row.read(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

pub(super) fn word<T>(
    row: &impl Columns,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T> {
    optional_word(row, column, parse)?.ok_or_else(|| malformed(column, "is missing"))
}

fn optional_word<T>(
    row: &impl Columns,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    let word: Option<&str> = row.read(column)?;
    word.map(|word| parse(word).ok_or_else(|| malformed(column, "has an unknown word")))
        .transpose()
}

pub(super) fn moment(row: &impl Columns, column: &'static str) -> Result<Timestamp> {
    Ok(Timestamp::from_millis(row.read(column)?))
}

pub(super) fn whole<T: TryFrom<i64>>(row: &impl Columns, column: &'static str) -> Result<T> {
    optional_whole(row, column)?.ok_or_else(|| malformed(column, "is missing"))
}

pub(super) fn optional_whole<T: TryFrom<i64>>(row: &impl Columns, column: &'static str) -> Result<Option<T>> {
    let number: Option<i64> = row.read(column)?;
    number
        .map(T::try_from)
        .transpose()
        .map_err(|_| malformed(column, "is out of range"))
}

/// A row that this program did not write.
fn malformed(column: &'static str, fault: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: fault.into(),
    }
}
