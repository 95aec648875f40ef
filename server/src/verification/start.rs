use super::secrets::{OwnedCode, Secrets};
use super::send::{Leaves, Sending, Sent, Wording};
use super::session::Bound;
use super::standing::allow_message;
use super::view::Waits;
use super::{Engine, budget, idempotency, refusal};
use crate::decisions::{Asked, Operation};
use crate::limits::{self, Counted, SendOf};
use crate::numbers::{self, NumberKind};
use crate::senders::Codes;
use crate::sites::Site;
use crate::store::{
    Door, Idempotency, KeptCode, LimitUse, NewVerification, Record, Sealed, StartOutcome, Started, UsedProof,
};
use phone_verify_domain::{
    ApiError, Caller, Code, Country, ErrorCode, PhoneNumber, Start, VerificationId, View,
};
use std::sync::Arc;

/// A start that nothing but a limit or the sender can refuse any more.
pub(super) struct Admitted {
    site: Arc<Site>,
    pub(super) number: PhoneNumber,
    country: Country,
    pub(super) start: Start,
    /// The host's session that it is asked for in.
    session: Option<Bound>,
    /// Whether the operator has blocked the number.
    is_blocked: bool,
    /// Whether it was verified on the site before.
    pub(super) is_known: bool,
    idempotency: Option<Idempotency>,
    /// Through which door it came.
    pub(super) door: Door,
    /// The code that the site's server wants to be sent.
    pub(super) own_code: Option<Code>,
    /// What the site's server calls the site in this message.
    pub(super) own_name: Option<String>,
    /// The work that was proved.
    proof: Option<UsedProof>,
}

/// What a start that was not refused led to.
pub(super) enum Begun {
    /// It was sent, or refused by the sender.
    Asked(Box<Sent>),
    /// The site's server has a live verification of the number already, and nothing was written.
    Alive(Box<Record>),
}

impl Engine {
    pub(super) async fn start_verification(&self, caller: &Caller, start: Start) -> Result<View, ApiError> {
        let site = start.site_key.as_ref().and_then(|key| self.parts.sites.get(key));
        let site = site
            .cloned()
            .ok_or_else(|| ApiError::new(ErrorCode::SiteUnknown, "no site has this `site_key`"))?;
        self.check_origin(&site, caller)?;

        let idempotency = self.start_idempotency(&site.key, &start, self.now());
        let (record, waits) = if let Some(record) = self.earlier(&site.key, idempotency.as_ref()).await? {
            (record, None)
        } else {
            let proof = self.require_proof(&site, caller, &start).await?;
            let mut admitted = self.admit(site.clone(), start, idempotency)?;
            let Admitted { number, start, .. } = &mut admitted;
            admitted.session = self.bind_session(caller, &site, number, start).await?;
            let standing = self.standing(&site.key, &admitted.number).await?;
            allow_message(admitted.start.channel, standing)?;
            admitted.proof = proof;
            (admitted.is_blocked, admitted.is_known) = (standing.is_blocked, standing.is_known);
            let (engine, caller) = (self.clone(), caller.clone());
            let channel = admitted.start.channel;
            let work = async move { engine.write_and_send(&caller, admitted).await };
            match self.tasks.detached(work).await? {
                Begun::Asked(sent) => match *sent {
                    Sent::Refused(_, code) => return Err(self.sender_refused(code, channel)),
                    Sent::GoesOn(record, waits) | Sent::TakenForFraud(record, waits) => (record, waits),
                },
                Begun::Alive(record) => (*record, None),
            }
        };
        let secret = self.parts.keys.client_secret(record.facts.id);
        Ok(View {
            client_secret: Some(secret.expose().to_owned()),
            ..self.view_after(waits, caller, &site, &record).await
        })
    }

    /// The refusals that need nothing but the request itself, in the order of the contract.
    pub(super) fn admit(
        &self,
        site: Arc<Site>,
        start: Start,
        idempotency: Option<Idempotency>,
    ) -> Result<Admitted, ApiError> {
        let refuse = |code, detail: &str| Err(ApiError::new(code, detail));
        let Ok(parsed) = numbers::parse(&start.phone_number, start.country) else {
            return refuse(
                ErrorCode::InvalidNumber,
                "`phone_number` is not a number of any numbering plan",
            );
        };
        let Some(country) = parsed.country.filter(|country| site.countries.serve(*country)) else {
            return refuse(
                ErrorCode::CountryNotServed,
                "the site does not serve the number's country",
            );
        };
        if parsed.kind != NumberKind::Line {
            return refuse(
                ErrorCode::NumberTypeRefused,
                "numbers of this type are not verified",
            );
        }
        if !self.offers(&site, start.channel) {
            return refuse(
                ErrorCode::ChannelUnavailable,
                "the site does not offer this channel",
            );
        }
        Ok(Admitted {
            site,
            number: parsed.number,
            country,
            start,
            session: None,
            is_blocked: false,
            is_known: false,
            idempotency,
            door: Door::Browser,
            own_code: None,
            own_name: None,
            proof: None,
        })
    }

