use super::access::Opened;
use super::send::{Leaves, Sending, Sent, Wording};
use super::standing::allow_message;
use super::view::Waits;
use super::{Engine, budget, idempotency, refusal};
use crate::decisions::{Asked, Operation, Rule, Saw};
use crate::limits::{Counted, SendOf};
use crate::numbers;
use crate::store::{DeliveryBegun, Idempotency, NewDelivery, Record, ResendOutcome};
use phone_verify_domain::{ApiError, Caller, Channel, Country, ErrorCode, PhoneNumber, Resend, Status, View};

/// A sending of a code again that nothing but a limit or the sender can refuse any more.
pub(super) struct Again {
    pub(super) number: PhoneNumber,
    /// Whether the operator has blocked the number.
    pub(super) is_blocked: bool,
    pub(super) resend: Resend,
    pub(super) idempotency: Option<Idempotency>,
    pub(super) wording: Wording,
}

impl Engine {
    pub(super) async fn resend_code(
        &self,
        caller: &Caller,
        opened: Opened,
        resend: Resend,
    ) -> Result<View, ApiError> {
        let id = opened.record.facts.id;
        let idempotency = self.resend_idempotency(&opened.site.key, id, &resend, self.now());
        if let Some(record) = self.earlier(&opened.site.key, idempotency.as_ref()).await? {
            return Ok(self.view_of(caller, &opened.site, &record).await);
        }
        let status = opened.record.facts.status_at(self.now());
        if status != Status::Pending {
            let view = self.view_of(caller, &opened.site, &opened.record).await;
            return Err(refusal::ended(status).about(view));
        }
        let number = self
            .number_of(caller, &opened, &resend.phone_number, resend.country)
            .await?;
        if !self.offers(&opened.site, resend.channel) {
            let detail = "the site does not offer this channel";
            return Err(self
                .refuse(caller, &opened, ErrorCode::ChannelUnavailable, detail)
                .await);
        }
        let standing = self.standing(&opened.site.key, &number).await?;
        if let Err(error) = allow_message(resend.channel, standing) {
            return Err(error.about(self.view_of(caller, &opened.site, &opened.record).await));
        }
        let again = Again {
            number,
            is_blocked: standing.is_blocked,
            resend,
            idempotency,
            wording: Wording::default(),
        };
        let (engine, by, channel) = (self.clone(), caller.clone(), again.resend.channel);
        let site = opened.site.clone();
        let work = async move { engine.write_and_resend(&by, opened, again).await };
        match self.tasks.detached(work).await? {
            Sent::GoesOn(record, waits) | Sent::TakenForFraud(record, waits) => {
                Ok(self.view_after(waits, caller, &site, &record).await)
            }
            Sent::Refused(record, code) => {
                let view = self.view_of(caller, &site, &record).await;
                Err(self.sender_refused(code, channel).about(view))
            }
        }
    }

    /// The number as presented again; it must be the verification's. A national spelling is meant where the number is,
    /// unless the caller says otherwise.
    pub(super) async fn number_of(
        &self,
        caller: &Caller,
        opened: &Opened,
        text: &str,
        country: Option<Country>,
    ) -> Result<PhoneNumber, ApiError> {
        let record = &opened.record;
        let Ok(parsed) = numbers::parse(text, country.or(Some(record.country))) else {
            let detail = "`phone_number` is not a number of any numbering plan";
            return Err(self
                .refuse(caller, opened, ErrorCode::InvalidNumber, detail)
                .await);
        };
        if self.parts.keys.number_index(&opened.site.key, &parsed.number) != record.number {
            let detail = "`phone_number` is not the number of this verification";
            return Err(self
                .refuse(caller, opened, ErrorCode::NumberMismatch, detail)
                .await);
        }
        Ok(parsed.number)
    }

