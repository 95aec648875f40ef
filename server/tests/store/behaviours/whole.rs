//! What concerns the store as a whole.

use crate::fixtures::*;
use phone_verify::store::Store;

pub async fn the_first_keys_fingerprint_is_kept_and_compared(store: &dyn Store) -> Result {
    assert!(store.keys_match("first").await?);
    assert!(store.keys_match("first").await?);
    assert!(!store.keys_match("second").await?);
    assert!(store.keys_match("first").await?);
    Ok(())
}

pub async fn a_store_that_works_is_ready(store: &dyn Store) -> Result {
    store.ready().await?;
    store.ready().await?;
    Ok(())
}