    pub(super) async fn write_and_send(
        &self,
        caller: &Caller,
        admitted: Admitted,
    ) -> Result<Begun, ApiError> {
        let secrets = self.new_secrets(&admitted)?;
        let checks = (self.parts.limits).of_check(&self.parts.keys, Some(secrets.counted), caller.address);
        let new = self.new_verification(caller, &admitted, &secrets, &checks)?;
        let (intent, lock) = (new.intent.clone(), new.lock.clone());
        let limits: Vec<_> = new.limits.iter().cloned().chain(lock).collect();
        let leaves = match self.parts.test_numbers.code_of(&admitted.number) {
            _ if admitted.is_blocked => Leaves::Blocked,
            Some(_) => Leaves::TestNumber,
            None => Leaves::BySenders,
        };
        // A blocked number is told what others are told.
        if leaves != Leaves::TestNumber {
            self.require_sender(intent.channel)?;
        }
        let now = new.created_at;
        let Started {
            record,
            canceled,
            screened,
            stands,
        } = match self.parts.store.start(new).await {
            Ok(StartOutcome::Started(started)) => *started,
            Ok(StartOutcome::Limited(limited)) => {
                return Err(self.limited(self.admitted_start(&admitted), limited, now));
            }
            Ok(StartOutcome::VoiceOff) => return Err(budget::voice_off()),
            Ok(StartOutcome::Repeated(record)) => {
                let record = self.repeated(record).await?;
                return Ok(Begun::Asked(Box::new(Sent::GoesOn(record, None))));
            }
            Ok(StartOutcome::Alive(record)) => return Ok(Begun::Alive(Box::new(record))),
            Ok(StartOutcome::ProofUsed) => return Err(self.proof_used(&admitted.site, caller).await),
            Ok(StartOutcome::Mismatch) => return Err(idempotency::mismatch()),
            Err(error) => return Err(refusal::unavailable(&error)),
        };
        self.hang_up_all(canceled);
        self.raise_started(&record, &admitted.number);
        self.raise_turns(&screened);
        self.raise_budget_turns(&screened.budget_turns);
        let sending = Sending {
            site: admitted.site,
            record,
            intent,
            to: admitted.number,
            code: secrets.code,
            waits: Waits::after_send(secrets.counted, (&limits, &checks), &stands, now),
            limits,
            leaves: leaves.screened(&screened),
            first: true,
            idempotency_key: admitted.start.idempotency_key,
            wording: Wording {
                name: admitted.own_name,
                locale: None,
            },
        };
        Ok(Begun::Asked(Box::new(self.send(sending).await)))
    }

    fn admitted_start(&self, admitted: &Admitted) -> Asked {
        let Admitted {
            site,
            number,
            country,
            start,
            ..
        } = admitted;
        Asked {
            operation: Operation::Start,
            site: Some(site.key.clone()),
            channel: Some(start.channel),
            country: Some(*country),
            verification: None,
            number: Some(self.parts.keys.number_index(&site.key, number)),
        }
    }

