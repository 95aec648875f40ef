//! Breakers, whose rows are taken last of all: everybody shares them. What is to be read or written of the verification itself comes
//! before.
//!
//! What happens is added to both rows, which takes them, in one statement. As long as they are closed and nothing turns, that is all, and
//! they are held for it and a commit; otherwise they are written anew.

use super::{Connection, Result, Row, announce, limits, row};
use crate::limits::{
    Addition, BreakerState, ConversionBreaker, ConversionRule, Conversions, DAY, Probes, TrackRecord, Turned,
    Verdict,
};
use crate::store::sql::breakers as sql;
use crate::store::{BreakerName, BreakerTurn, KeptBreaker, Listeners, Screened, Stopper, Watched};
use phone_verify_domain::{Country, Timestamp, VerificationId};
use sqlx::{Connection as _, Row as _};
use std::time::Duration;

/// The first send of a verification that began at `began`, which is written down as counted with it; for [`screen`], which takes it back
/// where the send may not leave.
pub(super) fn first(watched: &Watched, began: Timestamp) -> Counted {
    Counted {
        of: (BreakerName::Prefix(watched.prefix), watched.country),
        began,
        sends: 1,
        is_of_no_trial: false,
    }
}

/// The same of a further send whose intent is written in this transaction, which this counts.
pub(super) async fn count(
    connection: &mut Connection,
    watched: Option<&Watched>,
    id: VerificationId,
) -> Result<Option<Counted>> {
    let Some(watched) = watched else {
        return Ok(None);
    };
    let counted = sqlx::query(sql::COUNT_WATCHED)
        .bind(id.as_bytes().as_slice())
        .bind(BreakerName::Prefix(watched.prefix).to_text())
        .fetch_one(connection)
        .await?;
    Counted::read(&counted).map(Some)
}

/// Asks the breakers about a send that is counted.
pub(super) async fn screen(
    connection: &mut Connection,
    (watched, counted): (Option<&Watched>, Option<Counted>),
    (id, now): (VerificationId, Timestamp),
    listeners: &Listeners,
) -> Result<Screened> {
    let (Some(watched), Some(counted)) = (watched, counted) else {
        return Ok(Screened::UNWATCHED);
    };
    let Watched {
        rule,
        country: of_country,
        ..
    } = watched;
    let mut taken = take(connection, counted.of, Some(Addition::Sent(counted.began)), now).await?;
    taken.prefix.breaker.counts.taken_back(counted.began);
    taken.country.breaker.counts.taken_back(counted.began);
    let was_closed = taken.are_closed();
    let Pair { prefix, country, .. } = &mut taken;
    let turned = [
        (prefix.name, prefix.breaker.turn(rule, rule.prefix, now)),
        (country.name, country.breaker.turn_of_country(rule, now)),
    ];
    let turns = turned.into_iter().filter_map(|(name, turned)| {
        Some(BreakerTurn {
            name,
            country: *of_country,
            turned: turned?,
        })
    });
    let mut screened = Screened {
        turns: turns.collect(),
        ..Screened::UNWATCHED
    };
    let record = prefix.breaker.counts.of_day(now);
    let own = if country.breaker.judges_prefixes() && record.is_bad() {
        counted.sends.saturating_sub(1)
    } else {
        0
    };
    let of_both = (
        prefix.breaker.verdict(now),
        country.breaker.verdict_on(record, own, rule, now),
    );
    screened.stopped_by = match of_both {
        (Verdict::Stopped, _) => Some(stopper(prefix, (rule.prefix.percent, rule.window), now)),
        (_, Verdict::Stopped) => Some(stopper_of_country(&taken, rule, now)),
        _ => None,
    };
    screened.leaves = screened.stopped_by.is_none();
    if screened.leaves {
        taken.prefix.breaker.sent(of_both.0, counted.began, now);
        taken.country.breaker.sent(of_both.1, counted.began, now);
    } else {
        limits::give_back(connection, &watched.shared).await?;
        uncount(connection, id).await?;
    }
    let is_all_added = screened.leaves && was_closed && screened.turns.is_empty();
    if taken.is_long || !is_all_added {
        write(connection, &taken, now).await?;
    }
    for turn in &screened.turns {
        announce::turn(connection, listeners, turn, now).await?;
    }
    Ok(screened)
}

/// A country's breaker stops a prefix for what became of the prefix's own codes; for what became of all the country's where nothing is
/// known of the prefix; and every prefix where it was opened by hand.
fn stopper_of_country(taken: &Pair, rule: &ConversionRule, now: Timestamp) -> Stopper {
    let Pair { prefix, country, .. } = taken;
    let until = match country.breaker.state {
        BreakerState::Open {
            since,
            until: Some(until),
            ..
        } => (until, since + DAY),
        BreakerState::Open { until: None, .. } | BreakerState::Closed => {
            return stopper(country, (rule.country.percent, rule.window), now);
        }
    };
    let of_day = (TrackRecord::PERCENT, DAY);
    if prefix.breaker.counts.of_day(now).is_bad() {
        Stopper {
            until: Some(until.0),
            ..stopper(prefix, of_day, now)
        }
    } else {
        Stopper {
            until: Some(until.1),
            ..stopper(country, of_day, now)
        }
    }
}

fn stopper(kept: &KeptBreaker, (percent, window): (u32, Duration), now: Timestamp) -> Stopper {
    let TrackRecord { sent, approved } = kept.breaker.counts.of_day(now);
    Stopper {
        name: kept.name,
        sent,
        approved,
        percent,
        window,
        until: match kept.breaker.state {
            BreakerState::Closed => None,
            BreakerState::Open { until, .. } => until,
        },
    }
}

