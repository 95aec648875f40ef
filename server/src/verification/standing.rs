use super::{Engine, refusal};
use crate::blocks::Blocks;
use crate::opt_outs::OptOuts;
use crate::store::{NumberNames, NumberStanding};
use phone_verify_domain::{ApiError, Channel, ErrorCode, PhoneNumber, SiteKey};

impl Engine {
    /// How a number stands on a site before anything is sent to it.
    pub(super) async fn standing(
        &self,
        site: &SiteKey,
        number: &PhoneNumber,
    ) -> Result<NumberStanding, ApiError> {
        let (store, keys) = (&*self.parts.store, &*self.parts.keys);
        let names = NumberNames {
            site: site.clone(),
            index: keys.number_index(site, number),
            opt_out: OptOuts { store, keys }.key(number),
            blocks: Blocks { store, keys }.names(site, number),
        };
        let standing = store.standing(&names).await;
        standing.map_err(|error| refusal::unavailable(&error))
    }
}

/// Refuses text messages to whoever asked for none; calls stay allowed.
pub(super) fn allow_message(channel: Channel, standing: NumberStanding) -> Result<(), ApiError> {
    if channel == Channel::Sms && standing.has_opted_out {
        return Err(ApiError::new(
            ErrorCode::OptedOut,
            "the number's owner has opted out of text messages, until they send START",
        ));
    }
    Ok(())
}
