use super::access::Opened;
use super::token::kept_number;
use super::{Engine, refusal};
use crate::hooks::Event;
use crate::numbers;
use crate::senders::{CodeProvider, Codes, End, Named, Verdict};
use crate::store::{AnswerOutcome, CheckAnswer, CheckAttempt, CheckOutcome, CodeHolder, StoreError};
use phone_verify_domain::{ApiError, Caller, Check, Code, DeliveryState, ErrorCode, Status, VerificationId};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long one check waits for others of the same verification that are under way: longer than the provider may take.
const WAIT: Duration = Duration::from_secs(12);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Who tells whether a code is right, and what of.
pub(super) struct Asked {
    provider: Arc<dyn CodeProvider>,
    /// `None` where the provider never had it, which is not to be told.
    which: Option<Named>,
}

/// What came of a check that a provider was to judge.
pub(super) enum Judged {
    /// This.
    Done(CheckOutcome),
    /// It is spent, and nobody knows whether the code was right.
    NoAnswer(crate::store::Record),
}

impl Engine {
    /// Whom to ask about a code; nobody where it is our own, or is known since its approval.
    pub(super) async fn asked_of(
        &self,
        caller: &Caller,
        opened: &Opened,
        check: &Check,
    ) -> Result<Option<Asked>, ApiError> {
        let (parts, record) = (&self.parts, &opened.record);
        if record.code == CodeHolder::Ours || record.facts.status != Status::Pending {
            return Ok(None);
        }
        let Codes::Providers(provider) = &parts.codes else {
            let detail = "the code is a provider's that this server does not use any more";
            return Err(self
                .refuse(caller, opened, ErrorCode::SenderUnavailable, detail)
                .await);
        };
        let provider = provider.clone();
        let reference = parts
            .store
            .sender_reference(record.facts.id, provider.name())
            .await;
        if let Some(reference) = reference.map_err(|error| refusal::unavailable(&error))? {
            return Ok(Some(Asked {
                provider,
                which: Some(Named::Reference(reference)),
            }));
        }
        // Taken, as its owner was told, and by nobody: the provider takes it for fraud, and no code is right.
        if record.facts.delivery_state == DeliveryState::Accepted {
            return Ok(Some(Asked {
                provider,
                which: None,
            }));
        }
        let number = match (kept_number(&parts.keys, record)?, &check.phone_number) {
            (Some(kept), _) => numbers::parse(&kept, None).ok().map(|parsed| parsed.number),
            (None, Some(text)) => Some(self.number_of(caller, opened, text, check.country).await?),
            (None, None) => None,
        };
        let Some(number) = number else {
            let detail = "`phone_number` is missing: the provider's answer to the sending was lost, so it knows the \
                          verification by its number only";
            return Err(self
                .refuse(caller, opened, ErrorCode::InvalidRequest, detail)
                .await);
        };
        Ok(Some(Asked {
            provider,
            which: Some(Named::Number(number)),
        }))
    }

