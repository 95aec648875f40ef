//! Whose owners want no text messages: one list for all sites, because carriers block by number and sender.

use crate::keys::Keys;
use crate::store::{LimitKey, OptOut, Store, StoreError, Wish};
use phone_verify_domain::{PhoneNumber, Timestamp};

/// The list.
#[derive(Clone, Copy)]
pub(crate) struct OptOuts<'a> {
    /// Where it is kept.
    pub(crate) store: &'a dyn Store,
    /// What makes its index.
    pub(crate) keys: &'a Keys,
}

impl OptOuts<'_> {
    /// Whether the owner of `number` wants no text messages.
    ///
    /// # Errors
    /// [`StoreError`]; nothing may be sent then.
    pub(crate) async fn include(self, number: &PhoneNumber) -> Result<bool, StoreError> {
        self.store.opted_out(self.key(number)).await
    }

    /// Takes what the owner of `number` wants from now on. `reference` names what says so: it counts once.
    ///
    /// # Errors
    /// [`StoreError`]; it may be told again.
    pub(crate) async fn take(
        self,
        number: &PhoneNumber,
        opt: OptOut,
        reference: Option<String>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let wish = Wish {
            number: self.key(number),
            opt,
            reference,
            now,
        };
        let new = self.store.wish(wish).await?;
        tracing::info!(?opt, new, "what a number's owner wants");
        Ok(())
    }

    /// Its name in the list.
    pub(crate) fn key(self, number: &PhoneNumber) -> LimitKey {
        self.keys.limit_key("opt_out", number.expose().as_bytes())
    }
}
