use super::{AdminError, Desk};
use crate::store::{Fault, Traffic, TrafficFilter};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// How far back one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// 24 hours, by the hour.
    Day,
    /// Seven days, by six hours.
    Week,
    /// Thirty days, by the day.
    Month,
}

impl Period {
    const fn stretch(self) -> Duration {
        match self {
            Self::Day => Duration::from_hours(1),
            Self::Week => Duration::from_hours(6),
            Self::Month => Duration::from_hours(24),
        }
    }

    const fn stretches(self) -> u32 {
        match self {
            Self::Day => 24,
            Self::Week => 28,
            Self::Month => 30,
        }
    }
}

/// How things went for a while.
#[derive(Debug)]
pub struct Overview {
    /// Each stretch of it: when it began, how many were sent, and how many of them led to an approval. Oldest first.
    pub stretches: Vec<(Timestamp, Count)>,
    /// The same by country and channel, most sent first.
    pub shares: Vec<Share>,
    /// What did not arrive, most frequent first.
    pub faults: Vec<Fault>,
}

/// So many sendings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// That may have left.
    pub sent: u64,
    /// Of these, that are known to have arrived.
    pub delivered: u64,
    /// Of these, that were the last before an approval.
    pub approved: u64,
}

impl Count {
    fn add(&mut self, traffic: &Traffic) {
        self.sent += traffic.sent;
        self.delivered += traffic.delivered;
        self.approved += traffic.approved;
    }
}

/// The part of one country and channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Where to.
    pub country: Country,
    /// How.
    pub channel: Channel,
    /// How many.
    pub count: Count,
}

impl Desk {
    /// How things went until now, on one site or on all. Stretches end at whole ones of UTC, so that the same hour is one bar
    /// however late one looks.
    ///
    /// # Errors
    /// [`AdminError::Store`]
    pub async fn overview(&self, period: Period, site: Option<SiteKey>) -> Result<Overview, AdminError> {
        let length = i64::try_from(period.stretch().as_millis()).unwrap_or(i64::MAX);
        let now = self.parts.clock.now().as_millis();
        let until = (now.div_euclid(length) + 1) * length;
        let from = until - length * i64::from(period.stretches());
        let filter = TrafficFilter {
            from: Timestamp::from_millis(from),
            until: Timestamp::from_millis(until),
            stretch: period.stretch(),
            site,
        };
        let traffic = self.parts.operator.traffic(filter.clone()).await?;
        let begins = (0..period.stretches()).map(|stretch| filter.from + period.stretch() * stretch);
        let mut stretches: Vec<(Timestamp, Count)> = begins.map(|begin| (begin, Count::default())).collect();
        let mut shares: BTreeMap<(&str, &str), Share> = BTreeMap::new();
        for row in &traffic {
            let at = usize::try_from(row.stretch).unwrap_or(usize::MAX);
            if let Some((_, count)) = stretches.get_mut(at) {
                count.add(row);
            }
            let share = shares
                .entry((row.country.as_str(), row.channel.as_str()))
                .or_insert(Share {
                    country: row.country,
                    channel: row.channel,
                    count: Count::default(),
                });
            share.count.add(row);
        }
        let mut shares: Vec<Share> = shares.into_values().collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.count.sent));
        Ok(Overview {
            stretches,
            shares,
            faults: self.parts.operator.faults(filter).await?,
        })
    }
}
