use super::Engine;
use crate::budget::{Account, Asked, Budgets, Price, Refusal};
use crate::hooks::{BudgetEvent, Event};
use crate::limits::Counted;
use crate::store::{BudgetTurn, Charge, OpenDelivery, PriceReport};
use phone_verify_domain::{ApiError, Channel, Country, ErrorCode, SendWait, SiteKey};
use std::sync::Arc;

/// How budgets let a verification's codes travel now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Allowance {
    sms: Option<Refusal>,
    call: Option<Refusal>,
}

impl Engine {
    /// What a send counts in the budgets; nothing where there are none, and for a test number. `leaves` says whether anything will
    /// leave for it at all.
    pub(super) fn charge(
        &self,
        counted: Counted,
        (channel, country): (Channel, Country),
        leaves: bool,
    ) -> Option<Charge> {
        let budgets = self.parts.budgets.as_ref()?;
        Some(Charge {
            budgets: budgets.clone(),
            asked: asked(budgets, counted, (channel, country))?,
            leaves,
        })
    }

    /// Tells of states that budgets reached; sites are told by the transaction in which they did.
    pub(super) fn raise_budget_turns(&self, turns: &[BudgetTurn]) {
        let Some(budgets) = &self.parts.budgets else {
            return;
        };
        for turn in turns {
            let BudgetTurn {
                account,
                state,
                spent,
                limit,
            } = turn;
            tracing::warn!(
                site = account.site.as_ref().map(SiteKey::as_str),
                period = account.period.name,
                state = state.as_str(),
                %spent,
                %limit,
                currency = budgets.currency,
                "a budget is being used up"
            );
            let at = self.now();
            self.parts.hooks.raise(|_| {
                Event::BudgetWarning(BudgetEvent {
                    at,
                    site: account.site.clone(),
                    period: account.period.name.clone(),
                    state: *state,
                    spent: *spent,
                    limit: *limit,
                    currency: budgets.currency.clone(),
                })
            });
        }
    }

    /// How the budgets stand for a verification's sends. What is shown is a hint: the transaction of a send decides.
    pub(super) async fn allowance(&self, counted: Counted, site: &SiteKey, country: Country) -> Allowance {
        let Some(budgets) = &self.parts.budgets else {
            return Allowance::default();
        };
        let accounts = Account::of_send(site, self.now());
        let spent = match self.parts.store.spent(&accounts).await {
            Ok(spent) => spent,
            Err(error) => {
                tracing::warn!(%error, "what budgets allow is not shown");
                return Allowance::default();
            }
        };
        let refusal = |channel| {
            let asked = asked(budgets, counted, (channel, country))?;
            let standing = accounts.iter().zip(&spent);
            let refusals =
                standing.filter_map(|(account, spent)| budgets.refusal(account, spent.counted, &asked));
            refusals.max()
        };
        Allowance {
            sms: refusal(Channel::Sms),
            call: refusal(Channel::Call),
        }
    }

    /// Takes the provider's price of a delivery.
    pub(super) async fn learn_price(&self, delivery: &OpenDelivery, reference: &str, price: Price) {
        let Some(budgets) = &self.parts.budgets else {
            return;
        };
        if price.currency != budgets.currency {
            tracing::warn!(
                delivery = delivery.delivery_id,
                currency = price.currency,
                expected = budgets.currency,
                "a price in another currency than the budget's is not taken: its cap counts"
            );
            return;
        }
        let report = PriceReport {
            id: delivery.id,
            delivery_id: delivery.delivery_id.clone(),
            sender_reference: reference.to_owned(),
            price: price.amount,
            budgets: budgets.clone(),
            now: self.now(),
        };
        match self.parts.store.price(report).await {
            Ok(None) => {}
            Ok(Some(priced)) => {
                if price.amount > priced.before {
                    tracing::warn!(
                        delivery = delivery.delivery_id,
                        price = %price.amount,
                        cap = %priced.before,
                        "a message cost more than the cap of its country: raise the cap, or do not serve the country"
                    );
                }
                self.raise_budget_turns(&priced.turns);
            }
            Err(error) => {
                tracing::warn!(%error, delivery = delivery.delivery_id, "a price is not written");
            }
        }
    }
}

impl Allowance {
    /// The later of a channel's wait and what the budgets say of it.
    pub(super) fn bound(self, channel: Channel, wait: SendWait, engine: &Engine) -> SendWait {
        let refusal = match channel {
            Channel::Sms => self.sms,
            Channel::Call => self.call,
        };
        match (wait, refusal) {
            (SendWait::After(wait), Some(Refusal::Until(moment))) => {
                SendWait::After(wait.max(engine.now().until(moment)))
            }
            (SendWait::After(_), Some(Refusal::VoiceOff)) => SendWait::Never,
            (wait, _) => wait,
        }
    }
}

/// No call is made any more; a message may still be sent.
pub(super) fn voice_off() -> ApiError {
    ApiError::new(
        ErrorCode::ChannelUnavailable,
        "no calls are made for now; a text message can be sent",
    )
}

fn asked(budgets: &Arc<Budgets>, counted: Counted, (channel, country): (Channel, Country)) -> Option<Asked> {
    let is_known = match counted {
        Counted::Nobody => return None,
        Counted::Number { .. } => false,
        Counted::KnownNumber { .. } | Counted::KnownSubject { .. } => true,
    };
    Some(Asked {
        channel,
        is_known,
        amount: budgets.cap(channel, country),
    })
}
