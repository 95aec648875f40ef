use super::secret::{MacKey, SecretKey};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// How many are kept. Scopes are a deployment's sites and the names of limits, so that hardly any has more.
const KEPT: usize = 1024;

/// The keys of one purpose, by their scopes, each derived once: an answer takes some ten MACs, and most of a MAC's work would be
/// to derive its key.
pub(super) struct MacKeys {
    from: SecretKey,
    purpose: &'static str,
    kept: RwLock<HashMap<Box<[u8]>, MacKey>>,
}

impl MacKeys {
    /// Keys of this purpose, from this one.
    pub(super) fn new(from: &SecretKey, purpose: &'static str) -> Self {
        Self {
            from: from.clone(),
            purpose,
            kept: RwLock::default(),
        }
    }

    /// The MAC of the parts under the scope's key.
    pub(super) fn mac(&self, scope: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = kept.get(scope) {
                return key.mac(parts);
            }
        }
        let key = self.from.derive(self.purpose, scope).for_macs();
        let mac = key.mac(parts);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.insert(scope.into(), key);
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn a_key_that_is_kept_is_the_one_that_was_derived() {
        let from = SecretKey::draw(&SystemRandom).unwrap();
        let keys = MacKeys::new(&from, "purpose");
        for scope in [&b""[..], b"one", b"other"] {
            let derived = from.derive("purpose", scope).for_macs().mac(&[b"a", b"b"]);
            assert_eq!(keys.mac(scope, &[b"a", b"b"]), derived, "first");
            assert_eq!(keys.mac(scope, &[b"a", b"b"]), derived, "again");
        }
    }

    #[test]
    fn more_scopes_than_are_kept_have_keys_of_their_own_all_the_same() {
        let from = SecretKey::draw(&SystemRandom).unwrap();
        let keys = MacKeys::new(&from, "purpose");
        for scope in 0..KEPT + 2 {
            keys.mac(&scope.to_be_bytes(), &[]);
        }
        assert_eq!(keys.kept.read().unwrap().len(), KEPT);
        let last = (KEPT + 1).to_be_bytes();
        assert_eq!(
            keys.mac(&last, &[]),
            from.derive("purpose", &last).for_macs().mac(&[])
        );
    }
}
