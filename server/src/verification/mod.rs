//! The [`Verifier`]: every rule of the browser API, between the doors (HTTP, server functions) and the ports (store,
//! senders, clock, random source).
//!
//! ```text
//! start   -> admit -> Store::start  (limits, verification, intent: one transaction) -> send -> Store::settle -> view
//! resend  -> open  -> Store::resend (limits, intent: one transaction)               -> send -> Store::settle -> view
//! check   -> open  -> Store::check  (spend, compare, move: one transaction)         -> token                 -> view
//!                     Store::check  (spend) -> provider -> Store::answer_check (move), where the code is the provider's
//! ```
//!
//! What is to be sent is committed before the sender is asked and settled after it has answered. Both, and the sending,
//! run in a task of their own: a client that goes away interrupts nothing.

mod access;
mod alarms;
mod block;
mod budget;
mod check;
mod events;
mod explain;
mod follow;
mod follower;
mod idempotency;
mod legacy;
mod opt_out;
mod origin;
mod pace;
mod proof;
mod provider;
mod refusal;
mod resend;
mod secrets;
mod send;
mod service;
mod session;
mod settings;
mod spoken;
mod standing;
mod start;
mod sweeper;
mod tasks;
mod token;
mod view;

pub use crate::senders::Senders;
pub use follower::Follower;
pub use service::{ServiceCheck, ServiceEnd, ServiceName, ServiceRefusal, ServiceStart};
pub use settings::EngineParts;
pub use spoken::SpokenCode;
pub use sweeper::Sweeper;
pub(crate) use token::{kept_number, minted_token};

use crate::decisions::{Asked, Operation};
use crate::metrics::Call;
use crate::random::RandomError;
use crate::senders::End;
use crate::store::{Retention, StoreError};
use access::Opened;
use alarms::Alarms;
use explain::AskedStart;
use pace::Pace;
use phone_verify_domain::{
    ApiError, Caller, Channel, Check, ClientSecret, Resend, Start, Status, Timestamp, VerificationId,
    Verifier, View,
};
use std::sync::Arc;
use tasks::Tasks;

/// The one implementation of [`Verifier`]; clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    parts: Arc<EngineParts>,
    tasks: Tasks,
    alarms: Arc<Alarms>,
    pace: Arc<Pace>,
}

impl Engine {
    /// An engine of these parts. It works within a tokio runtime.
    #[must_use]
    pub fn new(parts: EngineParts) -> Self {
        Self {
            parts: Arc::new(parts),
            tasks: Tasks::default(),
            alarms: Arc::default(),
            pace: Arc::default(),
        }
    }

    /// Waits until nothing is being sent any more. For a shutdown, after the doors have closed: what is cut off in the
    /// middle of a sending counts as `unknown`.
    pub async fn idle(&self) {
        self.tasks.idle().await;
    }

    /// The channel and the name of each sender that is down.
    #[must_use]
    pub fn senders_down(&self) -> Vec<(Channel, &'static str)> {
        self.parts.senders.down()
    }

    /// The channel and the name of each sender, and whether it works as far as is known.
    #[must_use]
    pub fn sender_states(&self) -> Vec<(Channel, &'static str, bool)> {
        self.parts.senders.states()
    }

    /// Tidies once; returns how many rows changed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sweep(&self, retention: Retention) -> Result<u64, StoreError> {
        let sweep = self.parts.store.sweep(self.now(), retention).await?;
        self.hang_up_all(sweep.expired.clone());
        self.raise_expired(sweep.expired).await;
        Ok(sweep.changed)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// 128 random bits: what a name is made of that cannot be guessed (ASVS 11.5.1).
    fn draw_name(&self) -> Result<[u8; 16], RandomError> {
        let mut bytes = [0; 16];
        self.parts.random.fill(&mut bytes)?;
        Ok(bytes)
    }
}

#[async_trait::async_trait]
impl Verifier for Engine {
    async fn start(&self, caller: &Caller, start: Start) -> Result<View, ApiError> {
        let asked = AskedStart::of(&start);
        let work = async {
            let started = self.start_verification(caller, start).await;
            started.inspect_err(|error| self.explain_refusal(error, || self.refused_start(&asked)))
        };
        self.parts.metrics.call(Call::Start, Box::pin(work)).await
    }

    async fn resend(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
        resend: Resend,
    ) -> Result<View, ApiError> {
        let work = async {
            let channel = resend.channel;
            let opened = self.open_for(Operation::Resend, caller, id, secret).await?;
            let asked = Asked {
                channel: Some(channel),
                ..Asked::about(Operation::Resend, &opened)
            };
            let again = Box::pin(self.resend_code(caller, opened, resend)).await;
            again.inspect_err(|error| self.explain_refusal(error, || asked))
        };
        self.parts.metrics.call(Call::Resend, Box::pin(work)).await
    }

    async fn check(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
        check: Check,
    ) -> Result<View, ApiError> {
        // The code of a client that goes away counts; and a task of its own is not polled through all that a request passes
        // whenever the database answers.
        let (engine, caller, secret) = (self.clone(), caller.clone(), secret.clone());
        let work = self.tasks.detached(async move {
            let opened = engine.open_for(Operation::Check, &caller, id, &secret).await?;
            let asked = Asked::about(Operation::Check, &opened);
            let checked = engine.check_code(&caller, opened, &check).await;
            checked.inspect_err(|error| engine.explain_refusal(error, || asked))
        });
        self.parts.metrics.call(Call::Check, work).await
    }

    async fn view(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<View, ApiError> {
        let work = async {
            let opened = self.open(caller, id, secret).await?;
            Ok(self.view_of(caller, &opened.site, &opened.record).await)
        };
        self.parts.metrics.call(Call::View, Box::pin(work)).await
    }

    async fn cancel(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<View, ApiError> {
        let work = self.cancel_verification(caller, id, secret);
        self.parts.metrics.call(Call::End, Box::pin(work)).await
    }
}

impl Engine {
    /// Opens a verification to do something with it that is written down where it is refused.
    async fn open_for(
        &self,
        operation: Operation,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<Opened, ApiError> {
        let asked = || Asked {
            verification: Some(id),
            ..Asked::of(operation)
        };
        let opened = self.open(caller, id, secret).await;
        opened.inspect_err(|error| self.explain_refusal(error, asked))
    }

    async fn cancel_verification(
        &self,
        caller: &Caller,
        id: VerificationId,
        secret: &ClientSecret,
    ) -> Result<View, ApiError> {
        let opened = self.open(caller, id, secret).await?;
        let was_pending = opened.record.facts.status_at(self.now()) == Status::Pending;
        let canceled = self.parts.store.cancel(id, self.now()).await;
        let record = canceled
            .map_err(|error| refusal::unavailable(&error))?
            .ok_or_else(refusal::not_found)?;
        if was_pending && record.facts.status == Status::Canceled {
            self.tell_provider(id, End::GivenUp);
            self.hang_up(&record);
        }
        Ok(self.view_of(caller, &opened.site, &record).await)
    }
}
