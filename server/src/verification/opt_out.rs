use super::Engine;
use crate::opt_outs::OptOuts;
use crate::store::{OptOut, StoreError};
use phone_verify_domain::{PhoneNumber, Timestamp};

impl Engine {
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
