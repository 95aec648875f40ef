//! What happens here, told to a Rust program that embeds the server.
//!
//! A [`Hook`] hears of each [`Event`] once, in the process that committed it and after the commit, one event after the other on
//! a thread of its own: however long it takes, and even if it panics, no request waits for it or fails. An event never
//! carries a code, and a number only where [`Hook::wants_numbers`] asks for it.
//!
//! Nothing is kept for it: what was committed in the moment in which the process is killed, or the database answers too late, is
//! not told, and events of other processes on the same database are told there.
//!
//! ```no_run
//! use phone_verify::compose::{Overrides, compose};
//! use phone_verify::config::Config;
//! use phone_verify::hooks::{Event, Hook};
//! use std::sync::Arc;
//!
//! struct Audit;
//!
//! impl Hook for Audit {
//!     fn event(&self, event: &Event) {
//!         match event {
//!             Event::VerificationApproved(approved) => {
//!                 println!("{} proved a number from {}", approved.site, approved.country.as_str());
//!             }
//!             Event::NumberReleased(released) => println!("{} lost its number", released.subject),
//!             // There may be more kinds one day.
//!             other => println!("{}", other.name()),
//!         }
//!     }
//! }
//!
//! # async fn host() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::load(Some("phone-verify.toml".as_ref()), &std::env::vars().collect())?;
//! let listener = tokio::net::TcpListener::bind(config.http.listen).await?;
//! let overrides = Overrides {
//!     hook: Some(Arc::new(Audit)),
//!     ..Overrides::default()
//! };
//! let server = compose(&config, listener.local_addr()?, overrides).await?;
//! server.serve(listener, async { drop(tokio::signal::ctrl_c().await) }).await;
//! # Ok(())
//! # }
//! ```

mod event;
mod kind;
mod queue;

pub use event::{BreakerEvent, BudgetEvent, DeliveryEvent, Event, LeftAlone, NumberEvent, VerificationEvent};
pub use kind::EventKind;
pub use queue::Hooks;

/// Hears of events.
pub trait Hook: Send + Sync {
    /// Something happened. The next event is told when this one returns.
    fn event(&self, event: &Event);

    /// Whether events shall carry the number, where this server has it at that moment: at a start and a sending always, later
    /// where the site's `number_storage` is `encrypted`.
    fn wants_numbers(&self) -> bool {
        false
    }
}