/// One send of a verification surely did not leave.
pub(super) async fn take_back(connection: &mut Connection, id: VerificationId, now: Timestamp) -> Result<()> {
    let Some(counted) = uncount(connection, id).await? else {
        return Ok(());
    };
    let mut taken = take(connection, counted.of, None, now).await?;
    let was_bad = taken.prefix.breaker.was_bad(counted.began);
    taken.prefix.breaker.taken_back(counted.began, true);
    taken.country.breaker.taken_back(counted.began, was_bad);
    write(connection, &taken, now).await
}

/// One send less is counted of a verification, if any is.
async fn uncount(connection: &mut Connection, id: VerificationId) -> Result<Option<Counted>> {
    let uncounted = sqlx::query(sql::UNCOUNT_WATCHED)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    uncounted.as_ref().map(Counted::read).transpose()
}

/// A verification of which this is counted was approved, now.
pub(super) async fn approved(
    connection: &mut Connection,
    counted: Option<Counted>,
    now: Timestamp,
) -> Result<()> {
    let Some(counted) = counted else {
        return Ok(());
    };
    let Counted {
        of,
        began,
        sends,
        is_of_no_trial,
    } = counted;
    if is_of_no_trial {
        let taken = take(connection, of, Some(Addition::Approved(began, sends)), now).await?;
        if taken.is_long {
            write(connection, &taken, now).await?;
        }
        return Ok(());
    }
    let mut taken = take(connection, of, None, now).await?;
    let was_bad = taken.prefix.breaker.was_bad(began);
    taken.prefix.breaker.approved(began, sends, true);
    taken.country.breaker.approved(began, sends, was_bad);
    write(connection, &taken, now).await
}

/// What is counted of a verification, if anything is, for [`approved`].
pub(super) async fn counted(connection: &mut Connection, id: VerificationId) -> Result<Option<Counted>> {
    let watched = sqlx::query(sql::WATCHED)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    watched.as_ref().map(Counted::read_for_approval).transpose()
}

/// What the breakers have counted of a verification.
pub(super) struct Counted {
    of: (BreakerName, Country),
    began: Timestamp,
    sends: u32,
    /// Whether an approval is surely not of a trial, and only counted.
    is_of_no_trial: bool,
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
            is_of_no_trial: false,
        })
    }

    /// The same of a row that says how many of its breakers are open. A verification that begins while both are closed is of no trial,
    /// whatever they do afterwards.
    pub(super) fn read_for_approval(row: &Row) -> Result<Self> {
        let open: i64 = row::whole(row, "breakers_open")?;
        Ok(Self {
            is_of_no_trial: open == 0,
            ..Self::read(row)?
        })
    }
}

/// The breakers of a prefix and its country.
struct Pair {
    prefix: KeptBreaker,
    country: KeptBreaker,
    /// Whether so much was added to one of them that it is to be written anew.
    is_long: bool,
}

/// Adds to what both count, or nothing. As they stand then, nobody else takes them before this transaction is over.
async fn take(
    connection: &mut Connection,
    (prefix, country): (BreakerName, Country),
    addition: Option<Addition>,
    now: Timestamp,
) -> Result<Pair> {
    let rows = sqlx::query(sql::TAKE_BREAKERS)
        .bind(now.as_millis())
        .bind(country.as_str())
        .bind(prefix.to_text())
        .bind(BreakerName::Country(country).to_text())
        .bind(addition.map(Addition::to_text).unwrap_or_default())
        .fetch_all(connection)
        .await?;
    Pair::read(&rows)
}

impl Pair {
    const fn are_closed(&self) -> bool {
        matches!(self.prefix.breaker.state, BreakerState::Closed)
            && matches!(self.country.breaker.state, BreakerState::Closed)
    }

    fn read(rows: &[Row]) -> Result<Self> {
        let (mut of_prefix, mut of_country, mut is_long) = (None, None, false);
        for row in rows {
            is_long |= Addition::are_many(row.try_get("counts")?);
            let kept = kept(row)?;
            match kept.name {
                BreakerName::Prefix(_) => of_prefix = Some(kept),
                BreakerName::Country(_) => of_country = Some(kept),
            }
        }
        let (Some(prefix), Some(country)) = (of_prefix, of_country) else {
            return Err(sqlx::Error::RowNotFound);
        };
        Ok(Self {
            prefix,
            country,
            is_long,
        })
    }
}

async fn write(connection: &mut Connection, taken: &Pair, now: Timestamp) -> Result<()> {
    let mut query = sqlx::query(sql::WRITE_BREAKERS)
        .bind(taken.country.country.as_str())
        .bind(now.as_millis());
    for KeptBreaker { name, breaker, .. } in [&taken.prefix, &taken.country] {
        let (since, until, probes) = match breaker.state {
            BreakerState::Closed => (None, None, Probes::default()),
            BreakerState::Open { since, until, probes } => (Some(since), until, probes),
        };
        query = query
            .bind(name.to_text())
            .bind(breaker.counts.to_text())
            .bind(since.map(Timestamp::as_millis))
            .bind(until.map(Timestamp::as_millis))
            .bind(i64::from(probes.sent))
            .bind(i64::from(probes.approved))
            .bind(probes.last.map(Timestamp::as_millis));
    }
    query.execute(connection).await?;
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
