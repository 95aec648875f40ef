//! Breakers, whose rows are taken last of all: everybody shares them.

use super::{Connection, Result, Row, announce, limits, row};
use crate::limits::{BreakerState, ConversionBreaker, ConversionRule, Conversions, Probes, Turned};
use crate::store::sql::breakers as sql;
use crate::store::{
    BreakerName, BreakerTurn, KeptBreaker, Listeners, NumberIndex, Screened, Stopper, Watched,
};
use phone_verify_domain::{Country, SiteKey, Timestamp, VerificationId};
use sqlx::Connection as _;

/// Asks the breakers about a send whose intent is written in this transaction, and counts it where it may leave.
pub(super) async fn screen(
    connection: &mut Connection,
    watched: Option<&Watched>,
    (id, now): (VerificationId, Timestamp),
    listeners: &Listeners,
) -> Result<Screened> {
    let Some(watched) = watched else {
        return Ok(Screened::UNWATCHED);
    };
    let Watched {
        rule,
        prefix,
        country,
        ..
    } = watched;
    let mut breakers = take(connection, (BreakerName::Prefix(*prefix), *country), now).await?;
    let mut screened = Screened::UNWATCHED;
    for kept in &mut breakers {
        let of = match kept.name {
            BreakerName::Prefix(_) => rule.prefix,
            BreakerName::Country(_) => rule.country,
        };
        let (leaves, turned) = kept.breaker.admit(rule, of, now);
        screened.leaves &= leaves;
        if !leaves && screened.stopped_by.is_none() {
            screened.stopped_by = Some(stopper(kept, rule, of.percent));
        }
        screened.turns.extend(turned.map(|turned| BreakerTurn {
            name: kept.name,
            country: *country,
            turned,
        }));
    }
    if screened.leaves {
        let counted = sqlx::query(sql::COUNT_WATCHED)
            .bind(id.as_bytes().as_slice())
            .bind(BreakerName::Prefix(*prefix).to_text())
            .fetch_one(&mut *connection)
            .await?;
        let began = row::moment(&counted, "created_at")?;
        for kept in &mut breakers {
            kept.breaker.sent(began, now);
        }
    } else {
        limits::give_back(connection, &watched.shared).await?;
    }
    write(connection, &breakers).await?;
    for turn in &screened.turns {
        announce::turn(connection, listeners, turn, now).await?;
    }
    Ok(screened)
}

fn stopper(kept: &KeptBreaker, rule: &ConversionRule, percent: u32) -> Stopper {
    let (sent, approved) = kept.breaker.counts.total();
    Stopper {
        name: kept.name,
        sent,
        approved,
        percent,
        window: rule.window,
        until: match kept.breaker.state {
            BreakerState::Closed => None,
            BreakerState::Open { until, .. } => until,
        },
    }
}

/// One send of a verification surely did not leave.
pub(super) async fn take_back(connection: &mut Connection, id: VerificationId, now: Timestamp) -> Result<()> {
    let uncounted = sqlx::query(sql::UNCOUNT_WATCHED)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(counted) = uncounted.as_ref().map(Counted::read).transpose()? else {
        return Ok(());
    };
    let mut breakers = take(connection, counted.of, now).await?;
    for kept in &mut breakers {
        kept.breaker.taken_back(counted.began);
    }
    write(connection, &breakers).await
}

/// A verification was approved, now.
pub(super) async fn approved(connection: &mut Connection, id: VerificationId, now: Timestamp) -> Result<()> {
    let watched = sqlx::query(sql::WATCHED)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(counted) = watched.as_ref().map(Counted::read).transpose()? else {
        return Ok(());
    };
    let mut breakers = take(connection, counted.of, now).await?;
    for kept in &mut breakers {
        kept.breaker.approved(counted.began, counted.sends);
    }
    write(connection, &breakers).await
}

/// What the breakers have counted of a verification.
struct Counted {
    of: (BreakerName, Country),
    began: Timestamp,
    sends: u32,
}

