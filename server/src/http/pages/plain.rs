//! The whole job by plain form posts: what is posted becomes a call of the [`Verifier`](phone_verify_domain::Verifier), and its
//! answer the next form.

use super::own_page;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::services::Services;
use crate::sites::{Countries, Site};
use axum::extract::{FromRequest, Request};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;
use phone_verify_app::pages::{PlainAction, PlainForm, PlainStep};
use phone_verify_app::words::Words;
use phone_verify_domain::{
    ApiError, Caller, Channel, CheckRequest, ClientSecret, ErrorCode, IdempotencyKey, ResendRequest, SiteKey,
    StartRequest, Status, VerificationId, View,
};
use sha2::{Digest, Sha256};

/// Where a form stands, and for what.
pub(super) struct Place<'a> {
    /// The path of the page.
    pub(super) action: String,
    /// Whose.
    pub(super) site: &'a SiteKey,
    /// The host's session, on the page that is for one.
    pub(super) session: Option<&'a str>,
    /// What the page says.
    pub(super) words: Words,
}

/// A form as it was posted, from one of this server's own pages.
pub(super) struct Posted {
    action: PlainAction,
    form: PlainForm,
    code: String,
    caller: Caller,
}

impl Place<'_> {
    /// The form of a page on which nothing has been done yet.
    ///
    /// # Errors
    /// `unavailable` where nothing can be drawn at random.
    pub(super) fn first(&self, services: &Services) -> Result<PlainForm, Problem> {
        let mut nonce = [0; 16];
        services
            .random
            .fill(&mut nonce)
            .map_err(|error| Problem::new(ErrorCode::Unavailable, error.to_string()))?;
        let site = services.sites.get(self.site);
        Ok(PlainForm {
            action: self.action.clone(),
            countries: site.map(|site| regions(site)).unwrap_or_default(),
            channels: site.map(|site| site.channels.clone()).unwrap_or_default(),
            nonce: BASE64_URL_SAFE_NO_PAD.encode(nonce),
            ..PlainForm::default()
        })
    }

    /// Reads a form that was posted here.
    ///
    /// # Errors
    /// `origin_refused` for what no page of this server sends; then what is wrong with the form itself.
    pub(super) async fn posted(&self, services: &Services, request: Request) -> Result<Posted, Problem> {
        let (parts, body) = request.into_parts();
        if !own_page::asks(&parts.headers, &services.own_origin) {
            let detail = "Only this server's own pages may send this form.";
            return Err(Problem::new(ErrorCode::OriginRefused, detail).closing());
        }
        let caller = own_page::caller(&parts, services);
        let fields = read(parts, body).await?;
        let text = |name: &str| fields.one(name).map(str::to_owned);
        let action = PlainAction::parse(fields.one(PlainAction::FIELD)?)
            .ok_or_else(|| Problem::new(ErrorCode::InvalidRequest, "`do` names no button of the form."))?;
        Ok(Posted {
            action,
            code: text("code")?,
            caller,
            form: PlainForm {
                phone_number: text("phone_number")?,
                country: text("country")?,
                id: text("id")?,
                client_secret: text("client_secret")?,
                nonce: text("nonce")?,
                ..self.first(services)?
            },
        })
    }

    /// Does what was asked, and says what the next form shows.
    ///
    /// # Errors
    /// As [`Place::first`].
    pub(super) async fn answer(&self, services: &Services, posted: Posted) -> Result<PlainForm, Problem> {
        let next = PlainForm {
            phone_number: posted.form.phone_number.clone(),
            country: posted.form.country.clone(),
            id: posted.form.id.clone(),
            client_secret: posted.form.client_secret.clone(),
            ..self.first(services)?
        };
        if posted.action == PlainAction::Change {
            return Ok(next);
        }
        Ok(match self.act(services, &posted).await {
            Ok(view) => shown(next, view, None),
            Err(error) => refused(services, next, error, &posted.caller).await,
        })
    }

    async fn act(&self, services: &Services, posted: &Posted) -> Result<View, ApiError> {
        let Posted { form, caller, .. } = posted;
        let country = Some(form.country.clone());
        let verifier = &services.verifier;
        let first = form.channels.first().copied().unwrap_or(Channel::Sms);
        let channel = match posted.action {
            PlainAction::Call => Channel::Call,
            _ => first,
        };
        if posted.action == PlainAction::Start {
            let request = StartRequest {
                site_key: self.site.to_string(),
                phone_number: form.phone_number.clone(),
                country,
                channel: Some(channel.as_str().to_owned()),
                session: self.session.map(str::to_owned),
                locale: Some(self.words.language().to_owned()),
                ..StartRequest::default()
            };
            return verifier.start(caller, request.parse(posted.key(channel))?).await;
        }
        let (id, secret) = posted.ticket()?;
        match posted.action {
            PlainAction::Check => {
                let request = CheckRequest {
                    code: posted.code.clone(),
                    phone_number: Some(form.phone_number.clone()),
                    country,
                };
                verifier.check(caller, id, &secret, request.parse()?).await
            }
            PlainAction::SendAgain | PlainAction::Call => {
                let request = ResendRequest {
                    channel: channel.as_str().to_owned(),
                    phone_number: form.phone_number.clone(),
                    country,
                };
                let request = request.parse(posted.key(channel))?;
                verifier.resend(caller, id, &secret, request).await
            }
            PlainAction::Look | PlainAction::Start | PlainAction::Change => {
                verifier.view(caller, id, &secret).await
            }
        }
    }
}

