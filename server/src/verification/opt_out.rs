use super::{Engine, refusal};
use crate::opt_outs::OptOuts;
use crate::store::{OptOut, StoreError};
use phone_verify_domain::{ApiError, Channel, ErrorCode, PhoneNumber, Timestamp};

impl Engine {
    /// Refuses text messages to whoever asked for none; calls stay allowed.
    pub(super) async fn check_opt_out(&self, channel: Channel, number: &PhoneNumber) -> Result<(), ApiError> {
        if channel != Channel::Sms {
            return Ok(());
        }
        let opted_out = self.opt_outs().include(number).await;
        if opted_out.map_err(|error| refusal::unavailable(&error))? {
            return Err(ApiError::new(
                ErrorCode::OptedOut,
                "the number's owner has opted out of text messages, until they send START",
            ));
        }
        Ok(())
    }

    /// Takes an opt-out that a provider reports of a message to a number.
    ///
    /// # Errors
    /// [`StoreError`]; it may be taken.
    pub(super) async fn take_opt_out(
        &self,
        number: &PhoneNumber,
        reference: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.opt_outs()
            .take(number, OptOut::Stop, Some(reference), now)
            .await
    }

    /// Learns of an opt-out from the sender that refused a delivery for it.
    pub(super) async fn note_opt_out(&self, number: &PhoneNumber, delivery_id: &str) {
        let reference = Some(delivery_id.to_owned());
        let taken = self.opt_outs().take(number, OptOut::Stop, reference, self.now());
        if let Err(error) = taken.await {
            // The sender will say so again.
            tracing::warn!(%error, delivery = delivery_id, "an opt-out is not written");
        }
    }

    fn opt_outs(&self) -> OptOuts<'_> {
        OptOuts {
            store: &*self.parts.store,
            keys: &self.parts.keys,
        }
    }
}
