//! What sends cost, as it is counted.

use crate::budget::{Account, Asked, BudgetState, Budgets, Money};
use phone_verify_domain::{Timestamp, VerificationId};
use std::sync::Arc;

/// What a send counts in the budgets of its site and of all sites.
#[derive(Clone)]
pub struct Charge {
    /// The budgets.
    pub budgets: Arc<Budgets>,
    /// The send.
    pub asked: Asked,
    /// Whether it may leave at all; one that may not counts nothing, and is refused as if it might.
    pub leaves: bool,
}

/// The provider's price of a delivery that counts in budgets.
#[derive(Clone)]
pub struct PriceReport {
    /// Of which verification.
    pub id: VerificationId,
    /// Which delivery.
    pub delivery_id: String,
    /// The provider's name for it.
    pub sender_reference: String,
    /// The price, in the budgets' currency.
    pub price: Money,
    /// The budgets.
    pub budgets: Arc<Budgets>,
    /// Now.
    pub now: Timestamp,
}

/// What [`Store::price`](super::Store::price) did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// What the delivery counted before.
    pub before: Money,
    /// The states that were reached by it.
    pub turns: Vec<BudgetTurn>,
}

/// A budget reached a state for the first time in its period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetTurn {
    /// Whose, and when.
    pub account: Account,
    /// The state.
    pub state: BudgetState,
    /// What is spent.
    pub spent: Money,
    /// What may be spent.
    pub limit: Money,
}

/// What was spent in an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// All that counts: prices where they are known, caps where they are not.
    pub counted: Money,
    /// How many sends.
    pub sends: u64,
    /// The prices alone.
    pub priced: Money,
    /// How many sends have one.
    pub priced_sends: u64,
}
