use super::{AdminError, By, Desk};
use crate::breakers::{Breakers, Place};
use crate::limits::{ConversionRule, Turned};
use crate::store::{AdminAction, AdminLine, KeptBreaker};

impl Desk {
    /// The breakers of prefixes and countries, those that are open first.
    ///
    /// # Errors
    /// [`AdminError::Store`]
    pub async fn breakers(&self) -> Result<Vec<KeptBreaker>, AdminError> {
        Ok(self.all_breakers().list().await?)
    }

    /// When they open by themselves; `None` where they are switched off and stop nothing.
    #[must_use]
    pub const fn conversion_rule(&self) -> Option<ConversionRule> {
        self.parts.limits.conversion
    }

    /// Opens the breaker of a place until it is closed by hand, or closes it; says whether it stood otherwise. A place is a country, as
    /// in `US`, a number, or a prefix as it is listed. `None` for a text that is none.
    ///
    /// # Errors
    /// [`AdminError::Store`]; it may be turned, and the log tells that it was asked for.
    pub async fn turn_breaker(
        &self,
        by: By,
        place: &str,
        turned: Turned,
    ) -> Result<Option<bool>, AdminError> {
        let Some(place) = self.all_breakers().find(place).await? else {
            return Ok(None);
        };
        self.write_down_turn(by, place, turned).await?;
        let now = self.parts.clock.now();
        Ok(Some(self.all_breakers().turn(place, turned, now).await?))
    }

    async fn write_down_turn(&self, by: By, place: Place, turned: Turned) -> Result<(), AdminError> {
        let line = AdminLine {
            at: self.parts.clock.now(),
            session: Some(by.in_log()),
            action: match turned {
                Turned::Opened => AdminAction::BreakerOpened,
                Turned::Closed => AdminAction::BreakerClosed,
            },
            site: None,
            number: None,
            breaker: Some(place.name),
        };
        Ok(self.parts.operator.log_admin_action(line).await?)
    }

    fn all_breakers(&self) -> Breakers<'_> {
        Breakers {
            store: &*self.parts.store,
            keys: &self.parts.keys,
        }
    }
}