    /// Spends a check, asks the provider, and writes its answer. A crash in between has spent the check and approved nothing.
    pub(super) async fn check_with_provider(
        &self,
        mut attempt: CheckAttempt,
        code: &Code,
        asked: &Asked,
    ) -> Result<Judged, ApiError> {
        let store = &self.parts.store;
        let unavailable = |error: StoreError| refusal::unavailable(&error);
        let deadline = Instant::now() + WAIT;
        loop {
            attempt.now = self.now();
            match store.check(attempt.clone()).await.map_err(unavailable)? {
                CheckOutcome::AskProvider(_) => break,
                CheckOutcome::Unanswered(_) if Instant::now() < deadline => {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                CheckOutcome::Unanswered(_) => {
                    let gone = CheckAnswer::Gone {
                        ends: Status::Exhausted,
                        at_once: true,
                    };
                    return self.answered(attempt, gone).await;
                }
                outcome => return Ok(Judged::Done(outcome)),
            }
        }
        let gone = |ends| CheckAnswer::Gone { ends, at_once: false };
        let verdict = match &asked.which {
            Some(which) => asked.provider.check(which, code).await,
            None => Verdict::Wrong,
        };
        let answer = match verdict {
            Verdict::Right => CheckAnswer::Right,
            Verdict::Wrong => CheckAnswer::Wrong,
            Verdict::NoAnswer => CheckAnswer::Lost,
            Verdict::Gone => gone(Status::Expired),
            Verdict::NoChecksLeft => gone(Status::Exhausted),
        };
        tracing::debug!(verification = %attempt.id, ?verdict, "the provider judged a code");
        self.answered(attempt, answer).await
    }

    /// Writes an answer; where the provider is done with the code while other checks are under way, once these are answered.
    async fn answered(&self, mut attempt: CheckAttempt, mut answer: CheckAnswer) -> Result<Judged, ApiError> {
        attempt.now = self.now();
        let outcome = match self.write_answer(&attempt, answer).await? {
            AnswerOutcome::Unanswered(_) => {
                self.others_answered(attempt.id).await?;
                if let CheckAnswer::Gone { at_once, .. } = &mut answer {
                    *at_once = true;
                }
                attempt.now = self.now();
                self.write_answer(&attempt, answer).await?
            }
            outcome => outcome,
        };
        Ok(match (outcome, answer) {
            (AnswerOutcome::Approved(record), _) => Judged::Done(CheckOutcome::Approved(record)),
            (AnswerOutcome::ApprovedBefore(record), _) => Judged::Done(CheckOutcome::ApprovedBefore(record)),
            (AnswerOutcome::NotFound, _) => Judged::Done(CheckOutcome::NotFound),
            (AnswerOutcome::Stands(record, too_many), CheckAnswer::Wrong) => {
                Judged::Done(CheckOutcome::Wrong(record, too_many))
            }
            (AnswerOutcome::EndedBefore(record), CheckAnswer::Wrong) => {
                Judged::Done(CheckOutcome::Wrong(record, None))
            }
            (AnswerOutcome::Stands(record, _) | AnswerOutcome::EndedBefore(record), CheckAnswer::Lost) => {
                Judged::NoAnswer(record)
            }
            (
                AnswerOutcome::Stands(record, _)
                | AnswerOutcome::EndedBefore(record)
                | AnswerOutcome::Unanswered(record),
                _,
            ) => Judged::Done(CheckOutcome::Ended(record)),
        })
    }

    async fn write_answer(
        &self,
        attempt: &CheckAttempt,
        answer: CheckAnswer,
    ) -> Result<AnswerOutcome, ApiError> {
        let written = self.parts.store.answer_check(attempt.clone(), answer).await;
        let outcome = written.map_err(|error| refusal::unavailable(&error))?;
        self.raise_answered(&outcome);
        Ok(outcome)
    }

    /// Waits until no check of a verification is under way, or for as long as one may be.
    async fn others_answered(&self, id: VerificationId) -> Result<(), ApiError> {
        let deadline = Instant::now() + WAIT;
        while Instant::now() < deadline {
            let found = self.parts.store.find(id).await;
            let record = found.map_err(|error| refusal::unavailable(&error))?;
            let under_way = record.is_some_and(|record| {
                record.facts.status == Status::Pending
                    && matches!(record.code, CodeHolder::Provider { unanswered } if unanswered > 0)
            });
            if !under_way {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Tells whoever listens how an answer ended a verification, if it did.
    fn raise_answered(&self, outcome: &AnswerOutcome) {
        match outcome {
            AnswerOutcome::Approved(record) => self.raise_approved(record),
            AnswerOutcome::Stands(record, _) => match record.facts.status {
                Status::Exhausted => {
                    self.raise_of(record, Event::VerificationExhausted);
                    self.tell_provider(record.facts.id, End::GivenUp);
                }
                Status::Expired => self.raise_of(record, Event::VerificationExpired),
                Status::Pending | Status::Approved | Status::Canceled => {}
            },
            _ => {}
        }
    }

    /// Tells a provider that wants to know it how a verification ended, after the answer to the user and once at most.
    pub(super) fn tell_provider(&self, id: VerificationId, end: End) {
        let Some(provider) = self.parts.codes.provider().cloned() else {
            return;
        };
        let store = self.parts.store.clone();
        self.tasks.background(async move {
            match store.sender_reference(id, provider.name()).await {
                Ok(Some(reference)) => provider.close(&reference, end).await,
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, verification = %id, "the provider is not told of an end");
                }
            }
        });
    }
}
