use super::*;

fn rejected(reason: Option<DeliveryReason>, error: Option<ErrorCode>) -> SendOutcome {
    SendOutcome::Rejected { reason, error }
}

/// What each group of Twilio's codes must lead to, written down apart from the table.
fn expected() -> Vec<(&'static [u32], SendOutcome)> {
    use DeliveryReason as Reason;
    vec![
        (
            &[21201, 21211, 21217, 21401, 21604, 60200],
            rejected(None, Some(ErrorCode::InvalidNumber)),
        ),
        (
            &[21202, 21268],
            rejected(None, Some(ErrorCode::NumberTypeRefused)),
        ),
        (
            &[21203, 21215, 21408, 60220, 60605],
            rejected(Some(Reason::NotServed), Some(ErrorCode::CountryNotServed)),
        ),
        (
            &[21610],
            rejected(Some(Reason::OptedOut), Some(ErrorCode::OptedOut)),
        ),
        (
            &[21612, 21614, 21635, 30006, 60205],
            rejected(Some(Reason::NotTextable), None),
        ),
        (
            &[21214, 30003, 30005, 30008],
            rejected(Some(Reason::Unreachable), None),
        ),
        (
            &[21216, 30004, 30450, 30453, 60238, 60410, 60413],
            rejected(Some(Reason::Blocked), None),
        ),
        (&[30007], rejected(Some(Reason::Filtered), None)),
        (
            &[
                10001, 20003, 20005, 20006, 20404, 21210, 21212, 21213, 21470, 21601, 21603, 21606, 21607,
                21660, 21701, 21705, 30002,
            ],
            SendOutcome::Unusable,
        ),
        (
            &[
                10002, 11200, 11205, 12100, 12200, 14107, 21219, 21421, 21602, 21608, 21609, 21617, 21659,
                21702, 21703, 21704, 30018, 30023, 30024, 30027, 30032, 30034, 32018, 57012, 60204, 60223,
                60243, 60602,
            ],
            rejected(Some(Reason::Sender), Some(ErrorCode::SenderUnavailable)),
        ),
        (&[20429, 21611, 30001], SendOutcome::NotSent),
        // For the number's sake: it is no failure of the sender, which the circuit breaker would count.
        (
            &[60202, 60203, 60212],
            rejected(None, Some(ErrorCode::SenderUnavailable)),
        ),
        (&[20500, 20503, 20504], SendOutcome::Unknown),
    ]
}

#[test]
fn every_group_of_codes_leads_where_it_must() {
    for (codes, outcome) in expected() {
        for &code in codes {
            assert_eq!(Reaction::to(400, Some(code)).outcome(), outcome, "{code}");
        }
    }
}

#[test]
fn the_table_is_in_order_and_names_no_code_twice() {
    assert!(TABLE.is_sorted_by(|(one, _), (next, _)| one < next));
}

#[test]
fn only_too_many_requests_is_asked_again() {
    let again: Vec<u32> = TABLE
        .iter()
        .filter(|(_, reaction)| *reaction == Throttled)
        .map(|(code, _)| *code)
        .collect();
    assert_eq!(again, [20429]);
}

#[test]
fn a_server_error_says_nothing_whatever_its_code() {
    for status in [500, 502, 503, 504, 599] {
        assert_eq!(Reaction::to(status, None), Unknown);
        for (code, _) in TABLE {
            assert_eq!(Reaction::to(status, Some(*code)), Unknown, "{status} {code}");
        }
    }
}

#[test]
fn without_a_code_that_is_known_the_status_decides() {
    for status in [403, 404] {
        assert_eq!(Reaction::to(status, None), Operator(Credentials), "{status}");
        assert_eq!(Reaction::to(status, Some(99_999)), Operator(Request), "{status}");
    }
    for code in [None, Some(0), Some(99_999)] {
        for (status, reaction) in [
            (301, Unknown),
            (307, Unknown),
            (400, Operator(Request)),
            (401, Operator(Credentials)),
            (408, Unknown),
            (413, Operator(Request)),
            (429, Throttled),
        ] {
            assert_eq!(Reaction::to(status, code), reaction, "{status} {code:?}");
        }
    }
}

#[test]
fn status_callbacks_get_the_reasons_of_the_contract() {
    use DeliveryReason as Reason;
    for (code, reason) in [
        (30006, Reason::NotTextable),
        (21614, Reason::NotTextable),
        (30003, Reason::Unreachable),
        (30005, Reason::Unreachable),
        (21610, Reason::OptedOut),
        (30007, Reason::Filtered),
        (30450, Reason::Blocked),
        (30034, Reason::Sender),
    ] {
        assert_eq!(Reaction::to_code(code).unwrap().reason(), Some(reason), "{code}");
    }
    assert_eq!(Reaction::to_code(99_999), None);
}
