//! Proofs that a user has a number, by phone-verify. Each is bound twice: it happens in a host session of phone-verify that
//! names user, nonce and purpose, and which one it is stands in the user's own session, never in a form.

use super::recovery::secret;
use phone_verify::clock::Clock;
use phone_verify::embed::Embedded;
use phone_verify::hosts::{NewSession, SessionStatus, SubjectNumber};
use phone_verify::random::Random;
use phone_verify::sites::Site;
use phone_verify_domain::{
    ApiError, Caller, Channel, CheckRequest, ClientSecret, ErrorCode, IdempotencyKey, ResendRequest,
    StartRequest, Status, VerificationId, View,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Seconds after which another host session is begun; phone-verify's own last an hour.
const LIFE: i64 = 3_000;

/// What a proof is for; one for the one is none for the other.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// To hold the number.
    Number,
    /// To log in.
    LogIn,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::LogIn => "log-in",
        }
    }
}

/// A proof that is under way. It holds secrets, so it cannot be printed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Proof {
    purpose: Purpose,
    nonce: String,
    /// phone-verify's session.
    pub(super) session: String,
    begun: i64,
    /// The verification that this server has started in it: its id, the right to act on it, and the number as it was given.
    ticket: Option<(String, String, String)>,
}

impl Proof {
    /// Nothing was started in it, or what was has ended.
    pub(super) fn drop_ticket(&mut self) {
        self.ticket = None;
    }

    /// The number of what was started in it.
    pub(super) fn number(&self) -> Option<&str> {
        self.ticket.as_ref().map(|(_, _, number)| number.as_str())
    }
}

/// phone-verify, as this app uses it.
pub struct Prover {
    embedded: Embedded,
    site: Arc<Site>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Prover {
    pub(super) fn new(
        embedded: Embedded,
        site: Arc<Site>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            embedded,
            site,
            clock,
            random,
        }
    }

    /// The proof that is under way for this purpose, or a new one.
    ///
    /// # Errors
    /// `unavailable`
    pub(super) async fn proof(
        &self,
        under_way: Option<Proof>,
        user: &str,
        purpose: Purpose,
    ) -> Result<Proof, ApiError> {
        let now = self.clock.now().as_seconds();
        if let Some(proof) = under_way.filter(|proof| proof.purpose == purpose && now < proof.begun + LIFE) {
            return Ok(proof);
        }
        let nonce = secret(&*self.random)
            .map_err(|error| ApiError::new(ErrorCode::Unavailable, error.to_string()))?;
        let new = NewSession {
            subject: user.to_owned(),
            nonce: Some(nonce.clone()),
            purpose: Some(purpose.as_str().to_owned()),
            ..NewSession::default()
        };
        let opened = self.embedded.desk().open_session(&self.site, new).await?;
        Ok(Proof {
            purpose,
            nonce,
            session: opened.session.to_string(),
            begun: now,
            ticket: None,
        })
    }

    /// Has a code sent: the first one, or the same again.
    ///
    /// # Errors
    /// As phone-verify refuses.
    pub(super) async fn send(
        &self,
        caller: &Caller,
        proof: &mut Proof,
        number: &str,
        channel: Channel,
        once: &str,
    ) -> Result<View, ApiError> {
        let key = IdempotencyKey::parse(&format!("{once}.{channel}"));
        let verifier = self.embedded.verifier();
        if let Some((id, secret)) = Self::ticket(proof) {
            let request = ResendRequest {
                channel: channel.as_str().to_owned(),
                phone_number: number.to_owned(),
                country: None,
            };
            return verifier.resend(caller, id, &secret, request.parse(key)?).await;
        }
        let request = StartRequest {
            site_key: self.site.key.to_string(),
            phone_number: number.to_owned(),
            channel: Some(channel.as_str().to_owned()),
            session: Some(proof.session.clone()),
            ..StartRequest::default()
        };
        let view = verifier.start(caller, request.parse(key)?).await?;
        let secret = view.client_secret.clone().unwrap_or_default();
        proof.ticket = Some((view.id.clone(), secret, number.to_owned()));
        Ok(view)
    }

