use super::*;
use phone_verify_domain::Timestamp;

pub(super) const NOON: Timestamp = Timestamp::from_millis(1_767_268_800_000);
pub(super) const MINUTE: Duration = Duration::from_mins(1);
const HALF: Threshold = Threshold {
    sends: 10,
    percent: 20,
};
pub(super) const RULE: ConversionRule = ConversionRule {
    window: Duration::from_hours(1),
    answer_after: Duration::from_mins(5),
    open_for: Duration::from_hours(1),
    prefix: HALF,
    country: HALF,
};
const NEW: TrackRecord = TrackRecord { sent: 0, approved: 0 };
const GOOD: TrackRecord = TrackRecord { sent: 9, approved: 8 };
const BAD: TrackRecord = TrackRecord { sent: 1, approved: 0 };

/// Whether a prefix's breaker lets a send through, and whether it turned.
fn admit(breaker: &mut ConversionBreaker, now: Timestamp) -> (bool, Option<Turned>) {
    let turned = breaker.turn(&RULE, HALF, now);
    (breaker.verdict(now) != Verdict::Stopped, turned)
}

/// The same of a country's, for a start to a prefix of that record.
fn admit_to(
    country: &mut ConversionBreaker,
    prefix: TrackRecord,
    now: Timestamp,
) -> (Verdict, Option<Turned>) {
    let turned = country.turn_of_country(&RULE, now);
    (country.verdict_on(prefix, 0, &RULE, now), turned)
}

fn probe(breaker: &mut ConversionBreaker, now: Timestamp) {
    breaker.sent(Verdict::Tried, now, now);
}

/// After `sent` sends at noon of which `approved` were approved.
fn after(sent: u32, approved: u32) -> ConversionBreaker {
    let mut breaker = ConversionBreaker::default();
    for _ in 0..sent {
        breaker.sent(Verdict::Leaves, NOON, NOON);
    }
    for _ in 0..approved {
        breaker.approved(NOON, 1, true);
    }
    breaker
}

/// A country's breaker that opened at noon after a burst that nobody answered.
fn attacked() -> ConversionBreaker {
    let mut country = after(40, 0);
    assert_eq!(
        admit_to(&mut country, BAD, NOON),
        (Verdict::Stopped, Some(Turned::Opened))
    );
    country
}

#[test]
fn it_opens_once_enough_sends_are_due_and_too_few_came_back() {
    for (sent, approved, opens) in [
        (9, 0, false),
        (10, 0, true),
        (10, 1, true),
        (10, 2, false),
        (30, 5, true),
    ] {
        let mut breaker = after(sent, approved);
        assert_eq!(
            admit(&mut breaker, NOON + MINUTE * 4),
            (true, None),
            "too early to tell"
        );
        let turned = opens.then_some(Turned::Opened);
        assert_eq!(
            admit(&mut breaker, NOON + MINUTE * 5),
            (!opens, turned),
            "{sent} {approved}"
        );
    }
}

#[test]
fn a_burst_is_not_waited_for_and_closes_again_once_most_of_it_is_answered() {
    let mut breaker = after(39, 0);
    assert_eq!(admit(&mut breaker, NOON), (true, None));
    breaker.sent(Verdict::Leaves, NOON, NOON);
    assert_eq!(admit(&mut breaker, NOON), (false, Some(Turned::Opened)));
    for _ in 0..20 {
        breaker.approved(NOON, 1, true);
    }
    assert_eq!(admit(&mut breaker, NOON + MINUTE), (false, None));
    breaker.approved(NOON, 1, true);
    assert_eq!(admit(&mut breaker, NOON + MINUTE), (true, Some(Turned::Closed)));
}

#[test]
fn answers_of_others_who_came_later_do_not_close_it() {
    let mut breaker = after(40, 0);
    admit(&mut breaker, NOON);
    let later = NOON + MINUTE * 30;
    for _ in 0..100 {
        breaker.sent(Verdict::Leaves, later, later);
        breaker.approved(later, 1, true);
    }
    assert_eq!(admit(&mut breaker, later + MINUTE), (false, None));
}

