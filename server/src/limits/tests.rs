use super::*;
use crate::clock::SystemClock;
use crate::keys::{GivenKeys, Keys};
use crate::random::SystemRandom;
use std::collections::HashSet;
use std::sync::Arc;

fn keys() -> Keys {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    Keys::load(&path, &GivenKeys::default(), &SystemRandom, Arc::new(SystemClock)).unwrap()
}

/// Every limit, told apart by its count.
fn all() -> Limits {
    let windows = |count| {
        let period = Duration::from_hours(1);
        [Some(Window { count, period }), None, None]
    };
    Limits {
        number: windows(1),
        lock: Some(Duration::from_hours(24)),
        subject: windows(2),
        checks_per_subject_per_day: 20,
        address: windows(3),
        checks_per_address: windows(4),
        prefix: windows(5),
        country: windows(6),
        site: windows(7),
        deployment: windows(8),
        failed_checks: windows(9),
        conversion: None,
    }
}

fn number(national: &str) -> PhoneNumber {
    PhoneNumber::new(1, national).unwrap()
}

fn site(key: &str) -> SiteKey {
    SiteKey::parse(key).unwrap()
}

/// What a send uses: names, and counts where windows are taken.
fn uses(limits: &Limits, keys: &Keys, counted: Counted) -> Vec<(&'static str, Option<u32>)> {
    let send = SendOf {
        counted,
        country: Country::parse("US").unwrap(),
        site: &site("demo"),
        address: Some("2001:db8::1".parse().unwrap()),
    };
    let uses = limits.of_send(keys, &send);
    let distinct: HashSet<_> = uses.iter().map(|limit| limit.key).collect();
    assert_eq!(distinct.len(), uses.len(), "no row twice");
    let count = |limit: LimitUse| (limit.name, limit.windows[0].map(|window| window.count));
    uses.into_iter().map(count).collect()
}

#[test]
fn a_send_to_a_number_uses_every_limit_but_the_subjects_and_the_shared_ones_last() {
    let keys = keys();
    let counted = counted_by_number(&keys, &number("2025550134"));
    assert_eq!(
        uses(&all(), &keys, counted),
        [
            ("number", Some(1)),
            ("address", Some(3)),
            ("address", Some(15)),
            ("prefix", Some(5)),
            ("country", Some(6)),
            ("site", Some(7)),
            ("deployment", Some(8)),
        ]
    );
    assert!(all().lock_of(&keys, counted).is_some());
}

#[test]
fn a_known_subject_uses_its_own_in_place_of_whatever_a_stranger_can_use_up() {
    let keys = keys();
    let counted = counted_by_subject(&keys, &number("2025550134"), &site("demo"), "user-1");
    assert_eq!(
        uses(&all(), &keys, counted),
        [
            ("number", None),
            ("subject", Some(2)),
            ("address", Some(3)),
            ("address", Some(15)),
            ("country", Some(6)),
            ("site", Some(7)),
            ("deployment", Some(8)),
        ]
    );
    assert!(all().lock_of(&keys, counted).is_none());
}

#[test]
fn a_test_number_uses_nothing() {
    let keys = keys();
    assert!(uses(&all(), &keys, Counted::Nobody).is_empty());
    assert!(all().lock_of(&keys, Counted::Nobody).is_none());
    let address = Some("192.0.2.1".parse().unwrap());
    assert!(all().of_check(&keys, Some(Counted::Nobody), address).is_empty());
    assert_eq!(all().of_check(&keys, None, address).len(), 1);
    assert!(all().of_failed_check(&keys, Some(Counted::Nobody)).is_none());
    assert!(all().of_failed_check(&keys, None).is_some());
}

#[test]
fn a_limit_that_many_share_and_that_limits_nothing_makes_nobody_wait() {
    let keys = keys();
    let counted = counted_by_number(&keys, &number("2025550134"));
    assert_eq!(
        uses(&Limits::default(), &keys, counted),
        [("number", None), ("address", None), ("address", None)]
    );
    assert!(Limits::default().of_failed_check(&keys, None).is_none());
}

#[test]
fn a_prefix_is_all_but_the_last_four_digits() {
    let keys = keys();
    let prefix = |national| match counted_by_number(&keys, &number(national)) {
        Counted::Number { prefix, .. } => prefix,
        _ => unreachable!(),
    };
    assert_eq!(prefix("2025550134"), prefix("2025559999"));
    assert_ne!(prefix("2025550134"), prefix("2025560134"));
    assert_ne!(prefix("2025550134"), prefix("20255501345"));
}

#[test]
fn a_subject_is_one_site_s_own() {
    let keys = keys();
    let subject =
        |key, subject| counted_by_subject(&keys, &number("2025550134"), &site(key), subject).known_subject();
    assert_eq!(subject("a", "b"), subject("a", "b"));
    assert_ne!(subject("a", "bc"), subject("ab", "c"));
    assert_ne!(subject("a", "b"), subject("a", "c"));
}

#[test]
fn a_numbers_day_has_a_row_for_each_send_of_its_own_unless_they_are_very_many() {
    let (keys, day) = (keys(), Duration::from_hours(24));
    let of = |count, national| {
        let limits = Limits {
            number: [None, None, Some(Window { count, period: day })],
            ..Limits::default()
        };
        limits.of_number(&keys, &number(national))
    };
    let five = of(5, "2025550134");
    let places: HashSet<_> = five.places.iter().collect();
    assert_eq!((places.len(), five.windows[2].unwrap().count), (5, 1));
    assert!(
        of(5, "2025550135")
            .places
            .iter()
            .all(|place| !places.contains(place))
    );
    let many = of(1_000, "2025550134");
    assert_eq!((many.places.len(), many.windows[2].unwrap().count), (0, 1_000));
}
