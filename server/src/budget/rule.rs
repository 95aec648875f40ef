use super::{Account, BudgetState, Money};
use phone_verify_domain::{Channel, Country, SiteKey, Timestamp};
use std::collections::HashMap;

/// All budgets, and what a send counts before its price is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budgets {
    /// What Twilio bills in, by ISO 4217: a price in another currency is not taken.
    pub currency: String,
    /// What a message may cost.
    pub sms: Caps,
    /// What a call may cost.
    pub call: Caps,
    /// From which shares on less is sent.
    pub shares: Shares,
    /// Of all sites together.
    pub all: Budget,
    /// Of single sites.
    pub sites: HashMap<SiteKey, Budget>,
}

/// What may be spent; what is not set does not limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// In a UTC day.
    pub per_day: Option<Money>,
    /// In a UTC month.
    pub per_month: Option<Money>,
}

impl Budget {
    /// Whether anything is limited.
    #[must_use]
    pub const fn limits_anything(&self) -> bool {
        self.per_day.is_some() || self.per_month.is_some()
    }
}

/// The most that one send of a channel may cost, in the operator's judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Where nothing else is said.
    pub anywhere: Money,
    /// In single countries.
    pub countries: HashMap<Country, Money>,
}

/// Of a hundred parts of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// From here on a warning is due.
    pub warn: u32,
    /// From here on no calls are made.
    pub voice_off: u32,
    /// From here on strangers get nothing.
    pub known_only: u32,
}

/// A send, as budgets see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How it travels.
    pub channel: Channel,
    /// Whether its number was verified on the site before.
    pub is_known: bool,
    /// What it counts.
    pub amount: Money,
}

/// Why a budget lets a send not go. The later one weighs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// No calls are made any more; a message may go.
    VoiceOff,
    /// Nothing goes before this moment.
    Until(Timestamp),
}

impl Budgets {
    /// What a send counts before its price is known.
    #[must_use]
    pub fn cap(&self, channel: Channel, country: Country) -> Money {
        let caps = match channel {
            Channel::Sms => &self.sms,
            Channel::Call => &self.call,
        };
        caps.countries.get(&country).copied().unwrap_or(caps.anywhere)
    }

    /// What may be spent in an account, if that is limited.
    #[must_use]
    pub fn limit(&self, account: &Account) -> Option<Money> {
        let budget = match &account.site {
            None => self.all,
            Some(site) => self.sites.get(site).copied().unwrap_or_default(),
        };
        if account.period.is_month() {
            budget.per_month
        } else {
            budget.per_day
        }
    }

    /// How an account stands of which so much is spent.
    #[must_use]
    pub fn state(&self, account: &Account, spent: Money) -> BudgetState {
        let Some(limit) = self.limit(account) else {
            return BudgetState::Normal;
        };
        if spent.plus(self.cheapest()) > limit {
            return BudgetState::Stop;
        }
        let Shares {
            warn,
            voice_off,
            known_only,
        } = self.shares;
        [
            (known_only, BudgetState::KnownOnly),
            (voice_off, BudgetState::VoiceOff),
            (warn, BudgetState::Warn),
        ]
        .into_iter()
        .find(|(share, _)| spent.is_share_of(limit, *share))
        .map_or(BudgetState::Normal, |(_, state)| state)
    }

    /// Whether an account of which so much is spent lets a send go. What is let go never exceeds the budget by its cap.
    #[must_use]
    pub fn refusal(&self, account: &Account, spent: Money, asked: &Asked) -> Option<Refusal> {
        let limit = self.limit(account)?;
        let state = self.state(account, spent);
        let is_over = spent.plus(asked.amount) > limit;
        if is_over || state == BudgetState::Stop || (state == BudgetState::KnownOnly && !asked.is_known) {
            return Some(Refusal::Until(account.period.ends));
        }
        (state >= BudgetState::VoiceOff && asked.channel == Channel::Call).then_some(Refusal::VoiceOff)
    }

    /// The least that a send may count.
    fn cheapest(&self) -> Money {
        let caps = [&self.sms, &self.call].into_iter();
        let all = caps.flat_map(|caps| caps.countries.values().chain([&caps.anywhere]));
        all.copied().min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);

    fn cents(cents: i64) -> Money {
        Money::from_millionths(cents * 10_000)
    }

