use super::Engine;
use super::access::Opened;
use super::send::{Leaves, Sending};
use crate::decisions::{Asked, Decision, Operation, Outcome, Rule, Saw};
use crate::numbers;
use crate::store::Stopper;
use phone_verify_domain::{ApiError, Channel, Country, SiteKey, Start, Timestamp};
use std::time::Duration;

/// A start as it was asked for, before anything is known of it.
pub(super) struct AskedStart {
    site: Option<SiteKey>,
    phone_number: String,
    country: Option<Country>,
    channel: Channel,
}

impl AskedStart {
    pub(super) fn of(start: &Start) -> Self {
        Self {
            site: start.site_key.clone(),
            phone_number: start.phone_number.clone(),
            country: start.country,
            channel: start.channel,
        }
    }
}

impl Asked {
    /// Something about a verification that exists.
    pub(super) fn about(operation: Operation, opened: &Opened) -> Self {
        let record = &opened.record;
        Self {
            operation,
            site: Some(record.site.clone()),
            channel: Some(record.facts.channel),
            country: Some(record.country),
            verification: Some(record.facts.id),
            number: Some(record.number),
        }
    }

    fn of_sending(sending: &Sending) -> Self {
        let record = &sending.record;
        Self {
            operation: if sending.first {
                Operation::Start
            } else {
                Operation::Resend
            },
            site: Some(record.site.clone()),
            channel: Some(sending.intent.channel),
            country: Some(record.country),
            verification: Some(record.facts.id),
            number: Some(record.number),
        }
    }
}

impl Saw {
    /// What a breaker saw that stops a send.
    fn by(stopper: &Stopper, now: Timestamp) -> Self {
        Self {
            counted: Some(stopper.approved),
            out_of: Some(stopper.sent),
            allowed: Some(stopper.percent),
            window: Some(stopper.window),
            retry_in: stopper
                .until
                .filter(|until| *until > now)
                .map(|until| now.until(until)),
            breaker: Some(stopper.name),
        }
    }
}

impl Engine {
    /// Writes down what a rule decided.
    pub(super) fn explain(&self, asked: Asked, rule: Rule, outcome: Outcome, saw: Saw) {
        self.parts.decisions.note(|| Decision {
            at: self.now(),
            asked,
            outcome,
            rule: Some(rule),
            saw,
            times: 1,
        });
    }

    /// Writes down a refusal by its word, unless its rule has told what it saw.
    pub(super) fn explain_refusal(&self, error: &ApiError, asked: impl FnOnce() -> Asked) {
        if Rule::tells_itself(error.code) {
            return;
        }
        let saw = Saw {
            retry_in: error.retry_in.map(Duration::from_secs),
            ..Saw::default()
        };
        self.explain(asked(), Rule::Refusal(error.code), Outcome::Refused, saw);
    }

    /// Writes down that nothing was sent where the client is told that something was.
    pub(super) fn explain_drop(&self, sending: &Sending) {
        let (rule, saw) = match &sending.leaves {
            Leaves::Blocked => (Rule::BlockList, Saw::default()),
            Leaves::Stopped(stopper) => {
                let saw = stopper.as_ref().map(|stopper| Saw::by(stopper, self.now()));
                (Rule::Conversion, saw.unwrap_or_default())
            }
            Leaves::BySenders | Leaves::TestNumber => (Rule::Provider, Saw::default()),
        };
        self.explain(Asked::of_sending(sending), rule, Outcome::Dropped, saw);
    }

    /// What is known of a start that was refused: of a site that is served, and of a number that is one.
    pub(super) fn refused_start(&self, start: &AskedStart) -> Asked {
        let sites = &self.parts.sites;
        let site = start.site.clone().filter(|key| sites.get(key).is_some());
        let parsed = numbers::parse(&start.phone_number, start.country).ok();
        let index = |number| {
            let site = site.as_ref()?;
            Some(self.parts.keys.number_index(site, number))
        };
        Asked {
            operation: Operation::Start,
            channel: Some(start.channel),
            country: parsed.as_ref().and_then(|parsed| parsed.country),
            verification: None,
            number: parsed.as_ref().and_then(|parsed| index(&parsed.number)),
            site,
        }
    }
}