    /// How the verification that was started stands, while it is awaited.
    pub(super) async fn pending(&self, caller: &Caller, proof: &Proof) -> Option<View> {
        let (id, secret) = Self::ticket(proof)?;
        let view = self.embedded.verifier().view(caller, id, &secret).await.ok()?;
        (view.status == Status::Pending).then_some(view)
    }

    /// Compares a code with the one that was sent in this proof.
    ///
    /// # Errors
    /// As phone-verify refuses.
    pub(super) async fn check(&self, caller: &Caller, proof: &Proof, code: &str) -> Result<View, ApiError> {
        let (id, secret) =
            Self::ticket(proof).ok_or_else(|| ApiError::new(ErrorCode::Expired, "nothing was sent"))?;
        let request = CheckRequest {
            code: code.to_owned(),
            phone_number: proof.number().map(str::to_owned),
            country: None,
        };
        let verifier = self.embedded.verifier();
        verifier.check(caller, id, &secret, request.parse()?).await
    }

    /// Gives up what was started.
    pub(super) async fn cancel(&self, caller: &Caller, proof: &mut Proof) {
        if let Some((id, secret)) = Self::ticket(proof) {
            // It runs out by itself where this does not succeed.
            let _ = self.embedded.verifier().cancel(caller, id, &secret).await;
        }
        proof.drop_ticket();
    }

    /// Takes the proof's result for `user`, who then holds the number that was proved in it, and no other.
    ///
    /// # Errors
    /// `number_taken`; `invalid_token` where nothing was proved in it; `unavailable`.
    pub(super) async fn claim(&self, proof: &Proof, user: &str) -> Result<(), ApiError> {
        let token = self.token(proof, Purpose::Number).await?;
        let desk = self.embedded.desk();
        desk.claim_number(&self.site, user, &token).await.map(drop)
    }

    /// Takes the proof's result for a log-in of `user`: once, and only of the number that the user holds.
    ///
    /// # Errors
    /// `invalid_token` where nothing of the kind was proved in it; `already_redeemed`; `unavailable`.
    pub(super) async fn admit(&self, proof: &Proof, user: &str) -> Result<(), ApiError> {
        let token = self.token(proof, Purpose::LogIn).await?;
        let claims = self.embedded.desk().redeem(&self.site, &token).await?;
        let held = self.number(user).await?;
        let is_this = claims.sub.as_deref() == Some(user)
            && claims.nonce.as_deref() == Some(&proof.nonce)
            && claims.purpose.as_deref() == Some(Purpose::LogIn.as_str())
            && held.is_some_and(|held| held.index == claims.phone_number_index);
        if is_this { Ok(()) } else { Err(nothing_proved()) }
    }

    /// The number that a user holds.
    ///
    /// # Errors
    /// `unavailable`
    pub(super) async fn number(&self, user: &str) -> Result<Option<SubjectNumber>, ApiError> {
        match self.embedded.desk().subject_number(&self.site, user).await {
            Ok(number) => Ok(Some(number)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The signed result of the proof, asked of phone-verify itself: no browser hands one in.
    async fn token(&self, proof: &Proof, purpose: Purpose) -> Result<String, ApiError> {
        if proof.purpose != purpose {
            return Err(nothing_proved());
        }
        let state = self
            .embedded
            .desk()
            .session_state(&self.site, &proof.session)
            .await?;
        let approved = state.token.filter(|_| state.status == SessionStatus::Approved);
        approved.map(|token| token.to_string()).ok_or_else(nothing_proved)
    }

    fn ticket(proof: &Proof) -> Option<(VerificationId, ClientSecret)> {
        let (id, secret, _) = proof.ticket.as_ref()?;
        VerificationId::parse(id).zip(ClientSecret::parse(secret))
    }
}

fn nothing_proved() -> ApiError {
    ApiError::new(ErrorCode::InvalidToken, "nothing was proved in this session")
}
