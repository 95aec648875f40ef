//! Browser sessions, in memory: who comes back with the cookie is the one who was shown the form.

use crate::order::Receipt;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq as _;

/// The cookie's name.
const COOKIE_NAME: &str = "order-session";

/// Sessions kept at most; the oldest goes first. This shop has no log-in that would bound them.
const KEPT: usize = 10_000;

/// One browser's session.
#[derive(Debug)]
pub struct Session {
    id: String,
    /// Given to the page, asked back in the token: a token made in another session does not fit.
    pub nonce: String,
    /// Stands in the form: a page of another origin cannot know it, so it cannot post the form.
    pub form_token: String,
    receipt: Mutex<Option<Receipt>>,
}

/// No session can be made without random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system's random source does not answer")]
pub struct NoRandom;

impl Session {
    fn new() -> Result<Self, NoRandom> {
        Ok(Self {
            id: random()?,
            nonce: random()?,
            form_token: random()?,
            receipt: Mutex::default(),
        })
    }

    /// The `Set-Cookie` value. A shop that is served by https adds `Secure`, and `__Host-` to the name.
    pub fn cookie(&self) -> String {
        format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Lax", self.id)
    }

    /// Whether a posted form came from this session's page.
    pub fn posted(&self, form_token: &str) -> bool {
        self.form_token.as_bytes().ct_eq(form_token.as_bytes()).into()
    }

    /// The last order of this session.
    pub fn receipt(&self) -> Option<Receipt> {
        self.receipt
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps the order that was taken.
    pub fn keep(&self, receipt: Receipt) {
        *self.receipt.lock().unwrap_or_else(PoisonError::into_inner) = Some(receipt);
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_id: HashMap<String, Arc<Session>>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    /// The session that the request's cookie names. An id that was not given out here names none.
    pub fn of(&self, headers: &HeaderMap) -> Option<Arc<Session>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cookies(headers).find_map(|id| kept.by_id.get(id).cloned())
    }

    /// A new session.
    pub fn begin(&self) -> Result<Arc<Session>, NoRandom> {
        let session = Arc::new(Session::new()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.oldest_first.len() >= KEPT
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
        kept.oldest_first.push_back(session.id.clone());
        kept.by_id.insert(session.id.clone(), Arc::clone(&session));
        Ok(session)
    }
}

/// The values of this shop's cookie; a browser that was led astray may send several.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(name, value)| (name == COOKIE_NAME).then_some(value))
}

/// 256 random bits in hexadecimal.
#[expect(
    clippy::disallowed_methods,
    reason = "this program's one source of random bytes"
)]
fn random() -> Result<String, NoRandom> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn with_cookie(cookie: &str) -> HeaderMap {
        [(COOKIE, HeaderValue::from_str(cookie).unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn only_an_id_that_was_given_out_names_a_session() {
        let sessions = Sessions::default();
        let session = sessions.begin().unwrap();
        let cookie = format!("other=1; {COOKIE_NAME}={}; x=y", session.id);
        assert!(sessions.of(&with_cookie(&cookie)).is_some());
        for cookie in [
            "",
            "order-session=",
            "order-session=fixed-by-somebody",
            "other-session=1",
        ] {
            assert!(sessions.of(&with_cookie(cookie)).is_none(), "{cookie}");
        }
    }

    #[test]
    fn sessions_share_neither_id_nor_nonce_nor_form_token() {
        let sessions = Sessions::default();
        let (one, other) = (sessions.begin().unwrap(), sessions.begin().unwrap());
        let drawn = [
            &one.id,
            &one.nonce,
            &one.form_token,
            &other.id,
            &other.nonce,
            &other.form_token,
        ];
        let distinct: std::collections::HashSet<_> = drawn.iter().collect();
        assert_eq!(distinct.len(), drawn.len());
        assert!(one.posted(&one.form_token) && !one.posted(&other.form_token) && !one.posted(""));
    }

    #[test]
    fn the_oldest_session_goes_when_there_are_too_many() {
        let sessions = Sessions::default();
        let first = sessions.begin().unwrap();
        for _ in 0..KEPT {
            sessions.begin().unwrap();
        }
        assert!(sessions.of(&with_cookie(&first.cookie())).is_none());
        assert_eq!(sessions.0.lock().unwrap().by_id.len(), KEPT);
    }
}
