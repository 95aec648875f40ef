use super::access::Opened;
use super::provider::Judged;
use super::token::{kept_number, minted_token};
use super::view::day_wait;
use super::{Engine, refusal};
use crate::decisions::{Asked, Operation, Outcome, Rule, Saw};
use crate::hooks::Event;
use crate::limits::Counted;
use crate::numbers;
use crate::senders::End;
use crate::store::{CheckAttempt, CheckOutcome, Record};
use phone_verify_domain::{ApiError, Caller, Check, Code, ErrorCode, Status, View};
use std::time::Duration;
use zeroize::Zeroizing;

/// A UTC day.
const DAY: Duration = Duration::from_hours(24);

/// A right code.
pub(super) enum Right {
    /// It approved the verification now.
    Now(Record),
    /// It did so before, and not long ago.
    Before(Record),
}

impl Engine {
    pub(super) async fn check_code(
        &self,
        caller: &Caller,
        opened: Opened,
        check: &Check,
    ) -> Result<View, ApiError> {
        // An approved one may still show its token to whoever has the right code; any other end is one.
        let status = opened.record.facts.status_at(self.now());
        if !matches!(status, Status::Pending | Status::Approved) {
            return Err(self.ended(caller, &opened, &opened.record).await);
        }
        let number = self.number_for_token(caller, &opened, check).await?;
        let number = number.as_deref().map(String::as_str);
        let Ok(code) = Code::parse(&check.code, opened.record.facts.code_length) else {
            if status == Status::Approved {
                return Err(self.ended(caller, &opened, &opened.record).await);
            }
            let detail = format!("`code` is not {} digits", opened.record.facts.code_length);
            return Err(self
                .refuse(caller, &opened, ErrorCode::InvalidCode, &detail)
                .await);
        };
        self.link_imported(caller, &opened, check).await?;
        match self.judge(caller, &opened, check, code, number).await? {
            Right::Now(record) | Right::Before(record) => {
                self.approved(caller, &opened, &record, number).await
            }
        }
    }

    /// Spends a check and compares, or has the code's provider compare.
    pub(super) async fn judge(
        &self,
        caller: &Caller,
        opened: &Opened,
        check: &Check,
        code: Code,
        number: Option<&str>,
    ) -> Result<Right, ApiError> {
        let attempt = self.attempt(caller, opened, &code, number)?;
        let now = attempt.now;
        let outcome = match self.asked_of(caller, opened, check).await? {
            // Whoever calls this outside a task and goes away has spent nothing by halves: a store's method is one transaction.
            None => {
                let outcome = self.parts.store.check(attempt).await;
                outcome.inspect(|outcome| self.raise_end(outcome))
            }
            Some(asked) => {
                let engine = self.clone();
                let work = async move { engine.check_with_provider(attempt, &code, &asked).await };
                match self.tasks.detached(work).await? {
                    Judged::Done(outcome) => Ok(outcome),
                    Judged::NoAnswer(record) => {
                        let view = self.view_of(caller, &opened.site, &record).await;
                        return Err(refusal::no_answer().about(view));
                    }
                }
            }
        };
        let outcome = outcome.map_err(|error| refusal::unavailable(&error))?;
        let asked = || Asked::about(Operation::Check, opened);
        let (error, record) = match outcome {
            CheckOutcome::Approved(record) => {
                tracing::info!(verification = %record.facts.id, site = %record.site, "approved");
                return Ok(Right::Now(record));
            }
            CheckOutcome::ApprovedBefore(record) => return Ok(Right::Before(record)),
            CheckOutcome::NotFound => return Err(refusal::not_found()),
            CheckOutcome::Ended(record) => return Err(self.ended(caller, opened, &record).await),
            CheckOutcome::AskProvider(record) | CheckOutcome::Unanswered(record) => {
                // Nobody asks the provider here: its verification came to an engine that has none.
                let view = self.view_of(caller, &opened.site, &record).await;
                return Err(refusal::no_answer().about(view));
            }
            CheckOutcome::Wrong(record, too_many) => {
                self.parts.metrics.wrong_code();
                if too_many.is_some() {
                    self.alarms.too_many_wrong_codes(now);
                }
                let saw = Saw {
                    counted: Some(record.facts.attempts_used),
                    allowed: Some(record.facts.attempts_max),
                    ..Saw::default()
                };
                let rule = Rule::Refusal(ErrorCode::WrongCode);
                self.explain(asked(), rule, Outcome::Refused, saw);
                (ApiError::new(ErrorCode::WrongCode, "the code is wrong"), record)
            }
            CheckOutcome::TooEarly(record) => {
                let saw = Saw {
                    counted: Some(record.facts.attempts_used),
                    allowed: Some(record.facts.attempts_max),
                    retry_in: Some(now.until(record.facts.next_check_at)),
                    ..Saw::default()
                };
                let detail = "too early after the last check";
                (self.too_many(asked(), Rule::PacingFactor, saw, detail), record)
            }
            CheckOutcome::DaySpent(record) => {
                let policy = self.checks_of(&record);
                let saw = Saw {
                    counted: Some(record.day.used),
                    allowed: Some(policy.a_day_after(record.day.consecutive_failures)),
                    window: Some(DAY),
                    retry_in: Some(day_wait(record.day, &policy, now)),
                    ..Saw::default()
                };
                let detail = "the number's checks of today are spent";
                (self.too_many(asked(), Rule::PerNumberPerDay, saw, detail), record)
            }
            CheckOutcome::Limited(record, limited) => (self.limited(asked(), limited, now), record),
        };
        Err(error.about(self.view_of(caller, &opened.site, &record).await))
    }

