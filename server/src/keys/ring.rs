use std::collections::BTreeMap;

/// The keys of one purpose by their ids: the newest makes new things, all of them read old ones.
#[derive(Debug)]
pub(super) struct KeyRing<K> {
    newest: (u32, K),
    older: BTreeMap<u32, K>,
}

impl<K> KeyRing<K> {
    /// A ring of these keys; `None` without any.
    pub(super) fn new(keys: impl IntoIterator<Item = (u32, K)>) -> Option<Self> {
        let mut older: BTreeMap<u32, K> = keys.into_iter().collect();
        let newest = older.pop_last()?;
        Some(Self { newest, older })
    }

    /// The id of the newest key, and the key.
    pub(super) fn newest(&self) -> (u32, &K) {
        (self.newest.0, &self.newest.1)
    }

    /// The newest key alone.
    pub(super) fn into_newest(self) -> K {
        self.newest.1
    }

    /// The key of this id.
    pub(super) fn get(&self, id: u32) -> Option<&K> {
        if id == self.newest.0 {
            Some(&self.newest.1)
        } else {
            self.older.get(&id)
        }
    }

    /// All keys, the oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &K> {
        self.older.values().chain(std::iter::once(&self.newest.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_id_is_the_newest_and_all_are_found() {
        let ring = KeyRing::new([(2, "b"), (10, "c"), (1, "a")]).unwrap();
        assert_eq!(ring.newest(), (10, &"c"));
        assert_eq!(
            (ring.get(1), ring.get(10), ring.get(3)),
            (Some(&"a"), Some(&"c"), None)
        );
        assert_eq!(ring.all().copied().collect::<String>(), "abc");
        assert!(KeyRing::<()>::new([]).is_none());
    }
}