#[test]
fn an_approval_speaks_for_all_sends_of_its_verification() {
    let mut breaker = after(30, 0);
    breaker.approved(NOON, 5, true);
    breaker.approved(NOON, 1, true);
    assert_eq!(admit(&mut breaker, NOON + MINUTE * 5), (true, None));
}

#[test]
fn three_probes_go_through_and_two_approvals_close_it() {
    let mut breaker = after(10, 0);
    admit(&mut breaker, NOON + MINUTE * 5);
    assert_eq!(admit(&mut breaker, NOON + MINUTE * 64), (false, None));
    let later = NOON + MINUTE * 65;
    for _ in 0..PROBES {
        assert_eq!(admit(&mut breaker, later), (true, None));
        probe(&mut breaker, later);
    }
    assert_eq!(admit(&mut breaker, later), (false, None));
    breaker.approved(NOON, 1, true);
    breaker.approved(later, 1, true);
    assert_eq!(
        admit(&mut breaker, later),
        (false, None),
        "one of them, and one of before"
    );
    breaker.approved(later, 1, true);
    assert_eq!(admit(&mut breaker, later), (true, Some(Turned::Closed)));
    assert_eq!(breaker, ConversionBreaker::default(), "it begins anew");
}

#[test]
fn probes_that_nobody_answers_keep_it_open_for_as_long_again_as_it_was() {
    let mut breaker = after(10, 0);
    admit(&mut breaker, NOON);
    assert_eq!(
        admit(&mut breaker, NOON + MINUTE * 5),
        (false, Some(Turned::Opened))
    );
    let later = NOON + MINUTE * 65;
    for _ in 0..PROBES {
        probe(&mut breaker, later);
    }
    assert_eq!(admit(&mut breaker, later + MINUTE * 4), (false, None));
    let again = later + MINUTE * 5;
    assert_eq!(admit(&mut breaker, again), (false, None));
    assert_eq!(admit(&mut breaker, again + MINUTE * 64), (false, None));
    assert_eq!(admit(&mut breaker, again + MINUTE * 65), (true, None));
}

#[test]
fn what_never_left_counts_for_nothing() {
    let mut breaker = after(10, 0);
    breaker.taken_back(NOON, true);
    assert_eq!(admit(&mut breaker, NOON + MINUTE * 5), (true, None));
}

#[test]
fn what_drips_is_judged_by_the_day_and_what_is_older_counts_for_nothing() {
    assert_eq!(
        admit(&mut after(30, 0), NOON + DAY / 2),
        (false, Some(Turned::Opened))
    );
    assert_eq!(admit(&mut after(30, 0), NOON + DAY), (true, None));
    let mut dripping = ConversionBreaker::default();
    for send in 0..10 {
        let now = NOON + MINUTE * 30 * send;
        assert_eq!(admit(&mut dripping, now), (true, None), "{send}");
        dripping.sent(Verdict::Leaves, now, now);
    }
    let now = NOON + MINUTE * 30 * 10;
    assert_eq!(admit(&mut dripping, now), (false, Some(Turned::Opened)));
}

#[test]
fn a_good_day_does_not_hide_a_bad_hour() {
    let mut breaker = after(1_000, 900);
    let now = NOON + MINUTE * 60 * 5;
    assert_eq!(admit(&mut breaker, now), (true, None));
    for _ in 0..10 {
        breaker.sent(Verdict::Leaves, now, now);
    }
    assert_eq!(
        admit(&mut breaker, now + MINUTE * 5),
        (false, Some(Turned::Opened))
    );
}

#[test]
fn one_that_was_opened_by_hand_stays_open_to_every_prefix() {
    let mut breaker = after(30, 30);
    breaker.state = BreakerState::Open {
        since: NOON,
        until: None,
        probes: Probes::default(),
    };
    let much_later = NOON + Duration::from_hours(1_000);
    assert_eq!(admit(&mut breaker, much_later), (false, None));
    for prefix in [NEW, GOOD, BAD] {
        assert_eq!(
            admit_to(&mut breaker, prefix, much_later),
            (Verdict::Stopped, None)
        );
    }
}

