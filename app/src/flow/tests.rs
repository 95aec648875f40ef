use super::*;
use phone_verify_domain::{DeliveryState, DeliveryView};

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

fn later(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

fn view() -> View {
    View {
        id: "0".repeat(32),
        status: Status::Pending,
        channel: Channel::Sms,
        to: "+1 ••• ••• ••34".into(),
        code_length: 6,
        attempts_left: 5,
        sends_left: 4,
        next_sms_in: Some(60),
        next_call_in: Some(30),
        next_check_in: Some(0),
        expires_in: Some(600),
        delivery: Some(DeliveryView {
            state: DeliveryState::Accepted,
            reason: None,
        }),
        client_secret: None,
        token: None,
    }
}

fn life(_: &str) -> Duration {
    Duration::from_mins(5)
}

fn answered(flow: &mut Flow, call: Call, answer: Result<View, ApiError>) {
    flow.begin(call);
    flow.answered(call, answer, NOW, life);
}

fn in_code_step() -> Flow {
    let mut flow = Flow::default();
    flow.restart();
    answered(&mut flow, Call::Start(Channel::Sms), Ok(view()));
    flow.take_notices();
    flow
}

fn states(notices: &[Notice]) -> Vec<&'static str> {
    let state = |notice: &Notice| match notice {
        Notice::State { state, .. } => Some(state.as_str()),
        _ => None,
    };
    notices.iter().filter_map(state).collect()
}

fn error(code: ErrorCode) -> ApiError {
    ApiError::new(code, "")
}

#[test]
fn the_way_from_the_number_to_the_token_tells_the_page_field_then_state_then_event() {
    let mut flow = Flow::default();
    flow.restart();
    answered(&mut flow, Call::Start(Channel::Sms), Ok(view()));
    let notices = flow.take_notices();
    assert_eq!(states(&notices), ["number", "sending", "code"]);
    assert_eq!(notices.last(), Some(&Notice::Sent(Channel::Sms)));
    assert_eq!(flow.step(), Step::Code);

    let approved = View {
        status: Status::Approved,
        token: Some("t".into()),
        ..view()
    };
    answered(&mut flow, Call::Check, Ok(approved));
    let notices = flow.take_notices();
    assert_eq!(states(&notices), ["checking", "verified"]);
    assert_eq!(
        notices[1..],
        [
            Notice::Token(Some("t".into())),
            Notice::State {
                state: State::Verified,
                previous: State::Checking
            },
            Notice::Verified("t".into()),
        ]
    );
    assert_eq!(flow.token(), Some("t"));
    assert_eq!(flow.live().and_then(|live| live.view.token.clone()), None);
}

#[test]
fn waits_follow_the_time_that_passed_and_not_the_ticks() {
    let flow = in_code_step();
    let live = flow.live().unwrap();
    assert_eq!(live.sms.wait(NOW), Wait::Seconds(60));
    assert_eq!(live.sms.wait(NOW + Duration::from_millis(100)), Wait::Seconds(60));
    assert_eq!(live.sms.wait(later(59)), Wait::Seconds(1));
    assert_eq!(live.sms.wait(later(60)), Wait::Over);
    assert_eq!(live.call.wait(later(30)), Wait::Over);
    assert_eq!(live.check.wait(NOW), Wait::Over);
}

#[test]
fn what_is_never_possible_stays_so() {
    let mut flow = in_code_step();
    let spent = View {
        next_sms_in: None,
        sends_left: 0,
        ..view()
    };
    answered(&mut flow, Call::View, Ok(spent));
    assert_eq!(flow.live().unwrap().sms.wait(later(9_999)), Wait::Never);
}

#[test]
fn a_wrong_pin_stays_in_the_code_step_and_marks_the_field() {
    let mut flow = in_code_step();
    let left = View {
        attempts_left: 3,
        ..view()
    };
    answered(
        &mut flow,
        Call::Check,
        Err(error(ErrorCode::WrongCode).about(left)),
    );
    assert_eq!((flow.state(), flow.step()), (State::Code, Step::Code));
    assert_eq!(flow.problem().map(|problem| problem.field), Some(Field::Code));
    assert_eq!(flow.live().unwrap().view.attempts_left, 3);
    flow.edited(Field::Code);
    assert_eq!(flow.problem(), None);
}

#[test]
fn the_last_wrong_pin_ends_it_and_is_still_an_error_of_its_own() {
    let mut flow = in_code_step();
    let spent = View {
        status: Status::Exhausted,
        attempts_left: 0,
        ..view()
    };
    answered(
        &mut flow,
        Call::Check,
        Err(error(ErrorCode::WrongCode).about(spent)),
    );
    assert_eq!(
        (flow.state(), flow.status()),
        (State::Exhausted, Some(Word::Exhausted))
    );
    let codes = |notice: &Notice| {
        matches!(
            notice,
            Notice::Error {
                code: ErrorCode::WrongCode,
                ..
            }
        )
    };
    assert_eq!(
        flow.take_notices().iter().filter(|notice| codes(notice)).count(),
        1
    );
}

#[test]
fn a_refused_check_that_names_a_time_holds_the_check_back_until_then() {
    let mut flow = in_code_step();
    let wait = error(ErrorCode::TooManyRequests).retry_after(Duration::from_secs(15));
    answered(&mut flow, Call::Check, Err(wait));
    assert_eq!(flow.state(), State::Code);
    assert_eq!(flow.live().unwrap().check.wait(later(1)), Wait::Seconds(14));
    assert_eq!(flow.problem().map(|problem| problem.field), Some(Field::None));
}

