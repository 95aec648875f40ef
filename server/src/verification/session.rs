use super::{Engine, refusal};
use crate::sites::Site;
use crate::store::{Session, SessionRecord};
use phone_verify_domain::{ApiError, Caller, ErrorCode, PhoneNumber, Start};

/// The session that a start is bound to.
pub(super) struct Bound {
    pub(super) session: Session,
    /// Whether its subject proved this very number before, and not too long ago.
    pub(super) holds_the_number: bool,
}

impl Engine {
    /// The host's session that a start names, if it names one. What the session says of nonce and purpose holds; what it leaves
    /// open the page may say.
    pub(super) async fn bind_session(
        &self,
        caller: &Caller,
        site: &Site,
        number: &PhoneNumber,
        start: &mut Start,
    ) -> Result<Option<Bound>, ApiError> {
        let Some(value) = &start.session else {
            return Ok(None);
        };
        let found = self.parts.store.session(self.parts.keys.session_id(value)).await;
        let found = found.map_err(|error| refusal::unavailable(&error))?;
        let session = found
            .map(|SessionRecord { session, .. }| session)
            .filter(|session| session.site == site.key && session.expires_at > self.now())
            .ok_or_else(|| invalid("there is no such session of this site, or it is over"))?;
        bind("nonce", &mut start.nonce, session.nonce.as_ref())?;
        bind("purpose", &mut start.purpose, session.purpose.as_ref())?;
        let own = self.parts.own_origin.as_deref();
        if let (Some(bound), Some(origin)) = (&session.origin, &caller.origin)
            && bound != origin
            && own != Some(origin)
        {
            return Err(invalid("the session is for pages of another origin"));
        }
        let holds_the_number = self.holds(site, &session.subject, number).await?;
        Ok(Some(Bound {
            session,
            holds_the_number,
        }))
    }

    async fn holds(&self, site: &Site, subject: &str, number: &PhoneNumber) -> Result<bool, ApiError> {
        let held = self.parts.store.subject_number(&site.key, subject).await;
        let held = held.map_err(|error| refusal::unavailable(&error))?;
        let index = self.parts.keys.number_index(&site.key, number);
        Ok(held.is_some_and(|held| {
            held.number == index && !site.must_be_proved_again(held.verified_at, self.now())
        }))
    }
}

fn bind(field: &str, asked: &mut Option<String>, bound: Option<&String>) -> Result<(), ApiError> {
    match (&*asked, bound) {
        (Some(asked), Some(bound)) if asked != bound => {
            Err(invalid(&format!("`{field}` is not the session's")))
        }
        (_, Some(bound)) => {
            *asked = Some(bound.clone());
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

fn invalid(detail: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidSession, detail)
}