#[test]
fn a_closed_country_looks_at_no_prefix_for_itself() {
    for prefix in [NEW, GOOD, BAD] {
        assert_eq!(admit_to(&mut after(9, 0), prefix, NOON), (Verdict::Leaves, None));
    }
}

#[test]
fn an_open_country_serves_good_and_new_prefixes_and_stops_bad_ones() {
    let mut country = attacked();
    let later = NOON + MINUTE * 59;
    for (prefix, verdict) in [
        (NEW, Verdict::Leaves),
        (GOOD, Verdict::Leaves),
        (BAD, Verdict::Stopped),
    ] {
        assert_eq!(
            admit_to(&mut country, prefix, later),
            (verdict, None),
            "{prefix:?}"
        );
    }
    assert_eq!(
        country.verdict_on(BAD, 1, &RULE, later),
        Verdict::Leaves,
        "the second message of one"
    );
}

#[test]
fn prefixes_of_which_nothing_is_known_are_served_until_sixty_codes_of_a_day_are_unanswered() {
    let mut country = attacked();
    for send in 40..60 {
        assert_eq!(admit_to(&mut country, NEW, NOON).0, Verdict::Leaves, "{send}");
        country.sent(Verdict::Leaves, NOON, NOON);
    }
    let later = NOON + MINUTE;
    assert_eq!(admit_to(&mut country, NEW, later).0, Verdict::Stopped);
    assert_eq!(admit_to(&mut country, GOOD, later).0, Verdict::Leaves);
    country.approved(NOON, 1, false);
    assert_eq!(
        admit_to(&mut country, NEW, later).0,
        Verdict::Leaves,
        "one more for an answer"
    );
}

#[test]
fn people_of_other_prefixes_do_not_end_an_attacked_countrys_trial() {
    let mut country = attacked();
    let later = NOON + MINUTE * 60;
    for _ in 0..9 {
        assert_eq!(admit_to(&mut country, NEW, later).0, Verdict::Leaves);
        country.sent(Verdict::Leaves, later, later);
        country.approved(later, 1, false);
    }
    assert_eq!(admit_to(&mut country, BAD, later), (Verdict::Tried, None));
}

#[test]
fn a_country_closes_once_prefixes_that_were_bad_come_back() {
    let mut country = attacked();
    let later = NOON + MINUTE * 60;
    for _ in 0..PROBES {
        assert_eq!(admit_to(&mut country, BAD, later).0, Verdict::Tried);
        probe(&mut country, later);
    }
    assert_eq!(
        admit_to(&mut country, BAD, later).0,
        Verdict::Stopped,
        "three have left"
    );
    for _ in 0..2 {
        country.approved(later, 1, true);
    }
    assert_eq!(
        admit_to(&mut country, BAD, later),
        (Verdict::Leaves, Some(Turned::Closed))
    );
}

#[test]
fn a_country_closes_after_a_day_unless_too_few_still_come_back() {
    let tomorrow = NOON + DAY;
    let mut calm = attacked();
    assert_eq!(
        admit_to(&mut calm, BAD, tomorrow),
        (Verdict::Leaves, Some(Turned::Closed))
    );
    let mut busy = attacked();
    let evening = NOON + DAY / 2;
    for _ in 0..10 {
        busy.sent(Verdict::Leaves, evening, evening);
    }
    assert_eq!(admit_to(&mut busy, NEW, tomorrow), (Verdict::Leaves, None));
    assert!(busy.judges_prefixes());
}

#[test]
fn what_a_trial_was_is_known_by_what_the_prefix_had_to_show_before() {
    let prefix = after(1, 0);
    assert!(!prefix.was_bad(NOON));
    assert!(prefix.was_bad(NOON + MINUTE * 60));
    assert!(!after(1, 1).was_bad(NOON + MINUTE * 60));
}
