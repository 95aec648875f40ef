use super::budget::Admitted;
use super::taking::Taking;
use super::{Connection, Result, announce, begin, breaker, budget, idempotency, read, row, service};
use crate::hooks::EventKind;
use crate::store::commit::Commit;
use crate::store::{
    BreakerName, DeliveryBegun, Door, Intent, KeptCode, Limited, Listeners, NewDelivery, NewVerification,
    Repeat, ResendOutcome, StartOutcome, Started, UsedProof, sql,
};
use phone_verify_domain::{Status, Timestamp, VerificationId};

/// A verification may be checked by a process whose clock is behind by this much, in milliseconds; beyond it, a clock that
/// was set back lets no code live longer.
const CLOCKS_MAY_DIFFER_BY: i64 = 5_000;

/// Writes a verification with its first intent, or nothing.
pub(in super::super) async fn start(
    connection: &mut Connection,
    start: &NewVerification,
    listeners: &Listeners,
    commit: Commit,
) -> Result<StartOutcome> {
    let mut transaction = begin(connection, commit).await?;
    if let Some(idempotency) = &start.idempotency {
        match idempotency::claim(&mut transaction, &start.site, idempotency, start.id).await? {
            Repeat::New => {}
            Repeat::Same(record) => {
                transaction.rollback().await?;
                return Ok(StartOutcome::Repeated(*record));
            }
            Repeat::Mismatch => {
                transaction.rollback().await?;
                return Ok(StartOutcome::Mismatch);
            }
        }
    }
    if let Some(proof) = &start.proof
        && !use_proof(&mut transaction, proof).await?
    {
        transaction.rollback().await?;
        return Ok(StartOutcome::ProofUsed);
    }
    let mut limits = Taking::new(&start.limits, start.lock.as_ref(), start.created_at);
    if let Some(limited) = limits.own(&mut transaction, &start.told).await? {
        transaction.rollback().await?;
        return Ok(StartOutcome::Limited(limited));
    }
    if start.door == Door::Host
        && let Some(record) =
            service::live(&mut transaction, &start.site, start.number, start.created_at).await?
    {
        transaction.rollback().await?;
        return Ok(StartOutcome::Alive(record));
    }
    let canceled = sqlx::query(sql::CANCEL_OLDEST)
        .bind(start.site.as_str())
        .bind(start.number.0.as_slice())
        .bind(start.created_at.as_millis())
        .bind(i64::from(start.pending_max.saturating_sub(1)))
        .fetch_all(&mut *transaction)
        .await?;
    let canceled = canceled
        .iter()
        .map(|row| row::bytes(row, "id").map(VerificationId::from_bytes))
        .collect::<Result<_>>()?;
    insert(&mut transaction, start).await?;
    insert_delivery(&mut transaction, start.id, &start.intent, start.created_at).await?;
    let record = read::written(&mut transaction, start.id).await?;
    announce::verification(
        &mut transaction,
        listeners,
        (EventKind::VerificationStarted, start.created_at),
        &record,
        start.number_to_tell.as_ref(),
    )
    .await?;
    let counted = start
        .watched
        .as_ref()
        .map(|watched| breaker::first(watched, start.created_at));
    // From here on rows are locked that other numbers' starts wait for.
    if let Some(limited) = limits.shared(&mut transaction).await? {
        transaction.rollback().await?;
        return Ok(StartOutcome::Limited(limited));
    }
    let what = (start.id, start.created_at);
    let watched = (start.watched.as_ref(), counted);
    let mut screened = breaker::screen(&mut transaction, watched, what, listeners).await?;
    let charge = budget::charge(
        &mut transaction,
        start.charge.as_ref(),
        screened.leaves,
        (start.id, start.intent.delivery_id.as_str(), start.created_at),
        (&start.site, listeners),
    );
    match charge.await? {
        Admitted::Yes(turns) => screened.budget_turns = turns,
        Admitted::Limited(limited) => {
            transaction.rollback().await?;
            return Ok(StartOutcome::Limited(limited));
        }
        Admitted::VoiceOff => {
            transaction.rollback().await?;
            return Ok(StartOutcome::VoiceOff);
        }
    }
    transaction.commit().await?;
    Ok(StartOutcome::Started(Box::new(Started {
        record,
        canceled,
        screened,
        stands: limits.stands(),
    })))
}

