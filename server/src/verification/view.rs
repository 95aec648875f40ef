use super::Engine;
use super::budget::Allowance;
use crate::limits::{self, Counted, SendOf};
use crate::sites::Site;
use crate::store::{Arrivals, KeyedArrivals, LimitUse, NumberDay, Record};
use phone_verify_domain::{Caller, Channel, CheckPolicy, SendWait, Status, Timestamp, View};
use std::time::Duration;

/// When the limits may allow more, as far as is known.
#[derive(Clone, Copy)]
pub(super) struct Waits {
    /// Whose the limits are, where that can be read.
    counted: Option<Counted>,
    sends_at: Timestamp,
    checks_at: Timestamp,
}

impl Waits {
    /// What is known once a send has used its limits, its lock among them, and they stand like this.
    pub(super) fn after_send(
        counted: Counted,
        (sends, checks): (&[LimitUse], &[LimitUse]),
        stands: &KeyedArrivals,
        now: Timestamp,
    ) -> Self {
        let until = |uses: &[LimitUse]| {
            let arrivals: Vec<_> = uses
                .iter()
                .map(|limit| stands.get(&limit.key).copied().unwrap_or_default())
                .collect();
            now + limits::wait(uses, &arrivals, now)
        };
        Self {
            counted: Some(counted),
            sends_at: until(sends),
            checks_at: until(checks),
        }
    }
}

impl Engine {
    /// All that may be shown now. It never fails: what is told of waiting is a hint, and the limits themselves decide when
    /// their time has come.
    pub(super) async fn view_of(&self, caller: &Caller, site: &Site, record: &Record) -> View {
        self.view_after(None, caller, site, record).await
    }

    /// The same after a send, which knows how its limits stand.
    pub(super) async fn view_after(
        &self,
        known: Option<Waits>,
        caller: &Caller,
        site: &Site,
        record: &Record,
    ) -> View {
        let now = self.now();
        if record.facts.status_at(now) != Status::Pending {
            return record
                .facts
                .view(now, SendWait::Never, SendWait::Never, Duration::ZERO);
        }
        let waits = match known {
            Some(waits) => waits,
            None => self.waits(caller, site, record, now).await,
        };
        let allowance = match waits.counted {
            Some(counted) => self.allowance(counted, &site.key, record.country).await,
            None => Allowance::default(),
        };
        let send_wait = |channel| {
            if waits.counted.is_some() && self.offers(site, channel) {
                allowance.bound(channel, SendWait::After(now.until(waits.sends_at)), self)
            } else {
                SendWait::Never
            }
        };
        let day_wait = match waits.counted {
            Some(Counted::Nobody) => Duration::ZERO,
            _ => day_wait(record.day, &self.checks_of(record), now),
        };
        let check_wait = now.until(waits.checks_at).max(day_wait);
        record
            .facts
            .view(now, send_wait(Channel::Sms), send_wait(Channel::Call), check_wait)
    }

    /// The rules for a verification's checks: a known subject has a day of its own.
    pub(super) fn checks_of(&self, record: &Record) -> CheckPolicy {
        let (checks, limits) = (self.parts.policy.checks, &self.parts.limits);
        match record.known_subject {
            Some(_) => CheckPolicy {
                per_number_per_day: limits.checks_per_subject_per_day,
                ..checks
            },
            None => checks,
        }
    }

    /// Whether a site's codes may travel this way here.
    pub(super) fn offers(&self, site: &Site, channel: Channel) -> bool {
        site.channels.contains(&channel) && !self.parts.senders.of(channel).is_empty()
    }

    /// What the limits say now.
    async fn waits(&self, caller: &Caller, site: &Site, record: &Record, now: Timestamp) -> Waits {
        let parts = &self.parts;
        let counted = self.unseal(record).map(|secrets| secrets.counted);
        let sends = counted.map_or_else(Vec::new, |counted| {
            let send = SendOf {
                counted,
                country: record.country,
                site: &site.key,
                address: caller.address,
            };
            let mut uses = parts.limits.of_send(&parts.keys, &send);
            uses.extend(parts.limits.lock_of(&parts.keys, counted));
            uses
        });
        let checks = parts.limits.of_check(&parts.keys, counted, caller.address);
        let (sends, checks) = self.stand(&sends, &checks, now).await;
        Waits {
            counted,
            sends_at: now + sends,
            checks_at: now + checks,
        }
    }

    async fn stand(&self, sends: &[LimitUse], checks: &[LimitUse], now: Timestamp) -> (Duration, Duration) {
        let keys: Vec<_> = sends.iter().chain(checks).map(|limit| limit.key).collect();
        let arrivals = match self.parts.store.limits(&keys).await {
            Ok(arrivals) => arrivals,
            Err(error) => {
                tracing::warn!(%error, "waits are shown as after one use");
                sends
                    .iter()
                    .chain(checks)
                    .map(|limit| after_one_use(limit, now))
                    .collect()
            }
        };
        let (of_sends, of_checks) = arrivals.split_at(sends.len().min(arrivals.len()));
        (
            limits::wait(sends, of_sends, now),
            limits::wait(checks, of_checks, now),
        )
    }
}

fn after_one_use(limit: &LimitUse, now: Timestamp) -> Arrivals {
    // A lock falls after many.
    if limit.name == limits::LOCK {
        return Arrivals::default();
    }
    let mut arrivals = limit
        .windows
        .map(|window| window.map(|window| window.after_use(None, now)));
    // One place of several is taken, so another is free.
    if limit.places.len() > 1 {
        arrivals[2] = None;
    }
    arrivals
}

/// How long the number's day of checks is spent.
pub(super) fn day_wait(day: NumberDay, policy: &CheckPolicy, now: Timestamp) -> Duration {
    let allowed = policy.a_day_after(day.consecutive_failures);
    let today = now.utc_day();
    // Tomorrow is the clock's doing and not over either; a day further ahead is of a clock that was wrong.
    let until = match day.day - today {
        0 => now.next_utc_day(),
        1 => now.next_utc_day().next_utc_day(),
        _ => return Duration::ZERO,
    };
    if day.used >= allowed {
        now.until(until)
    } else {
        Duration::ZERO
    }
}
