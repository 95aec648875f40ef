//! What concerns one verification reads its own rows, however many others are under way. PostgreSQL plans by what it last counted, and
//! that may have been at a quiet hour: then an index of all that is pending looks as good as the verification's own name.

use crate::cluster::fresh_database;
use crate::fixtures::*;
use phone_verify::store::{
    Approval, CheckAnswer, Claim, Claimed, Conflict, DeliveryReport, Door, KeptCode, NamedBy,
    NewVerification, NumberNames, PostgresStore, Redeemed, Session, SessionId, Store,
};
use phone_verify_domain::DeliveryState;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::time::Duration;

/// What is under way beside what is measured.
const OTHERS: u32 = 400;
/// How often each thing is done.
const TIMES: u32 = 10;
/// Rows of all tables that one of them may read: its verification, delivery, token, day and limits, some more than once.
const AT_MOST: u64 = 40;

/// One thing that is done to a verification; what it is done to was begun before.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Start,
    Repeat,
    Resend,
    Settle,
    Report,
    WrongCheck,
    RightCheck,
    CheckAgain,
    Ask,
    Answer,
    AnswerWrong,
    Approve,
    Cancel,
    Find,
    FindOfNumber,
    Redeem,
    Claim,
    ShowSession,
    Recognise,
}

/// In the order in which they are done, each to verifications of its own.
const DEEDS: [Deed; 19] = [
    Deed::Start,
    Deed::Repeat,
    Deed::Resend,
    Deed::Settle,
    Deed::Report,
    Deed::WrongCheck,
    Deed::RightCheck,
    Deed::CheckAgain,
    Deed::Ask,
    Deed::Answer,
    Deed::AnswerWrong,
    Deed::Approve,
    Deed::Cancel,
    Deed::Find,
    Deed::FindOfNumber,
    Deed::Redeem,
    Deed::Claim,
    Deed::ShowSession,
    Deed::Recognise,
];

fn session(name: u32) -> SessionId {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&name.to_be_bytes());
    SessionId(bytes)
}

/// A verification of a number of its own.
fn one(name: u32) -> Result<NewVerification> {
    Ok(NewVerification {
        number: number(name),
        door: Door::Host,
        session: Some(session(name)),
        limits: vec![
            limit("number", name, windows(100, DAY)),
            limit("site", 0, windows(100_000, DAY)),
        ],
        idempotency: Some(idempotency(&format!("key-{name}"), 1, NOON)?),
        ..new(name)?
    })
}