/// Whether the proof is new, which it is once.
async fn use_proof(connection: &mut Connection, proof: &UsedProof) -> Result<bool> {
    let done = sqlx::query(sql::USE_PROOF)
        .bind(proof.id.as_slice())
        .bind(proof.expires_at.as_millis())
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a further intent, or nothing.
pub(in super::super) async fn resend(
    connection: &mut Connection,
    resend: &NewDelivery,
    listeners: &Listeners,
    commit: Commit,
) -> Result<ResendOutcome> {
    let mut transaction = begin(connection, commit).await?;
    if let Some(idempotency) = &resend.idempotency {
        match idempotency::claim(&mut transaction, &resend.site, idempotency, resend.id).await? {
            Repeat::New => {}
            Repeat::Same(record) => {
                transaction.rollback().await?;
                return Ok(ResendOutcome::Repeated(*record));
            }
            Repeat::Mismatch => {
                transaction.rollback().await?;
                return Ok(ResendOutcome::Mismatch);
            }
        }
    }
    let mut limits = Taking::new(&resend.limits, resend.lock.as_ref(), resend.now);
    let limited = limits.own(&mut transaction, &resend.told).await?;
    if limited.is_some() || !take_send(&mut transaction, resend).await? {
        transaction.rollback().await?;
        return not_sent(connection, resend, limited).await;
    }
    insert_delivery(&mut transaction, resend.id, &resend.intent, resend.now).await?;
    let record = read::written(&mut transaction, resend.id).await?;
    let counted = breaker::count(&mut transaction, resend.watched.as_ref(), resend.id).await?;
    if let Some(limited) = limits.shared(&mut transaction).await? {
        transaction.rollback().await?;
        return not_sent(connection, resend, Some(limited)).await;
    }
    let what = (resend.id, resend.now);
    let watched = (resend.watched.as_ref(), counted);
    let mut screened = breaker::screen(&mut transaction, watched, what, listeners).await?;
    let charge = budget::charge(
        &mut transaction,
        resend.charge.as_ref(),
        screened.leaves,
        (resend.id, resend.intent.delivery_id.as_str(), resend.now),
        (&resend.site, listeners),
    );
    match charge.await? {
        Admitted::Yes(turns) => screened.budget_turns = turns,
        Admitted::Limited(limited) => {
            transaction.rollback().await?;
            return not_sent(connection, resend, Some(limited)).await;
        }
        Admitted::VoiceOff => {
            transaction.rollback().await?;
            return Ok(ResendOutcome::VoiceOff);
        }
    }
    transaction.commit().await?;
    Ok(ResendOutcome::Sending(Box::new(DeliveryBegun {
        record,
        screened,
        stands: limits.stands(),
    })))
}

async fn take_send(connection: &mut Connection, resend: &NewDelivery) -> Result<bool> {
    let taken = sqlx::query(sql::TAKE_SEND)
        .bind(resend.id.as_bytes().as_slice())
        .bind(resend.site.as_str())
        .bind(resend.now.as_millis())
        .fetch_optional(connection)
        .await?;
    Ok(taken.is_some())
}

/// Why nothing was written: an end, or the last send, counts for more than a limit, which would only keep for a while.
async fn not_sent(
    connection: &mut Connection,
    resend: &NewDelivery,
    limited: Option<Limited>,
) -> Result<ResendOutcome> {
    let record = read::record(connection, resend.id).await?;
    let Some(record) = record.filter(|record| record.site == resend.site) else {
        return Ok(ResendOutcome::NotFound);
    };
    let may_be_sent = record.facts.status_at(resend.now) == Status::Pending && record.facts.sends_left() > 0;
    Ok(match limited {
        Some(limited) if may_be_sent => ResendOutcome::Limited(limited),
        _ => ResendOutcome::Refused(record),
    })
}

async fn insert(connection: &mut Connection, start: &NewVerification) -> Result<()> {
    let created_at = start.created_at.as_millis();
    let watched_prefix = start
        .watched
        .as_ref()
        .map(|watched| BreakerName::Prefix(watched.prefix).to_text());
    let (code_mac, checks_unanswered) = match start.code {
        KeptCode::Ours(mac) => (Some(mac.0.to_vec()), None),
        KeptCode::Providers => (None, Some(0_i64)),
    };
    sqlx::query(sql::INSERT_VERIFICATION)
        .bind(start.id.as_bytes().as_slice())
        .bind(start.site.as_str())
        .bind(start.number.0.as_slice())
        .bind(&start.mask)
        .bind(start.country.as_str())
        .bind(&start.purpose)
        .bind(&start.nonce)
        .bind(&start.subject)
        .bind(&start.origin)
        .bind(&start.locale)
        .bind(i64::from(start.code_length))
        .bind(code_mac)
        .bind(&start.sealed.bytes)
        .bind(i64::from(start.sealed.key_id))
        .bind(i64::from(start.attempts_max))
        .bind(i64::from(start.sends_max))
        .bind(created_at.saturating_sub(CLOCKS_MAY_DIFFER_BY))
        .bind(created_at)
        .bind(start.expires_at.as_millis())
        .bind(start.known_subject.map(|subject| subject.0.to_vec()))
        .bind(start.session.map(|session| session.0.to_vec()))
        .bind(start.number_sealed.as_ref().map(|sealed| sealed.bytes.clone()))
        .bind(
            start
                .number_sealed
                .as_ref()
                .map(|sealed| i64::from(sealed.key_id)),
        )
        .bind(checks_unanswered)
        .bind(start.door.as_str())
        .bind(watched_prefix)
        .bind(i64::from(start.watched.is_some()))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_delivery(
    connection: &mut Connection,
    id: VerificationId,
    intent: &Intent,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(sql::INSERT_DELIVERY)
        .bind(id.as_bytes().as_slice())
        .bind(&intent.delivery_id)
        .bind(intent.channel.as_str())
        .bind(&intent.sender)
        .bind(&intent.owner)
        .bind(intent.lease_until.as_millis())
        .bind(now.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}
