use super::Engine;
use crate::limits;
use crate::sites::Site;
use crate::store::{Arrivals, LimitUse, NumberDay, Record};
use phone_verify_domain::{Caller, Channel, CheckPolicy, SendWait, Status, Timestamp, View};
use std::time::Duration;

impl Engine {
    /// All that may be shown now. It never fails: what is told of waiting is a hint, and the limits themselves decide when
    /// their time has come.
    pub(super) async fn view_of(&self, caller: &Caller, site: &Site, record: &Record) -> View {
        let now = self.now();
        if record.facts.status_at(now) != Status::Pending {
            return record
                .facts
                .view(now, SendWait::Never, SendWait::Never, Duration::ZERO);
        }
        let parts = &self.parts;
        let sends = self.unseal(record).map(|secrets| {
            parts
                .limits
                .of_send(&parts.keys, secrets.number_limit, caller.address)
        });
        let checks = parts.limits.of_check(&parts.keys, caller.address);
        let (send_wait, check_wait) = self
            .waits(sends.as_deref().unwrap_or_default(), &checks, now)
            .await;

        let send_wait = |channel| {
            if sends.is_some() && self.offers(site, channel) {
                SendWait::After(send_wait)
            } else {
                SendWait::Never
            }
        };
        let check_wait = check_wait.max(day_wait(record.day, &parts.policy.checks, now));
        record
            .facts
            .view(now, send_wait(Channel::Sms), send_wait(Channel::Call), check_wait)
    }

    /// Whether a site's codes may travel this way here.
    pub(super) fn offers(&self, site: &Site, channel: Channel) -> bool {
        site.channels.contains(&channel) && !self.parts.senders.of(channel).is_empty()
    }

    async fn waits(&self, sends: &[LimitUse], checks: &[LimitUse], now: Timestamp) -> (Duration, Duration) {
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
    limit
        .windows
        .map(|window| window.map(|window| window.after_use(None, now)))
}

/// How long the number's day of checks is spent.
pub(super) fn day_wait(day: NumberDay, policy: &CheckPolicy, now: Timestamp) -> Duration {
    let allowed = if day.consecutive_failures >= CheckPolicy::FAILURES_BEFORE_ONE_A_DAY {
        1
    } else {
        policy.per_number_per_day
    };
    // A day in the future is the clock's doing; it is not over either.
    if day.day >= now.utc_day() && day.used >= allowed {
        now.until(now.next_utc_day())
    } else {
        Duration::ZERO
    }
}