impl Posted {
    /// The same button of the same page with the same number is the same request; another number on a page that was gone back
    /// to is another.
    fn key(&self, channel: Channel) -> Option<IdempotencyKey> {
        let form = &self.form;
        let mut hash = Sha256::new();
        for part in [
            form.nonce.as_str(),
            self.action.as_str(),
            channel.as_str(),
            &form.id,
            &form.country,
            &form.phone_number,
        ] {
            hash.update(part);
            hash.update([0]);
        }
        IdempotencyKey::parse(&BASE64_URL_SAFE_NO_PAD.encode(hash.finalize()))
    }

    fn ticket(&self) -> Result<(VerificationId, ClientSecret), ApiError> {
        VerificationId::parse(&self.form.id)
            .zip(ClientSecret::parse(&self.form.client_secret))
            .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such verification"))
    }
}

async fn read(parts: Parts, body: axum::body::Body) -> Result<Form, Problem> {
    Form::from_request(Request::from_parts(parts, body), &()).await
}

/// The next form after a refusal: the verification that it was about, where there is one.
async fn refused(services: &Services, next: PlainForm, error: ApiError, caller: &Caller) -> PlainForm {
    let about = match (&error.verification, VerificationId::parse(&next.id)) {
        (Some(view), _) => Some((**view).clone()),
        (None, Some(id)) => match ClientSecret::parse(&next.client_secret) {
            Some(secret) => services.verifier.view(caller, id, &secret).await.ok(),
            None => None,
        },
        (None, None) => None,
    };
    match about {
        Some(view) => shown(next, view, Some(error)),
        None if next.id.is_empty() => PlainForm {
            problem: Some(error),
            ..next
        },
        None => PlainForm {
            step: PlainStep::Ended,
            problem: Some(error),
            ..next
        },
    }
}

/// The next form, of a verification that stands as `view` says.
fn shown(next: PlainForm, view: View, problem: Option<ApiError>) -> PlainForm {
    let over = |code| PlainForm {
        step: PlainStep::Ended,
        problem: Some(ApiError::new(code, "")),
        ..next.clone()
    };
    match view.status {
        Status::Pending => PlainForm {
            id: view.id.clone(),
            client_secret: view
                .client_secret
                .clone()
                .unwrap_or_else(|| next.client_secret.clone()),
            step: PlainStep::Code(Box::new(view)),
            problem,
            ..next
        },
        Status::Approved if view.token.is_some() => PlainForm {
            step: PlainStep::Verified { token: view.token },
            ..next
        },
        Status::Approved => over(ErrorCode::AlreadyApproved),
        Status::Exhausted => over(ErrorCode::Exhausted),
        Status::Expired => over(ErrorCode::Expired),
        Status::Canceled => over(ErrorCode::Canceled),
    }
}

/// The regions that a site serves; none means all.
fn regions(site: &Site) -> Vec<String> {
    match &site.countries {
        Countries::All => Vec::new(),
        Countries::Only(regions) => regions.iter().cloned().collect(),
    }
}