    fn new_verification(
        &self,
        caller: &Caller,
        admitted: &Admitted,
        secrets: &Secrets,
        checks: &[LimitUse],
    ) -> Result<NewVerification, ApiError> {
        let Admitted {
            site,
            number,
            start,
            session,
            ..
        } = admitted;
        let (keys, policy, now) = (&self.parts.keys, &self.parts.policy, self.now());
        let id = VerificationId::new(now, self.draw_name().map_err(refusal::no_random)?);
        let counted = secrets.counted;
        let index = keys.number_index(&site.key, number);
        let send = SendOf {
            counted,
            country: admitted.country,
            site: &site.key,
            address: caller.address,
        };
        Ok(NewVerification {
            id,
            site: site.key.clone(),
            door: admitted.door,
            number: index,
            mask: number.mask(),
            country: admitted.country,
            known_subject: counted.known_subject(),
            purpose: start.purpose.clone(),
            nonce: start.nonce.clone(),
            session: session.as_ref().map(|bound| bound.session.id),
            subject: session.as_ref().map(|bound| bound.session.subject.clone()),
            origin: caller.origin.clone(),
            locale: start.locale.clone(),
            code_length: match &secrets.code {
                OwnedCode::Ours(code) => u8::try_from(code.expose().len()).unwrap_or(policy.code.length),
                OwnedCode::Providers => policy.code.length,
            },
            sealed: self.seal(id, secrets)?,
            number_sealed: self.number_to_keep(site, number)?,
            number_to_tell: self.number_to_tell(site, || Some(number.clone()))?,
            code: match &secrets.code {
                // No code is right.
                _ if admitted.is_blocked => KeptCode::Ours(self.mac_of_no_code()?),
                OwnedCode::Ours(code) => {
                    KeptCode::Ours(keys.code_mac(id, &site.key, index, start.purpose.as_deref(), code))
                }
                OwnedCode::Providers => KeptCode::Providers,
            },
            attempts_max: policy.checks.per_verification,
            sends_max: policy.sends.per_verification,
            created_at: now,
            expires_at: now + policy.code.ttl,
            intent: self.intent(start.channel, now)?,
            limits: self.parts.limits.of_send(keys, &send),
            lock: self.parts.limits.lock_of(keys, counted),
            told: checks.iter().map(|limit| limit.key).collect(),
            // A blocked number gets nothing, whoever asks.
            watched: if admitted.is_blocked {
                None
            } else {
                self.parts.limits.watch(keys, &send)
            },
            charge: self.charge(counted, (start.channel, admitted.country), !admitted.is_blocked),
            pending_max: match counted {
                Counted::Nobody => u32::MAX,
                _ => policy.sends.pending_per_number,
            },
            idempotency: admitted.idempotency.clone(),
            proof: admitted.proof,
        })
    }

    /// The code, and whose limits count: a test number's code is known, and nobody's do. A code that the site's server gives
    /// is the code.
    fn new_secrets(&self, admitted: &Admitted) -> Result<Secrets, ApiError> {
        let (keys, number) = (&self.parts.keys, &admitted.number);
        if let Some(code) = self.parts.test_numbers.code_of(number) {
            let code = admitted.own_code.as_ref().unwrap_or(code);
            return Ok(Secrets {
                code: OwnedCode::Ours(code.clone()),
                counted: Counted::Nobody,
            });
        }
        Ok(Secrets {
            code: match (&admitted.own_code, &self.parts.codes) {
                (Some(code), _) => OwnedCode::Ours(code.clone()),
                (None, Codes::Ours | Codes::OursReported(_)) => OwnedCode::Ours(self.draw_code()?),
                (None, Codes::Providers(_)) => OwnedCode::Providers,
            },
            counted: match &admitted.session {
                Some(bound) if bound.holds_the_number => {
                    limits::counted_by_subject(keys, number, &admitted.site.key, &bound.session.subject)
                }
                _ if admitted.is_known => limits::counted_as_known(keys, number),
                _ => limits::counted_by_number(keys, number),
            },
        })
    }

    /// The number, encrypted, where the site wants to read it later.
    fn number_to_keep(&self, site: &Site, number: &PhoneNumber) -> Result<Option<Sealed>, ApiError> {
        let parts = &self.parts;
        let seal = || parts.keys.seal_number(&site.key, number, &*parts.random);
        site.keeps_numbers
            .then(seal)
            .transpose()
            .map_err(|error| refusal::broken("the number cannot be sealed", &error))
    }

    /// The number, encrypted, where the site is told of events with it and keeps none.
    pub(super) fn number_to_tell(
        &self,
        site: &Site,
        number: impl FnOnce() -> Option<PhoneNumber>,
    ) -> Result<Option<Sealed>, ApiError> {
        if site.webhook.is_none() || !site.token_number || site.keeps_numbers {
            return Ok(None);
        }
        let Some(number) = number() else {
            return Ok(None);
        };
        let sealed = self
            .parts
            .keys
            .seal_number(&site.key, &number, &*self.parts.random);
        sealed
            .map(Some)
            .map_err(|error| refusal::broken("the number cannot be sealed", &error))
    }

    fn draw_code(&self) -> Result<Code, ApiError> {
        let mut failure = None;
        let code = Code::draw(self.parts.policy.code.length, || {
            let mut byte = [0];
            failure = failure.or(self.parts.random.fill(&mut byte).err());
            byte[0]
        });
        failure.map_or(Ok(code), |error| Err(refusal::no_random(error)))
    }
}