impl Counted {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            of: (
                row::word(row, "watched_prefix", BreakerName::parse)?,
                row::word(row, "country", Country::parse)?,
            ),
            began: row::moment(row, "created_at")?,
            sends: row::whole(row, "watched_sends")?,
        })
    }
}

/// The breakers of a prefix and its country, which nobody else takes before this transaction is over.
async fn take(
    connection: &mut Connection,
    (prefix, country): (BreakerName, Country),
    now: Timestamp,
) -> Result<Vec<KeptBreaker>> {
    let rows = sqlx::query(sql::TAKE_BREAKERS)
        .bind(now.as_millis())
        .bind(country.as_str())
        .bind(prefix.to_text())
        .bind(BreakerName::Country(country).to_text())
        .fetch_all(connection)
        .await?;
    rows.iter().map(kept).collect()
}

async fn write(connection: &mut Connection, breakers: &[KeptBreaker]) -> Result<()> {
    for KeptBreaker { name, breaker, .. } in breakers {
        let (since, until, probes) = match breaker.state {
            BreakerState::Closed => (None, None, Probes::default()),
            BreakerState::Open { since, until, probes } => (Some(since), until, probes),
        };
        sqlx::query(sql::WRITE_BREAKER)
            .bind(name.to_text())
            .bind(breaker.counts.to_text())
            .bind(since.map(Timestamp::as_millis))
            .bind(until.map(Timestamp::as_millis))
            .bind(i64::from(probes.sent))
            .bind(i64::from(probes.approved))
            .bind(probes.last.map(Timestamp::as_millis))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn kept(row: &Row) -> Result<KeptBreaker> {
    let state = match row::optional_moment(row, "opened_at")? {
        None => BreakerState::Closed,
        Some(since) => BreakerState::Open {
            since,
            until: row::optional_moment(row, "open_until")?,
            probes: Probes {
                sent: row::whole(row, "probes_sent")?,
                approved: row::whole(row, "probes_approved")?,
                last: row::optional_moment(row, "probed_at")?,
            },
        },
    };
    Ok(KeptBreaker {
        name: row::word(row, "name", BreakerName::parse)?,
        country: row::word(row, "country", Country::parse)?,
        breaker: ConversionBreaker {
            state,
            counts: row::word(row, "counts", Conversions::parse)?,
        },
        used_at: row::moment(row, "used_at")?,
    })
}

/// All of them, those that are open first.
pub(in super::super) async fn breakers(
    connection: &mut Connection,
    at_most: u32,
) -> Result<Vec<KeptBreaker>> {
    let rows = sqlx::query(sql::BREAKERS)
        .bind(i64::from(at_most))
        .fetch_all(connection)
        .await?;
    rows.iter().map(kept).collect()
}

/// Opens or closes one by hand; says whether it stood otherwise.
pub(in super::super) async fn turn_breaker(
    connection: &mut Connection,
    turn: &BreakerTurn,
    now: Timestamp,
    listeners: &Listeners,
) -> Result<bool> {
    let mut transaction = connection.begin().await?;
    let name = turn.name.to_text();
    let was_open = sqlx::query(sql::IS_BREAKER_OPEN)
        .bind(&name)
        .fetch_optional(&mut *transaction)
        .await?
        .is_some();
    let opens = turn.turned == Turned::Opened;
    sqlx::query(sql::TURN_BREAKER)
        .bind(&name)
        .bind(turn.country.as_str())
        .bind(opens.then_some(now.as_millis()))
        .bind(now.as_millis())
        .execute(&mut *transaction)
        .await?;
    if was_open != opens {
        announce::turn(&mut transaction, listeners, turn, now).await?;
    }
    transaction.commit().await?;
    Ok(was_open != opens)
}

/// Whether a number was verified on a site before, or is held by one of its subjects.
pub(in super::super) async fn is_known(
    connection: &mut Connection,
    site: &SiteKey,
    number: NumberIndex,
) -> Result<bool> {
    let known = sqlx::query(sql::IS_KNOWN)
        .bind(site.as_str())
        .bind(number.0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(known.is_some())
}
