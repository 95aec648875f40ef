use super::ComposeError;
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Mode, SenderName};
use crate::lines::Lines;
use crate::random::Random;
use crate::senders::http::HttpSender;
use crate::senders::outbox::Outbox;
use crate::senders::text::Texts;
use crate::senders::twilio::{LookedUp, Patience, Twilio, TwilioVerify};
use crate::senders::{Codes, Sender};
use crate::verification::Senders;
use phone_verify_domain::Channel;
use std::sync::Arc;
use std::time::Duration;

/// What the senders that the settings choose are made of.
pub(super) struct Workshop<'a> {
    pub(super) config: &'a Config,
    pub(super) texts: Texts,
    pub(super) random: Arc<dyn Random>,
    pub(super) outbox: Option<Arc<Outbox>>,
    pub(super) http_sender: Option<Arc<HttpSender>>,
    pub(super) lines: Lines,
}

impl Workshop<'_> {
    /// The senders of each channel, in order, and whose the codes are.
    pub(super) fn senders(&self) -> Result<(Senders, Codes), ComposeError> {
        let routes = self.config.routes();
        let twilio = self.twilio()?;
        let verify = match &twilio {
            Some(twilio) => twilio.verify()?.map(Arc::new),
            None => None,
        };
        let lookup = match &twilio {
            Some(twilio) if self.config.twilio.lookup => Some(Arc::new(twilio.lookup(self.lines.clone())?)),
            _ => None,
        };
        let of = |names: &[SenderName]| {
            let senders = names.iter().map(|name| {
                let sender = self.sender(*name, twilio.as_ref(), verify.as_ref());
                let sender = sender.ok_or(ComposeError::Sender(name.as_str()))?;
                Ok(match &lookup {
                    Some(lookup) if *name != SenderName::Outbox => {
                        Arc::new(LookedUp::new(lookup.clone(), sender)) as Arc<dyn Sender>
                    }
                    _ => sender,
                })
            });
            senders.collect::<Result<Vec<_>, ComposeError>>()
        };
        let senders = Senders::new([
            (Channel::Sms, of(&routes.sms)?),
            (Channel::Call, of(&routes.call)?),
        ]);
        let is_used = routes
            .sms
            .iter()
            .chain(&routes.call)
            .any(|name| *name == SenderName::Verify);
        let codes = match verify.filter(|_| is_used) {
            None => Codes::Ours,
            Some(verify) if self.config.twilio.verify_custom_code => Codes::OursReported(verify),
            Some(verify) => Codes::Providers(verify),
        };
        Ok((senders, codes))
    }

    fn sender(
        &self,
        name: SenderName,
        twilio: Option<&Twilio<'_>>,
        verify: Option<&Arc<TwilioVerify>>,
    ) -> Option<Arc<dyn Sender>> {
        Some(match name {
            SenderName::Outbox => self.outbox.clone()?,
            SenderName::Messages => Arc::new(twilio?.messages(self.texts.clone())?),
            SenderName::Calls => Arc::new(twilio?.calls(self.config.key_gate())?),
            SenderName::Http => self.http_sender.clone()?,
            SenderName::Verify => verify?.clone(),
        })
    }

    fn twilio(&self) -> Result<Option<Twilio<'_>>, ComposeError> {
        let (config, public_url) = (&self.config.twilio, self.config.http.public_url.as_ref());
        if !config.can_authenticate() {
            return Ok(None);
        }
        let random = self.random.clone();
        let twilio = Twilio::new(config, public_url, http_client()?, random, Patience::default())?;
        Ok(Some(twilio))
    }
}

/// The outbox of development.
pub(super) fn outbox(
    config: &Config,
    texts: &Texts,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<Outbox>>, ComposeError> {
    if config.mode == Mode::Production {
        return Ok(None);
    }
    let keep = usize::try_from(config.outbox.keep.get()).unwrap_or(usize::MAX);
    Outbox::new(keep, config.outbox.file.as_deref(), texts.clone(), clock.clone())
        .map(|outbox| Some(Arc::new(outbox)))
        .map_err(|source| ComposeError::Io {
            what: "outbox.file".to_owned(),
            source,
        })
}

/// The gateway of `[http_sender]`, where one is set.
pub(super) fn http_sender(config: &Config, texts: &Texts) -> Result<Option<Arc<HttpSender>>, ComposeError> {
    if config.http_sender.url.is_none() {
        return Ok(None);
    }
    let sender =
        HttpSender::new(&config.http_sender, http_client()?, texts.clone()).map_err(ConfigError::from)?;
    Ok(Some(Arc::new(sender)))
}

/// The one HTTP client: for providers, with time-outs that leave the browser its answer, and without redirects, so that
/// credentials go nowhere else.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(8))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("phone-verify/", env!("CARGO_PKG_VERSION")))
        .build()
}