    pub(super) async fn write_and_resend(
        &self,
        caller: &Caller,
        opened: Opened,
        again: Again,
    ) -> Result<Sent, ApiError> {
        let Again {
            number,
            is_blocked,
            resend,
            idempotency,
            wording,
        } = again;
        let Some(secrets) = self.unseal(&opened.record) else {
            let detail = "the code cannot be read any more";
            return Err(self.refuse(caller, &opened, ErrorCode::Unavailable, detail).await);
        };
        let now = self.now();
        let intent = self.intent(resend.channel, now)?;
        let (keys, counted) = (&self.parts.keys, secrets.counted);
        if counted != Counted::Nobody
            && let Err(error) = self.require_sender(resend.channel)
        {
            return Err(error.about(self.view_of(caller, &opened.site, &opened.record).await));
        }
        let lock = self.parts.limits.lock_of(keys, counted);
        let send = SendOf {
            counted,
            country: opened.record.country,
            site: &opened.site.key,
            address: caller.address,
        };
        let mut limits = self.parts.limits.of_send(keys, &send);
        let checks = self.parts.limits.of_check(keys, Some(counted), caller.address);
        let watched = self.parts.limits.watch(keys, &send);
        let outcome = self
            .parts
            .store
            .resend(NewDelivery {
                id: opened.record.facts.id,
                site: opened.site.key.clone(),
                now,
                intent: intent.clone(),
                limits: limits.clone(),
                lock: lock.clone(),
                told: checks.iter().map(|limit| limit.key).collect(),
                watched: watched.filter(|_| !is_blocked),
                charge: self.charge(counted, (resend.channel, opened.record.country), !is_blocked),
                idempotency,
            })
            .await
            .map_err(|error| refusal::unavailable(&error))?;
        let DeliveryBegun {
            record,
            screened,
            stands,
        } = match outcome {
            ResendOutcome::Sending(begun) => *begun,
            ResendOutcome::Limited(limited) => {
                let view = self.view_of(caller, &opened.site, &opened.record).await;
                let asked = Asked {
                    channel: Some(resend.channel),
                    ..Asked::about(Operation::Resend, &opened)
                };
                return Err(self.limited(asked, limited, now).about(view));
            }
            ResendOutcome::Refused(record) => {
                return Err(self.refused(caller, &opened, record, resend.channel).await);
            }
            ResendOutcome::VoiceOff => {
                let view = self.view_of(caller, &opened.site, &opened.record).await;
                return Err(budget::voice_off().about(view));
            }
            ResendOutcome::Repeated(record) => {
                return Ok(Sent::GoesOn(self.repeated(record).await?, None));
            }
            ResendOutcome::Mismatch => return Err(idempotency::mismatch()),
            ResendOutcome::NotFound => return Err(refusal::not_found()),
        };
        self.raise_turns(&screened);
        self.raise_budget_turns(&screened.budget_turns);
        limits.extend(lock);
        let sending = Sending {
            site: opened.site,
            record,
            intent,
            to: number,
            code: secrets.code,
            waits: Waits::after_send(counted, (&limits, &checks), &stands, now),
            limits,
            leaves: match counted {
                _ if is_blocked => Leaves::Blocked,
                Counted::Nobody => Leaves::TestNumber,
                _ => Leaves::BySenders.screened(&screened),
            },
            first: false,
            idempotency_key: resend.idempotency_key,
            wording,
        };
        Ok(self.send(sending).await)
    }

    /// The verification has ended, or has no sends left: then another start may follow its end.
    async fn refused(&self, caller: &Caller, opened: &Opened, record: Record, channel: Channel) -> ApiError {
        let now = self.now();
        let status = record.facts.status_at(now);
        let error = if status == Status::Pending {
            let asked = Asked {
                channel: Some(channel),
                ..Asked::about(Operation::Resend, opened)
            };
            let saw = Saw {
                counted: Some(record.facts.sends_used),
                allowed: Some(record.facts.sends_max),
                retry_in: Some(now.until(record.facts.expires_at)),
                ..Saw::default()
            };
            self.too_many(asked, Rule::Sends, saw, "no sends are left")
        } else {
            refusal::ended(status)
        };
        error.about(self.view_of(caller, &opened.site, &record).await)
    }
}