    /// The number for a token that shall carry it: where the server keeps none, the browser presents it again.
    async fn number_for_token(
        &self,
        caller: &Caller,
        opened: &Opened,
        check: &Check,
    ) -> Result<Option<Zeroizing<String>>, ApiError> {
        if !opened.site.token_number {
            return Ok(None);
        }
        if let Some(kept) = kept_number(&self.parts.keys, &opened.record)? {
            return Ok(Some(kept));
        }
        let Some(text) = &check.phone_number else {
            let detail = "`phone_number` is missing: this site's token carries the number";
            return Err(self
                .refuse(caller, opened, ErrorCode::InvalidRequest, detail)
                .await);
        };
        let number = self.number_of(caller, opened, text, check.country).await?;
        Ok(Some(Zeroizing::new(number.expose().to_owned())))
    }

    fn attempt(
        &self,
        caller: &Caller,
        opened: &Opened,
        code: &Code,
        number: Option<&str>,
    ) -> Result<CheckAttempt, ApiError> {
        let (parts, record, now) = (&self.parts, &opened.record, self.now());
        let id = record.facts.id;
        let counted = self.unseal(record).map(|secrets| secrets.counted);
        Ok(CheckAttempt {
            id,
            site: record.site.clone(),
            code_mac: parts
                .keys
                .code_mac(id, &record.site, record.number, record.purpose.as_deref(), code),
            now,
            policy: self.checks_of(record),
            counts_in_day: counted != Some(Counted::Nobody),
            jti: hex::encode(self.draw_name().map_err(refusal::no_random)?),
            token_expires_at: now + opened.site.token_ttl,
            limits: parts.limits.of_check(&parts.keys, counted, caller.address),
            lock: counted.and_then(|counted| parts.limits.lock_of(&parts.keys, counted)),
            number_to_tell: self
                .number_to_tell(&opened.site, || Some(numbers::parse(number?, None).ok()?.number))?,
            failures: parts.limits.of_failed_check(&parts.keys, counted),
            gives_back: parts.limits.of_approval(&parts.keys, counted, caller.address),
        })
    }

    /// Tells whoever listens how a check of our own code ended its verification, if it did.
    fn raise_end(&self, outcome: &CheckOutcome) {
        match outcome {
            CheckOutcome::Approved(record) => {
                self.raise_approved(record);
                self.tell_provider(record.facts.id, End::Approved);
                self.hang_up(record);
            }
            CheckOutcome::Wrong(record, _) if record.facts.status == Status::Exhausted => {
                self.raise_of(record, Event::VerificationExhausted);
                self.tell_provider(record.facts.id, End::GivenUp);
                self.hang_up(record);
            }
            _ => {}
        }
    }

    async fn approved(
        &self,
        caller: &Caller,
        opened: &Opened,
        record: &Record,
        number: Option<&str>,
    ) -> Result<View, ApiError> {
        let token = minted_token(&self.parts.keys, &self.parts.issuer, record, number)?;
        Ok(View {
            token: Some(token),
            ..self.view_of(caller, &opened.site, record).await
        })
    }

    async fn ended(&self, caller: &Caller, opened: &Opened, record: &Record) -> ApiError {
        let view = self.view_of(caller, &opened.site, record).await;
        refusal::ended(record.facts.status_at(self.now())).about(view)
    }
}
