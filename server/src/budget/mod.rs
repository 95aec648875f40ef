//! What sends may cost: budgets of a day and a month, of the deployment and of each site.
//!
//! ```text
//! a send   counts the operator's cap for its channel and country, in the transaction that writes the intent to send
//! later    the provider's own price takes the cap's place; what surely never left is taken back
//! ```
//!
//! Prices are the provider's: none is known here before it has billed something.

mod money;
mod period;
mod rule;
mod state;

pub use money::{Money, Price};
pub use period::{Account, Period};
pub use rule::{Asked, Budget, Budgets, Caps, Refusal, Shares};
pub use state::BudgetState;
