use super::{ServiceRefusal, not_found};
use crate::decisions::{Outcome, Rule, Saw};
use crate::sites::Site;
use crate::store::{Door, History, NamedBy, Record};
use crate::verification::access::Opened;
use crate::verification::explain::AskedStart;
use crate::verification::resend::Again;
use crate::verification::send::{Sent, Wording};
use crate::verification::standing::allow_message;
use crate::verification::start::{Admitted, Begun};
use crate::verification::{Engine, refusal};
use phone_verify_domain::{
    Caller, Channel, Code, DeliveryReason, DeliveryState, ErrorCode, Resend, Start, Status,
};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// How often a start looks for the live verification anew: it may end, or begin, between the look and the transaction.
const LOOKS: u32 = 4;

/// What a site's server wants to be sent.
#[derive(Clone)]
pub struct ServiceStart {
    /// The number, as it can be read without knowing a country.
    pub phone_number: String,
    /// How the code shall travel.
    pub channel: Channel,
    /// BCP 47, for the message's language.
    pub locale: Option<String>,
    /// What the message calls the site, in place of its name.
    pub name: Option<String>,
    /// The code, in place of one that the server draws. A live verification keeps its own.
    pub code: Option<Code>,
    /// The client's address, for the limits of addresses.
    pub address: Option<IpAddr>,
}

impl ServiceStart {
    fn as_start(&self, site: &Site) -> Start {
        Start {
            site_key: Some(site.key.clone()),
            phone_number: self.phone_number.clone(),
            country: None,
            channel: self.channel,
            locale: self.locale.clone(),
            session: None,
            nonce: None,
            purpose: None,
            challenge: None,
            idempotency_key: None,
        }
    }

    fn wording(&self) -> Wording {
        Wording {
            name: self.name.clone(),
            locale: self.locale.clone(),
        }
    }
}

impl Engine {
    /// Starts a verification and sends its code; where the number has a live one that the site's server started, sends its code
    /// again.
    ///
    /// # Errors
    /// As [`Verifier::start`](phone_verify_domain::Verifier::start) and, for a live one,
    /// [`Verifier::resend`](phone_verify_domain::Verifier::resend), without those of Origin and challenge; and those of
    /// [`ServiceRefusal`] alone.
    pub async fn start_for_service(
        &self,
        site: &Arc<Site>,
        start: ServiceStart,
    ) -> Result<History, ServiceRefusal> {
        let asked = AskedStart::of(&start.as_start(site));
        let started = self.try_start_for_service(site, start).await;
        started.inspect_err(|refused| match refused {
            ServiceRefusal::Refused(error) => {
                self.explain_refusal(error, || self.refused_start(&asked));
            }
            // The others are a sender's, and are told where it was asked.
            ServiceRefusal::Fraud | ServiceRefusal::NotTextable | ServiceRefusal::Unreachable => {}
        })
    }

    async fn try_start_for_service(
        &self,
        site: &Arc<Site>,
        start: ServiceStart,
    ) -> Result<History, ServiceRefusal> {
        let caller = Caller {
            address: start.address,
            origin: None,
        };
        for _ in 0..LOOKS {
            let mut admitted = self.admit(site.clone(), start.as_start(site), None)?;
            let standing = self.standing(&site.key, &admitted.number).await?;
            allow_message(start.channel, standing)?;
            if standing.is_blocked {
                let asked = self.refused_start(&AskedStart::of(&start.as_start(site)));
                self.explain(asked, Rule::BlockList, Outcome::Refused, Saw::default());
                return Err(ServiceRefusal::Fraud);
            }
            let index = self.parts.keys.number_index(&site.key, &admitted.number);
            let last = self.history(site, NamedBy::Number(index)).await?;
            let live = last.filter(|last| last.record.facts.status_at(self.now()) == Status::Pending);
            let sent = if let Some(live) = live {
                self.send_again(&caller, site, live.record, admitted, &start)
                    .await?
            } else {
                admitted.door = Door::Host;
                admitted.own_code.clone_from(&start.code);
                admitted.own_name.clone_from(&start.name);
                admitted.is_known = standing.is_known;
                self.send_first(&caller, admitted).await?
            };
            if let Some(sent) = sent {
                return self.told(site, start.channel, sent).await;
            }
        }
        let asked = self.refused_start(&AskedStart::of(&start.as_start(site)));
        let saw = Saw {
            counted: Some(LOOKS),
            retry_in: Some(Duration::from_secs(1)),
            ..Saw::default()
        };
        let rule = Rule::Refusal(ErrorCode::TooManyRequests);
        Err(self
            .too_many(asked, rule, saw, "other starts of this number go on")
            .into())
    }

    /// `None` where one began meanwhile.
    async fn send_first(&self, caller: &Caller, admitted: Admitted) -> Result<Option<Sent>, ServiceRefusal> {
        let (engine, caller) = (self.clone(), caller.clone());
        let work = async move { engine.write_and_send(&caller, admitted).await };
        Ok(match self.tasks.detached(work).await? {
            Begun::Asked(sent) => Some(*sent),
            Begun::Alive(_) => None,
        })
    }

    /// `None` where it ended meanwhile.
    async fn send_again(
        &self,
        caller: &Caller,
        site: &Arc<Site>,
        record: Record,
        admitted: Admitted,
        start: &ServiceStart,
    ) -> Result<Option<Sent>, ServiceRefusal> {
        let opened = Opened {
            record,
            site: site.clone(),
        };
        let again = Again {
            number: admitted.number,
            is_blocked: false,
            resend: Resend {
                channel: start.channel,
                phone_number: start.phone_number.clone(),
                country: None,
                idempotency_key: None,
            },
            idempotency: None,
            wording: start.wording(),
        };
        let (engine, caller) = (self.clone(), caller.clone());
        let work = async move { engine.write_and_resend(&caller, opened, again).await };
        match self.tasks.detached(work).await {
            Ok(sent) => Ok(Some(sent)),
            Err(error) if has_ended(error.code) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn told(&self, site: &Site, channel: Channel, sent: Sent) -> Result<History, ServiceRefusal> {
        let record = match sent {
            Sent::GoesOn(record, _) => record,
            Sent::TakenForFraud(..) => return Err(ServiceRefusal::Fraud),
            Sent::Refused(_, code) => return Err(self.sender_refused(code, channel).into()),
        };
        let facts = &record.facts;
        if facts.delivery_state == DeliveryState::Rejected {
            return Err(match facts.delivery_reason {
                Some(DeliveryReason::NotTextable) if channel == Channel::Sms => ServiceRefusal::NotTextable,
                Some(DeliveryReason::Blocked | DeliveryReason::Filtered) => ServiceRefusal::Fraud,
                Some(DeliveryReason::Sender) => {
                    refusal::sender(ErrorCode::SenderUnavailable, Duration::ZERO).into()
                }
                _ => ServiceRefusal::Unreachable,
            });
        }
        self.history(site, NamedBy::Id(facts.id))
            .await?
            .ok_or_else(not_found)
    }
}

fn has_ended(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::NotFound
            | ErrorCode::AlreadyApproved
            | ErrorCode::Expired
            | ErrorCode::Exhausted
            | ErrorCode::Canceled
    )
}
