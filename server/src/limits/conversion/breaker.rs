use super::{ConversionRule, Conversions, DAY, PROBES, Repute, Threshold, TrackRecord, UNANSWERED};
use phone_verify_domain::Timestamp;

/// One breaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversionBreaker {
    /// Whether it lets strangers through.
    pub state: BreakerState,
    /// What it has counted.
    pub counts: Conversions,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BreakerState {
    /// All are served.
    #[default]
    Closed,
    /// Numbers that were verified before are served, others are not, but for those that a country's breaker knows better of; from
    /// `until` on, some are as a trial.
    Open {
        /// Since when.
        since: Timestamp,
        /// When it tries again; `None` where it was opened by hand, which stays until it is closed by hand.
        until: Option<Timestamp>,
        /// What came of the trial.
        probes: Probes,
    },
}

/// Sends that a half-open breaker has let through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// How many.
    pub sent: u32,
    /// How many of them were approved.
    pub approved: u32,
    /// When the last one left.
    pub last: Option<Timestamp>,
}

/// A breaker's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It stops strangers from now on.
    Opened,
    /// It lets all through again.
    Closed,
}

/// What a breaker says of a send to a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may leave.
    Leaves,
    /// It may, to see whether its code comes back.
    Tried,
    /// It may not.
    Stopped,
}

impl ConversionBreaker {
    /// Opens or closes it where that is due. To be done before it is asked.
    pub fn turn(&mut self, rule: &ConversionRule, of: Threshold, now: Timestamp) -> Option<Turned> {
        self.counts.forget(now, rule.window);
        match &mut self.state {
            BreakerState::Closed => {
                if !self.counts.fail(rule, of, now) {
                    return None;
                }
                self.state = BreakerState::Open {
                    since: now,
                    until: Some(now + rule.open_for),
                    probes: Probes::default(),
                };
                Some(Turned::Opened)
            }
            BreakerState::Open { until: None, .. } => None,
            BreakerState::Open {
                since,
                until: Some(until),
                probes,
            } => {
                if probes.approved * 2 > PROBES {
                    *self = Self::default();
                    return Some(Turned::Closed);
                }
                // Whoever came in a rush may have typed the codes since.
                if self.counts.came_back(rule, of, *since) && !self.counts.fail(rule, of, now) {
                    self.state = BreakerState::Closed;
                    return Some(Turned::Closed);
                }
                let answered = probes.last.is_none_or(|last| last + rule.answer_after <= now);
                if probes.sent >= PROBES && answered {
                    (*until, *probes) = (now + since.until(now).min(DAY), Probes::default());
                }
                None
            }
        }
    }

    /// The same of a country's breaker, whose prefixes have nothing more against them once it has been open for a day.
    pub fn turn_of_country(&mut self, rule: &ConversionRule, now: Timestamp) -> Option<Turned> {
        self.counts.forget(now, rule.window);
        if let BreakerState::Open {
            since,
            until: Some(_),
            ..
        } = self.state
            && since + DAY <= now
            && !self.counts.fail(rule, rule.country, now)
        {
            self.state = BreakerState::Closed;
            return Some(Turned::Closed);
        }
        self.turn(rule, rule.country, now)
    }

    /// What a prefix's breaker says of a send. It counts nothing: see [`ConversionBreaker::sent`].
    #[must_use]
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        match self.state {
            BreakerState::Closed => Verdict::Leaves,
            BreakerState::Open {
                until: Some(until),
                probes,
                ..
            } if until <= now && probes.sent < PROBES => Verdict::Tried,
            BreakerState::Open { .. } => Verdict::Stopped,
        }
    }

    /// What a country's breaker says of a send to a prefix of that record. Where it is open, a good prefix is served; one of which
    /// nothing is known is, as long as not too many codes of the country's day are unanswered; and a bad one is tried now and then.
    #[must_use]
    pub fn verdict_on(
        &self,
        prefix: TrackRecord,
        own: u32,
        rule: &ConversionRule,
        now: Timestamp,
    ) -> Verdict {
        if !self.judges_prefixes() {
            return self.verdict(now);
        }
        match prefix.repute(own) {
            Repute::Good => Verdict::Leaves,
            Repute::Unknown if self.may_learn(rule, now) => Verdict::Leaves,
            Repute::Unknown => Verdict::Stopped,
            Repute::Bad => self.verdict(now),
        }
    }

    /// Whether, being a country's, it looks at each prefix for itself: one that was opened by hand does not.
    #[must_use]
    pub const fn judges_prefixes(&self) -> bool {
        matches!(self.state, BreakerState::Open { until: Some(_), .. })
    }

    /// Whether one more code of the country may stay unanswered.
    fn may_learn(&self, rule: &ConversionRule, now: Timestamp) -> bool {
        let day = self.counts.of_day(now);
        let at_most = rule.country.sends.saturating_mul(UNANSWERED);
        day.unanswered() < at_most.saturating_add(day.approved)
    }

    /// A send leaves by this verdict, of a verification that began at `began`.
    pub fn sent(&mut self, verdict: Verdict, began: Timestamp, now: Timestamp) {
        self.counts.sent(began);
        if let (Verdict::Tried, BreakerState::Open { probes, .. }) = (verdict, &mut self.state) {
            probes.sent += 1;
            probes.last = Some(now);
        }
    }

    /// It surely did not leave. Whether it was tried, is asked of a country's; a prefix's tries all that leave while it is open.
    pub fn taken_back(&mut self, began: Timestamp, was_tried: bool) {
        self.counts.taken_back(began);
        if let Some(probes) = self.trial_of(began).filter(|_| was_tried) {
            probes.sent = probes.sent.saturating_sub(1);
        }
    }

    /// A verification that began at `began` was approved after so many sends; as of [`ConversionBreaker::taken_back`].
    pub fn approved(&mut self, began: Timestamp, sends: u32, was_tried: bool) {
        self.counts.approved(began, sends);
        if let Some(probes) = self.trial_of(began).filter(|_| was_tried) {
            probes.approved = (probes.approved + 1).min(probes.sent);
        }
    }

    /// What a prefix had to show before a verification of it began: only as a trial was one of a bad prefix sent while its country's
    /// breaker was open.
    #[must_use]
    pub fn was_bad(&self, began: Timestamp) -> bool {
        self.counts.of_day_before(began).is_bad()
    }

    /// The trial that has begun by then, if it still goes on.
    fn trial_of(&mut self, began: Timestamp) -> Option<&mut Probes> {
        match &mut self.state {
            BreakerState::Open {
                until: Some(until),
                probes,
                ..
            } if *until <= began => Some(probes),
            BreakerState::Closed | BreakerState::Open { .. } => None,
        }
    }
}