#[test]
fn a_refused_start_goes_back_to_the_number_and_waits_until_the_number_changes() {
    let mut flow = Flow::default();
    flow.restart();
    let wait = error(ErrorCode::TooManyRequests).retry_after(Duration::from_secs(30));
    answered(&mut flow, Call::Start(Channel::Sms), Err(wait));
    assert_eq!(
        (flow.state(), flow.start_wait(later(10))),
        (State::Number, Wait::Seconds(20))
    );
    assert!(flow.is_timed());
    flow.edited(Field::Number);
    assert_eq!(flow.start_wait(later(10)), Wait::Over);
}

#[test]
fn a_bad_number_marks_the_field_and_a_broken_network_does_not() {
    let mut flow = Flow::default();
    flow.restart();
    answered(
        &mut flow,
        Call::Start(Channel::Sms),
        Err(error(ErrorCode::InvalidNumber)),
    );
    assert_eq!(flow.problem().map(|problem| problem.field), Some(Field::Number));
    answered(
        &mut flow,
        Call::Start(Channel::Sms),
        Err(error(ErrorCode::Unavailable)),
    );
    assert_eq!(flow.problem().map(|problem| problem.field), Some(Field::None));
}

#[test]
fn what_no_visitor_can_mend_is_a_failure() {
    for code in [
        ErrorCode::SiteUnknown,
        ErrorCode::OriginRefused,
        ErrorCode::InvalidSession,
    ] {
        let mut flow = Flow::default();
        flow.restart();
        answered(&mut flow, Call::Start(Channel::Sms), Err(error(code)));
        assert_eq!((flow.state(), flow.step()), (State::Failed, Step::Ended));
        flow.restart();
        assert_eq!(flow.state(), State::Number);
    }
}

#[test]
fn a_verification_expires_at_its_time_but_not_under_a_request() {
    let mut flow = in_code_step();
    flow.tick(later(599));
    assert_eq!(flow.state(), State::Code);
    flow.begin(Call::Check);
    flow.tick(later(601));
    assert_eq!(flow.state(), State::Checking);
    flow.answered(Call::Check, Err(error(ErrorCode::Unavailable)), later(602), life);
    flow.take_notices();
    flow.tick(later(602));
    assert_eq!(flow.state(), State::Expired);
    assert_eq!(flow.take_notices().last(), Some(&Notice::VerificationExpired));
}

#[test]
fn a_token_that_lapses_empties_the_field_and_says_so_once() {
    let mut flow = in_code_step();
    let approved = View {
        status: Status::Approved,
        token: Some("t".into()),
        ..view()
    };
    answered(&mut flow, Call::Check, Ok(approved));
    flow.take_notices();
    flow.tick(later(299));
    assert_eq!(flow.state(), State::Verified);
    flow.tick(later(300));
    flow.tick(later(301));
    let notices = flow.take_notices();
    assert_eq!(
        (notices.first(), notices.last()),
        (Some(&Notice::Token(None)), Some(&Notice::TokenExpired))
    );
    assert_eq!((states(&notices), flow.token()), (vec!["expired"], None));
}

#[test]
fn a_token_from_before_fills_the_field_and_is_no_news_of_success() {
    let mut flow = Flow::default();
    flow.verified_before("t".into(), later(60));
    let state = Notice::State {
        state: State::Verified,
        previous: State::Loading,
    };
    assert_eq!(flow.take_notices(), [Notice::Token(Some("t".into())), state]);
}

#[test]
fn a_resumed_verification_counts_from_when_it_was_seen() {
    let mut flow = Flow::default();
    flow.resume(view(), NOW, later(20));
    assert_eq!(flow.live().unwrap().sms.wait(later(20)), Wait::Seconds(40));
    let mut flow = Flow::default();
    flow.resume(view(), NOW, later(600));
    assert_eq!(flow.state(), State::Expired);
    let mut flow = Flow::default();
    flow.resume(view(), later(500), NOW);
    assert_eq!(flow.live().unwrap().sms.wait(NOW), Wait::Seconds(60));
}

#[test]
fn an_end_is_still_an_end_after_a_reload_and_no_news() {
    let mut flow = in_code_step();
    flow.tick(later(600));
    flow.take_notices();
    let mut again = Flow::default();
    again.resume(flow.live().unwrap().view.clone(), NOW, later(700));
    assert_eq!(
        (again.state(), again.status()),
        (State::Expired, Some(Word::Expired))
    );
    assert_eq!(states(&again.take_notices()), ["expired"]);
}

#[test]
fn a_look_brings_news_and_its_failure_changes_nothing() {
    let mut flow = in_code_step();
    flow.answered(Call::View, Err(error(ErrorCode::Unavailable)), NOW, life);
    assert_eq!((flow.state(), flow.problem()), (State::Code, None));
    let delivered = View {
        delivery: Some(DeliveryView {
            state: DeliveryState::Delivered,
            reason: None,
        }),
        ..view()
    };
    flow.answered(Call::View, Ok(delivered), NOW, life);
    assert_eq!(flow.status(), Some(Word::TextDelivered));
    assert!(!flow.live().unwrap().awaits_news());
    assert!(flow.take_notices().is_empty());
    flow.answered(Call::View, Err(error(ErrorCode::NotFound)), NOW, life);
    assert_eq!(flow.state(), State::Expired);
}

#[test]
fn an_approval_whose_result_was_lost_says_so() {
    let mut flow = in_code_step();
    answered(&mut flow, Call::Check, Err(error(ErrorCode::AlreadyApproved)));
    assert_eq!(
        (flow.state(), flow.status()),
        (State::Expired, Some(Word::ResultLost))
    );
}
