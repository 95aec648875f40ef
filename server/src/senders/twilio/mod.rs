//! Twilio: text messages and voice calls through its REST API, version 2010-04-01.
//!
//! Requests carry what Twilio's public API description lists and nothing else. What became of one is decided by Twilio's
//! numeric code alone ([`error`]); nothing is asked twice that may have been acted upon ([`Client`]). What Twilio reports
//! later is believed where it bears Twilio's signature ([`Signatures`]).

mod account;
mod callback;
mod calls;
mod client;
mod console;
pub mod error;
mod lookup;
mod messages;
mod opt_out;
mod price;
mod report;
mod signature;
mod tracker;
pub mod twiml;
mod verify;

use crate::config::{BaseUrl, TwilioConfig};
use crate::lines::Lines;
use crate::random::Random;
use crate::senders::text::Texts;
use std::sync::Arc;

pub use account::{AccountError, api_url};
pub use calls::{KeyGate, TwilioCalls};
pub use client::Patience;
pub use console::{Console, Product, Read, ReadError};
pub use lookup::{LookedUp, Lookup};
pub use messages::{Originator, OriginatorError, TwilioMessages};
pub use opt_out::opt_out;
pub use report::Report;
pub use signature::{Claim, Form, Signatures, sign};
pub use verify::{TwilioVerify, VerifyCodes};

use account::Account;
use callback::StatusCallbacks;
use client::Client;
use messages::Originators;

/// What the senders of one account share.
pub struct Twilio<'a> {
    config: &'a TwilioConfig,
    client: Arc<Client>,
    callbacks: StatusCallbacks,
}

impl<'a> Twilio<'a> {
    /// The account of `config`, which reports to `public_url` where there is one.
    ///
    /// # Errors
    /// [`AccountError`] says what to change in the settings.
    pub fn new(
        config: &'a TwilioConfig,
        public_url: Option<&BaseUrl>,
        http: reqwest::Client,
        random: Arc<dyn Random>,
        patience: Patience,
    ) -> Result<Self, AccountError> {
        let account = Account::new(config)?;
        let callbacks = StatusCallbacks::to(public_url, &account.api);
        Ok(Self {
            config,
            client: Arc::new(Client::new(http, account, random, patience)),
            callbacks,
        })
    }

    /// Text messages in the words of `texts`; none where neither a service nor a number is named.
    #[must_use]
    pub fn messages(&self, texts: Texts) -> Option<TwilioMessages> {
        let originators = Originators::new(self.config)?;
        let (client, callbacks) = (Arc::clone(&self.client), self.callbacks.clone());
        Some(TwilioMessages::new(
            client,
            originators,
            texts,
            callbacks,
            self.config,
        ))
    }

    /// Lookup, which keeps its answers in `lines`.
    ///
    /// # Errors
    /// [`AccountError`] says what to change in the settings.
    pub fn lookup(&self, lines: Lines) -> Result<Lookup, AccountError> {
        let url = account::lookups_url(self.config)?;
        Ok(Lookup::new(Arc::clone(&self.client), url, lines))
    }

    /// The Verify service; none where no service is named.
    ///
    /// # Errors
    /// [`AccountError`] says what to change in the settings.
    pub fn verify(&self) -> Result<Option<TwilioVerify>, AccountError> {
        let Some(sid) = &self.config.verify_service_sid else {
            return Ok(None);
        };
        let codes = if self.config.verify_custom_code {
            VerifyCodes::Custom
        } else {
            VerifyCodes::Twilios
        };
        let url = account::verify_url(self.config)?;
        Ok(Some(TwilioVerify::new(
            Arc::clone(&self.client),
            &url,
            sid,
            codes,
        )))
    }

    /// Voice calls, behind a gate where there is one; none where no number is named.
    #[must_use]
    pub fn calls(&self, key_gate: Option<KeyGate>) -> Option<TwilioCalls> {
        let from = self.config.from.clone()?;
        let (client, callbacks) = (Arc::clone(&self.client), self.callbacks.clone());
        Some(TwilioCalls::new(client, from, callbacks, key_gate))
    }
}
