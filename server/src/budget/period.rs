use jiff::tz::TimeZone;
use phone_verify_domain::{SiteKey, Timestamp};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// A UTC day or a UTC month.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// `2026-01-31` or `2026-01`: what it is kept under.
    pub name: String,
    /// When it begins.
    pub begins: Timestamp,
    /// When the next one begins.
    pub ends: Timestamp,
}

impl Period {
    /// The day of a moment.
    #[must_use]
    pub fn day_of(at: Timestamp) -> Self {
        let begins = Timestamp::from_millis(at.utc_day() * DAY);
        Self {
            name: date_of(at).to_string(),
            begins,
            ends: at.next_utc_day(),
        }
    }

    /// The month of a moment.
    #[must_use]
    pub fn month_of(at: Timestamp) -> Self {
        let date = date_of(at);
        let first = at.utc_day() - i64::from(date.day()) + 1;
        Self {
            name: format!("{:04}-{:02}", date.year(), date.month()),
            begins: Timestamp::from_millis(first * DAY),
            ends: Timestamp::from_millis((first + i64::from(date.days_in_month())) * DAY),
        }
    }

    /// The one before it.
    #[must_use]
    pub fn previous(&self) -> Self {
        let last = Timestamp::from_millis(self.begins.as_millis() - 1);
        if self.is_month() {
            Self::month_of(last)
        } else {
            Self::day_of(last)
        }
    }

    /// So many of them in a row, this one the last.
    #[must_use]
    pub fn row(self, count: usize) -> Vec<Self> {
        let mut row: Vec<Self> = std::iter::successors(Some(self), |period| Some(period.previous()))
            .take(count)
            .collect();
        row.reverse();
        row
    }

    /// Whether it is a month.
    #[must_use]
    pub fn is_month(&self) -> bool {
        self.name.len() == "2026-01".len()
    }
}

fn date_of(at: Timestamp) -> jiff::civil::Date {
    // A clock beyond the year 9999 says nothing of any budget.
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    moment.to_zoned(TimeZone::UTC).date()
}

/// What is counted together: what one site, or all of them, spent in one period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// Whose; `None` for all sites together.
    pub site: Option<SiteKey>,
    /// When.
    pub period: Period,
}

impl Account {
    /// Whose, as it is kept: nothing for all sites.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.site.as_ref().map_or("", SiteKey::as_str)
    }

    /// What a site's send at a moment counts in; what everybody shares comes last, so that it is locked for the shortest time.
    #[must_use]
    pub fn of_send(site: &SiteKey, at: Timestamp) -> [Self; 4] {
        let (day, month) = (Period::day_of(at), Period::month_of(at));
        let of = |site: Option<&SiteKey>, period: &Period| Self {
            site: site.cloned(),
            period: period.clone(),
        };
        [
            of(Some(site), &day),
            of(Some(site), &month),
            of(None, &day),
            of(None, &month),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_day_and_a_month_begin_and_end_in_utc() {
        for (moment, day, month, next_day, next_month) in [
            (
                "2026-01-01T00:00:00Z",
                "2026-01-01",
                "2026-01",
                "2026-01-02T00:00:00Z",
                "2026-02-01T00:00:00Z",
            ),
            (
                "2026-01-31T23:59:59Z",
                "2026-01-31",
                "2026-01",
                "2026-02-01T00:00:00Z",
                "2026-02-01T00:00:00Z",
            ),
            (
                "2028-02-29T12:00:00Z",
                "2028-02-29",
                "2028-02",
                "2028-03-01T00:00:00Z",
                "2028-03-01T00:00:00Z",
            ),
            (
                "2026-12-31T12:00:00Z",
                "2026-12-31",
                "2026-12",
                "2027-01-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            let (of_day, of_month) = (Period::day_of(at(moment)), Period::month_of(at(moment)));
            assert_eq!(
                (of_day.name.as_str(), of_day.ends),
                (day, at(next_day)),
                "{moment}"
            );
            assert_eq!(
                (of_month.name.as_str(), of_month.ends),
                (month, at(next_month)),
                "{moment}"
            );
            assert_eq!(of_day.begins, at(&format!("{day}T00:00:00Z")));
            assert_eq!(of_month.begins, at(&format!("{month}-01T00:00:00Z")));
            assert!(of_month.is_month() && !of_day.is_month());
        }
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        for period in [
            Period::day_of(at("2028-03-01T12:00:00Z")),
            Period::month_of(at("2028-03-01T12:00:00Z")),
        ] {
            let row = period.clone().row(14);
            assert_eq!((row.len(), row.last()), (14, Some(&period)));
            assert!(row.windows(2).all(|two| two[0].ends == two[1].begins));
        }
        assert_eq!(
            Period::month_of(at("2026-02-01T00:00:00Z")).row(3)[0].name,
            "2025-12"
        );
    }
}
