use super::names::name;
use super::redeem::{already_redeemed, invalid_token, no_such_token};
use super::{HostDesk, refusal};
use crate::hooks::{Event, NumberEvent};
use crate::numbers;
use crate::sites::Site;
use crate::store::{Claim, Claimed, HeldNumber, NumberIndex};
use phone_verify_domain::{ApiError, Channel, ErrorCode, Timestamp};
use std::time::Duration;
use zeroize::Zeroizing;

/// The number that a subject holds, as the host's server gets it.
#[derive(Clone, Debug)]
pub struct SubjectNumber {
    /// Whether it was proved recently enough.
    pub verified: bool,
    /// The masked number.
    pub to: String,
    /// The number's index in lower-case hexadecimal, as in the token.
    pub index: String,
    /// When it was proved.
    pub verified_at: Timestamp,
    /// How the code travelled.
    pub channel: Channel,
    /// The number itself, where the site keeps it.
    pub phone_number: Option<Zeroizing<String>>,
    /// The subjects that the claim took it from.
    pub released: Vec<String>,
}

impl HostDesk {
    /// Redeems a token for a subject of the site's, which then holds the number that the token proves, and no other. The same
    /// token again gets the same answer.
    ///
    /// # Errors
    /// `number_taken` where others hold it and keep it; the token is then not redeemed. `invalid_token` for everything that
    /// is not a live token of this site, and for another subject's; `already_redeemed`; `unavailable`, after which the same
    /// call may be made again.
    pub async fn claim_number(
        &self,
        site: &Site,
        subject: &str,
        token: &str,
    ) -> Result<SubjectNumber, ApiError> {
        name("subject", subject)?;
        let claims = self.verified(site, token).map_err(invalid_token)?;
        if claims.sub.as_deref().is_some_and(|sub| sub != subject) {
            return Err(ApiError::new(
                ErrorCode::InvalidToken,
                "the token is another subject's",
            ));
        }
        let now = self.clock.now();
        let claim = Claim {
            site: site.key.clone(),
            subject: subject.to_owned(),
            jti: claims.jti,
            now,
            subjects_per_number: site.subjects_per_number,
            conflict: site.on_conflict,
            proved_too_long_ago: site.reverify_after.map(|age| before(now, age)),
        };
        let claimed = self.store.claim_number(claim).await;
        match claimed.map_err(|error| refusal::unavailable(&error))? {
            Claimed::Holds(held) => {
                self.raise_claimed(site, subject, &held, now);
                self.shown(site, held)
            }
            Claimed::Before(held) => self.shown(site, held),
            Claimed::Taken => Err(ApiError::new(
                ErrorCode::NumberTaken,
                "the number belongs to another subject of this site",
            )),
            Claimed::Redeemed => Err(already_redeemed()),
            Claimed::Unknown => Err(no_such_token()),
        }
    }

    /// The number that a subject of the site's holds.
    ///
    /// # Errors
    /// `not_found` where it holds none; `unavailable`.
    pub async fn subject_number(&self, site: &Site, subject: &str) -> Result<SubjectNumber, ApiError> {
        name("subject", subject)?;
        let held = self.store.subject_number(&site.key, subject).await;
        let held = held
            .map_err(|error| refusal::unavailable(&error))?
            .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "this subject holds no number"))?;
        self.shown(site, held)
    }

    /// Takes its number from a subject of the site's; that it had none is as good.
    ///
    /// # Errors
    /// `unavailable`
    pub async fn release_number(&self, site: &Site, subject: &str) -> Result<(), ApiError> {
        name("subject", subject)?;
        let now = self.clock.now();
        let released = self.store.release_number(&site.key, subject, now).await;
        if let Some(number) = released.map_err(|error| refusal::unavailable(&error))? {
            self.hooks
                .raise(|_| Event::NumberReleased(of_number(site, subject, number, now)));
        }
        Ok(())
    }

    fn raise_claimed(&self, site: &Site, subject: &str, held: &HeldNumber, now: Timestamp) {
        let released = |subject, number| {
            self.hooks
                .raise(|_| Event::NumberReleased(of_number(site, subject, number, now)));
        };
        for subject in &held.released {
            released(subject, held.number);
        }
        if let Some(left) = held.left {
            released(subject, left);
        }
        self.hooks.raise(|numbers| {
            let kept = numbers.then(|| self.number_kept(site, held)).flatten();
            let kept = kept.and_then(|kept| numbers::parse(&kept, None).ok());
            Event::NumberClaimed(NumberEvent {
                phone_number: kept.map(|parsed| parsed.number),
                ..of_number(site, subject, held.number, now)
            })
        });
    }

    fn number_kept(&self, site: &Site, held: &HeldNumber) -> Option<Zeroizing<String>> {
        let sealed = held.number_sealed.as_ref()?;
        self.keys.open_number(&site.key, held.number, sealed).ok()
    }

    fn shown(&self, site: &Site, held: HeldNumber) -> Result<SubjectNumber, ApiError> {
        let phone_number = match held.number_sealed.as_ref().filter(|_| site.keeps_numbers) {
            Some(sealed) => Some(
                self.keys
                    .open_number(&site.key, held.number, sealed)
                    .map_err(|error| refusal::broken("the number cannot be read", &error))?,
            ),
            None => None,
        };
        Ok(SubjectNumber {
            verified: !site.must_be_proved_again(held.verified_at, self.clock.now()),
            to: held.mask,
            index: hex::encode(held.number.0),
            verified_at: held.verified_at,
            channel: held.channel,
            phone_number,
            released: held.released,
        })
    }
}

fn of_number(site: &Site, subject: &str, number: NumberIndex, now: Timestamp) -> NumberEvent {
    NumberEvent {
        at: now,
        site: site.key.clone(),
        subject: subject.to_owned(),
        phone_number_index: number,
        phone_number: None,
    }
}

/// The moment that lies `age` before `now`.
fn before(now: Timestamp, age: Duration) -> Timestamp {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(age))
}