    fn site() -> SiteKey {
        SiteKey::parse("demo").unwrap()
    }

    /// Ten units a day for all, five for the site; 10 cents a message, 50 a call.
    fn budgets() -> Budgets {
        let caps = |amount| Caps {
            anywhere: cents(amount),
            countries: HashMap::new(),
        };
        Budgets {
            currency: "USD".to_owned(),
            sms: caps(10),
            call: caps(50),
            shares: Shares {
                warn: 70,
                voice_off: 80,
                known_only: 90,
            },
            all: Budget {
                per_day: Some(cents(1_000)),
                per_month: None,
            },
            sites: HashMap::from([(
                site(),
                Budget {
                    per_day: Some(cents(500)),
                    per_month: None,
                },
            )]),
        }
    }

    fn asked(channel: Channel, is_known: bool) -> Asked {
        Asked {
            channel,
            is_known,
            amount: budgets().cap(channel, Country::parse("US").unwrap()),
        }
    }

    #[test]
    fn each_state_begins_at_its_share_and_stop_where_not_even_a_message_fits() {
        let budgets = budgets();
        let [_, of_site_month, all_day, _] = Account::of_send(&site(), NOON);
        for (spent, state) in [
            (0, BudgetState::Normal),
            (699, BudgetState::Normal),
            (700, BudgetState::Warn),
            (800, BudgetState::VoiceOff),
            (899, BudgetState::VoiceOff),
            (900, BudgetState::KnownOnly),
            (990, BudgetState::KnownOnly),
            (991, BudgetState::Stop),
            (2_000, BudgetState::Stop),
        ] {
            assert_eq!(budgets.state(&all_day, cents(spent)), state, "{spent}");
            assert_eq!(budgets.state(&of_site_month, cents(spent)), BudgetState::Normal);
        }
    }

    #[test]
    fn calls_stop_first_then_strangers_then_all() {
        let budgets = budgets();
        let [_, _, day, _] = Account::of_send(&site(), NOON);
        let until = Some(Refusal::Until(day.period.ends));
        let voice = Some(Refusal::VoiceOff);
        let (sms, call) = (Channel::Sms, Channel::Call);
        for (spent, channel, is_known, refusal) in [
            (799, call, false, None),
            (800, call, false, voice),
            (800, call, true, voice),
            (899, sms, false, None),
            (900, sms, false, until),
            (900, sms, true, None),
            (900, call, true, voice),
            (951, call, true, until),
            (990, sms, true, None),
            (991, sms, true, until),
        ] {
            let found = budgets.refusal(&day, cents(spent), &asked(channel, is_known));
            assert_eq!(found, refusal, "{spent} {channel} {is_known}");
        }
    }

    #[test]
    fn a_country_may_have_a_cap_of_its_own() {
        let mut budgets = budgets();
        let [us, gb] = ["US", "GB"].map(|code| Country::parse(code).unwrap());
        budgets.sms.countries.insert(gb, cents(4));
        assert_eq!(budgets.cap(Channel::Sms, us), cents(10));
        assert_eq!(budgets.cap(Channel::Sms, gb), cents(4));
        assert_eq!(budgets.cap(Channel::Call, gb), cents(50));
    }

    proptest! {
        #[test]
        fn what_is_let_go_never_exceeds_a_budget(spent in 0_i64..2_000, call: bool, is_known: bool) {
            let budgets = budgets();
            let [_, _, day, _] = Account::of_send(&site(), NOON);
            let asked = asked(if call { Channel::Call } else { Channel::Sms }, is_known);
            if budgets.refusal(&day, cents(spent), &asked).is_none() {
                prop_assert!(cents(spent).plus(asked.amount) <= cents(1_000));
            }
        }

        #[test]
        fn more_spent_never_lets_more_go(spent in 0_i64..2_000, more in 0_i64..500, call: bool, is_known: bool) {
            let budgets = budgets();
            let [_, _, day, _] = Account::of_send(&site(), NOON);
            let asked = asked(if call { Channel::Call } else { Channel::Sms }, is_known);
            let (before, after) = (cents(spent), cents(spent + more));
            prop_assert!(budgets.state(&day, before) <= budgets.state(&day, after));
            prop_assert!(budgets.refusal(&day, before, &asked) <= budgets.refusal(&day, after, &asked));
        }
    }
}
