use phone_verify_domain::Timestamp;
use std::collections::BTreeMap;

/// A key, and the moment from which it makes new things.
#[derive(Debug)]
pub(super) struct Dated<K> {
    /// The key.
    pub(super) key: K,
    /// `None`: at once.
    pub(super) used_from: Option<Timestamp>,
}

/// The keys of one purpose by their ids: one makes new things, all of them read old ones.
#[derive(Debug)]
pub(super) struct KeyRing<K> {
    newest: (u32, Dated<K>),
    older: BTreeMap<u32, Dated<K>>,
}

impl<K> Dated<K> {
    /// A key that is used at once.
    pub(super) const fn at_once(key: K) -> Self {
        Self { key, used_from: None }
    }

    fn is_used_at(&self, now: Timestamp) -> bool {
        self.used_from.is_none_or(|moment| moment <= now)
    }
}

impl<K> KeyRing<K> {
    /// A ring of these keys; `None` without any.
    pub(super) fn new(keys: impl IntoIterator<Item = (u32, Dated<K>)>) -> Option<Self> {
        let mut older: BTreeMap<u32, Dated<K>> = keys.into_iter().collect();
        let newest = older.pop_last()?;
        Some(Self { newest, older })
    }

    /// The id of the key that makes new things, and the key: the newest whose time has come. Where no key's has, as after a
    /// clock was set back, the oldest.
    pub(super) fn current(&self, now: Timestamp) -> (u32, &K) {
        let mut keys = self.all();
        let oldest = keys.next();
        let used = keys.rfind(|(_, dated)| dated.is_used_at(now));
        let (id, dated) = used.or(oldest).unwrap_or((self.newest.0, &self.newest.1));
        (id, &dated.key)
    }

    /// The newest key alone.
    pub(super) fn into_newest(self) -> K {
        self.newest.1.key
    }

    /// The key of this id.
    pub(super) fn get(&self, id: u32) -> Option<&K> {
        let found = if id == self.newest.0 {
            Some(&self.newest.1)
        } else {
            self.older.get(&id)
        };
        found.map(|dated| &dated.key)
    }

    /// When the key of this id made its last thing, where that can be told: a newer key says since when it is used.
    pub(super) fn superseded_at(&self, id: u32) -> Option<Timestamp> {
        let newer = self.all().filter(|(other, _)| *other > id);
        newer.filter_map(|(_, dated)| dated.used_from).min()
    }

    /// All ids and keys, the oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (u32, &Dated<K>)> {
        let newest = std::iter::once((self.newest.0, &self.newest.1));
        self.older.iter().map(|(id, dated)| (*id, dated)).chain(newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    const fn from(millis: i64, key: &str) -> Dated<&str> {
        Dated {
            key,
            used_from: Some(at(millis)),
        }
    }

    #[test]
    fn the_highest_id_is_the_newest_and_all_are_found() {
        let keys = [(2, "b"), (10, "c"), (1, "a")];
        let ring = KeyRing::new(keys.map(|(id, key)| (id, Dated::at_once(key)))).unwrap();
        assert_eq!(ring.current(at(0)), (10, &"c"));
        assert_eq!(
            (ring.get(1), ring.get(10), ring.get(3)),
            (Some(&"a"), Some(&"c"), None)
        );
        assert_eq!(ring.all().map(|(id, _)| id).collect::<Vec<_>>(), [1, 2, 10]);
        assert!(KeyRing::<()>::new([]).is_none());
    }

    #[test]
    fn a_key_makes_new_things_once_its_time_has_come_and_no_moment_earlier() {
        let ring = KeyRing::new([(1, Dated::at_once("a")), (2, from(10, "b")), (3, from(20, "c"))]).unwrap();
        for (now, id) in [(9, 1), (10, 2), (19, 2), (20, 3), (i64::MAX, 3), (i64::MIN, 1)] {
            assert_eq!(ring.current(at(now)).0, id, "at {now}");
        }
        let ring = KeyRing::new([(4, from(10, "d")), (5, from(20, "e"))]).unwrap();
        assert_eq!(ring.current(at(0)).0, 4, "before all of them the oldest");
    }

    #[test]
    fn a_key_is_superseded_when_a_newer_one_is_used() {
        let ring = KeyRing::new([(1, Dated::at_once("a")), (2, from(20, "b")), (3, from(10, "c"))]).unwrap();
        assert_eq!(ring.superseded_at(1), Some(at(10)));
        assert_eq!(ring.superseded_at(2), Some(at(10)));
        assert_eq!(ring.superseded_at(3), None);
        let ring = KeyRing::new([(1, Dated::at_once("a")), (2, Dated::at_once("b"))]).unwrap();
        assert_eq!(ring.superseded_at(1), None, "nobody knows since when");
    }
}