impl Deed {
    /// What must have happened before.
    async fn prepare(self, store: &dyn Store, name: u32) -> Result {
        let start = one(name)?;
        match self {
            Self::Start => return Ok(()),
            Self::Ask | Self::Answer | Self::AnswerWrong => {
                let code = KeptCode::Providers;
                started(store, NewVerification { code, ..start }).await?;
            }
            _ => {
                started(store, start).await?;
            }
        }
        match self {
            Self::Report => {
                store.settle(accepted(name, name, NOON)).await?;
            }
            Self::CheckAgain | Self::Redeem | Self::Claim | Self::Recognise => {
                checked(store, check(name, RIGHT)?).await?;
            }
            Self::Answer | Self::AnswerWrong => {
                checked(store, check(name, WRONG)?).await?;
            }
            Self::ShowSession => {
                store.open_session(opened(name)?).await?;
                checked(store, check(name, RIGHT)?).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Does it, and sees that it was done.
    async fn done(self, store: &dyn Store, name: u32) -> Result {
        let was_done = match self {
            Self::Start => started(store, one(name)?).await.is_ok(),
            Self::Repeat => word_of_start(&store.start(one(name)?).await?) == "repeated",
            Self::Resend => resent(store, new_delivery(name, name + 10_000, NOON)?)
                .await
                .is_ok(),
            Self::Settle => store.settle(accepted(name, name, NOON)).await?.is_some(),
            Self::Report => {
                let report = DeliveryReport {
                    id: id(name),
                    delivery_id: format!("delivery-{name}"),
                    sender_reference: "reference".to_owned(),
                    state: DeliveryState::Delivered,
                    reason: None,
                    now: NOON,
                };
                store.delivery_report(report).await?;
                found(store, name).await?.facts.delivery_state == DeliveryState::Delivered
            }
            Self::WrongCheck => checked(store, check(name, WRONG)?).await? == "wrong",
            Self::RightCheck => checked(store, check(name, RIGHT)?).await? == "approved",
            Self::CheckAgain => checked(store, check(name, RIGHT)?).await? == "approved before",
            Self::Ask => checked(store, check(name, WRONG)?).await? == "ask",
            Self::Answer => {
                store
                    .answer_check(check(name, RIGHT)?, CheckAnswer::Right)
                    .await?;
                found(store, name).await?.token.is_some()
            }
            Self::AnswerWrong => {
                store
                    .answer_check(check(name, WRONG)?, CheckAnswer::Wrong)
                    .await?;
                found(store, name).await?.facts.attempts_used == 1
            }
            Self::Approve => {
                let approval = Approval {
                    id: id(name),
                    site: site()?,
                    now: NOON,
                    jti: format!("jti-of-{name}"),
                    token_expires_at: NOON + Duration::from_mins(5),
                };
                store.approve(approval).await?.is_some()
            }
            Self::Cancel => store.cancel(id(name), NOON).await?.is_some(),
            Self::Find => store.find(id(name)).await?.is_some(),
            Self::FindOfNumber => {
                let named = NamedBy::Number(number(name));
                store.history(&site()?, named, NOON).await?.is_some()
            }
            Self::Redeem => {
                let jti = check(name, RIGHT)?.jti;
                store.redeem(&site()?, &jti, NOON).await? == Redeemed::Now
            }
            Self::Claim => {
                let claim = Claim {
                    site: site()?,
                    subject: format!("subject {name}"),
                    jti: check(name, RIGHT)?.jti,
                    now: NOON,
                    subjects_per_number: 1,
                    conflict: Conflict::Reject,
                    proved_too_long_ago: None,
                };
                matches!(store.claim_number(claim).await?, Claimed::Holds(_))
            }
            Self::ShowSession => {
                let shown = store.session(session(name)).await?;
                shown.is_some_and(|session| session.approved.is_some())
            }
            Self::Recognise => {
                let names = NumberNames {
                    site: site()?,
                    index: number(name),
                    opt_out: limit_key(name),
                    blocks: [limit_key(name), limit_key(name)],
                };
                store.standing(&names).await?.is_known
            }
        };
        assert!(was_done, "{self:?}");
        Ok(())
    }
}

fn opened(name: u32) -> Result<Session> {
    Ok(Session {
        id: session(name),
        site: site()?,
        subject: format!("subject {name}"),
        nonce: None,
        purpose: None,
        origin: None,
        return_url: None,
        created_at: NOON,
        expires_at: NOON + DAY,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_one_verification_reads_its_own_rows() -> Result {
    let url = fresh_database().await?;
    let store = PostgresStore::open_with(&url, patient()).await?;
    let mut operator = PgConnection::connect(&url).await?;
    count_while_nothing_is_there(&mut operator).await?;
    for name in 1..=OTHERS {
        started(&store, one(name)?).await?;
    }
    for name in 1..=OTHERS / 4 {
        checked(&store, check(name, RIGHT)?).await?;
        store.open_session(opened(name)?).await?;
    }
    for (place, deed) in (0..).zip(DEEDS) {
        let first = 1_000 * (place + 1);
        for name in first..first + TIMES {
            deed.prepare(&store, name).await?;
        }
    }
    drop(store);
    let mut read = rows_read(&mut operator).await?;
    let mut too_many = Vec::new();
    for (place, deed) in (0..).zip(DEEDS) {
        let store = PostgresStore::open_with(&url, patient()).await?;
        let first = 1_000 * (place + 1);
        for name in first..first + TIMES {
            deed.done(&store, name).await?;
        }
        drop(store);
        let by_now = rows_read(&mut operator).await?;
        let each = (by_now - read) / u64::from(TIMES);
        if each > AT_MOST {
            too_many.push(format!("{deed:?}: {each}"));
        }
        read = by_now;
    }
    assert!(too_many.is_empty(), "rows read by one: {too_many:?}");
    Ok(())
}

/// Counts all tables, and no more.
async fn count_while_nothing_is_there(operator: &mut PgConnection) -> Result {
    let tables: Vec<String> = sqlx::query_scalar("SELECT relname::text FROM pg_stat_user_tables")
        .fetch_all(&mut *operator)
        .await?;
    assert!(tables.len() > 10, "{tables:?}");
    for table in tables {
        let text = format!("ALTER TABLE {table} SET (autovacuum_enabled = FALSE); ANALYZE {table}");
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *operator).await?;
    }
    Ok(())
}

/// The rows of all tables that were read so far by sessions that have ended: each tells what it read when it ends.
async fn rows_read(operator: &mut PgConnection) -> Result<u64> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&mut *operator)
        .await?;
        if others == 0 {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "sessions stay");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let read: i64 = sqlx::query_scalar(
        "SELECT CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT) FROM pg_stat_user_tables",
    )
    .fetch_one(&mut *operator)
    .await?;
    Ok(u64::try_from(read)?)
}
