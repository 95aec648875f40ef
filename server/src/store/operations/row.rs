use super::{Result, Row};
use crate::store::{CodeHolder, LimitKey, NumberDay, NumberIndex, Record, Sealed, TokenRecord};
use phone_verify_domain::{
    Channel, Country, DeliveryReason, DeliveryState, SiteKey, Status, Timestamp, Verification, VerificationId,
};
use sqlx::Row as _;

/// Reads a row of [`crate::store::sql::RECORD`].
pub(super) fn record(row: &Row) -> Result<Record> {
    Ok(Record {
        facts: facts(row)?,
        site: word(row, "site", SiteKey::parse)?,
        number: NumberIndex(bytes(row, "number")?),
        country: word(row, "country", Country::parse)?,
        known_subject: optional_key(row, "known_subject")?,
        purpose: row.try_get("purpose")?,
        nonce: row.try_get("nonce")?,
        subject: row.try_get("subject")?,
        origin: row.try_get("origin")?,
        locale: row.try_get("locale")?,
        code: code_holder(row)?,
        sealed: sealed(row, "sealed", "sealed_key")?,
        number_sealed: sealed(row, "number_sealed", "number_sealed_key")?,
        delivery_id: row.try_get("delivery_id")?,
        delivery_owner: row.try_get("owner")?,
        token: token(row)?,
        day: day(row)?,
        site_has_legacy: whole::<u8>(row, "has_legacy")? > 0,
    })
}

fn facts(row: &Row) -> Result<Verification> {
    let reason: Option<String> = row.try_get("reason")?;
    Ok(Verification {
        id: VerificationId::from_bytes(bytes(row, "id")?),
        status: word(row, "status", Status::parse)?,
        mask: row.try_get("mask")?,
        code_length: whole(row, "code_length")?,
        attempts_used: whole(row, "attempts_used")?,
        attempts_max: whole(row, "attempts_max")?,
        sends_used: whole(row, "sends_used")?,
        sends_max: whole(row, "sends_max")?,
        next_check_at: moment(row, "next_check_at")?,
        expires_at: moment(row, "expires_at")?,
        channel: word(row, "channel", Channel::parse)?,
        delivery_state: word(row, "state", DeliveryState::parse)?,
        delivery_reason: match reason {
            Some(_) => Some(word(row, "reason", DeliveryReason::parse)?),
            None => None,
        },
        delivery_lease_until: moment(row, "lease_until")?,
    })
}

/// Who holds a verification's code.
pub(super) fn code_holder(row: &Row) -> Result<CodeHolder> {
    let unanswered: Option<i64> = row.try_get("checks_unanswered")?;
    Ok(match unanswered {
        None => CodeHolder::Ours,
        Some(_) => CodeHolder::Provider {
            unanswered: whole(row, "checks_unanswered")?,
        },
    })
}

/// Something sealed, and the column of its key.
pub(super) fn sealed(row: &Row, column: &'static str, key: &'static str) -> Result<Option<Sealed>> {
    let bytes: Option<Vec<u8>> = row.try_get(column)?;
    bytes
        .map(|bytes| {
            Ok(Sealed {
                key_id: whole(row, key)?,
                bytes,
            })
        })
        .transpose()
}

fn token(row: &Row) -> Result<Option<TokenRecord>> {
    let jti: Option<String> = row.try_get("jti")?;
    jti.map(|jti| {
        Ok(TokenRecord {
            jti,
            issued_at: moment(row, "issued_at")?,
            expires_at: moment(row, "token_expires_at")?,
        })
    })
    .transpose()
}

fn day(row: &Row) -> Result<NumberDay> {
    let Some(day) = row.try_get::<Option<i64>, _>("check_day")? else {
        return Ok(NumberDay::default());
    };
    Ok(NumberDay {
        day,
        used: whole(row, "checks_used")?,
        consecutive_failures: whole(row, "consecutive_failures")?,
    })
}

/// A column of fixed length.
pub(super) fn bytes<const N: usize>(row: &Row, column: &'static str) -> Result<[u8; N]> {
    let bytes: Vec<u8> = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| malformed(column, "has another length"))
}

fn optional_key(row: &Row, column: &'static str) -> Result<Option<LimitKey>> {
    let bytes: Option<Vec<u8>> = row.try_get(column)?;
    let key = bytes.map(|bytes| bytes.try_into().map(LimitKey));
    key.transpose()
        .map_err(|_| malformed(column, "has another length"))
}

/// A column of fixed length that may hold nothing.
pub(super) fn optional_bytes<const N: usize>(row: &Row, column: &'static str) -> Result<Option<[u8; N]>> {
    let there: Option<Vec<u8>> = row.try_get(column)?;
    there.map(|_| bytes(row, column)).transpose()
}

pub(super) fn optional_moment(row: &Row, column: &'static str) -> Result<Option<Timestamp>> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

pub(super) fn word<T>(row: &Row, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let word: String = row.try_get(column)?;
    parse(&word).ok_or_else(|| malformed(column, "has an unknown word"))
}

pub(super) fn moment(row: &Row, column: &'static str) -> Result<Timestamp> {
    Ok(Timestamp::from_millis(row.try_get(column)?))
}

pub(super) fn whole<T: TryFrom<i64>>(row: &Row, column: &'static str) -> Result<T> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number).map_err(|_| malformed(column, "is out of range"))
}

pub(super) fn optional_whole<T: TryFrom<i64>>(row: &Row, column: &'static str) -> Result<Option<T>> {
    let there: Option<i64> = row.try_get(column)?;
    there.map(|_| whole(row, column)).transpose()
}

/// A row that this program did not write.
fn malformed(column: &'static str, fault: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: fault.into(),
    }
}
