//! What every store does, one function a behaviour; [`conformance`] makes a named test of each, for each store.

pub mod check;
pub mod report;

/// One test for each behaviour on the store that `$open` opens afresh.
macro_rules! conformance {
    ($open:path) => {
        crate::behaviours::conformance! { @expand $open;
            check: [
                a_wrong_code_spends_one_check,
                the_right_code_approves_and_writes_the_token,
                the_last_wrong_code_exhausts,
                the_right_code_approves_on_the_last_check,
                an_ended_verification_evaluates_nothing,
                a_verification_is_checked_until_the_moment_it_expires,
                another_site_s_or_no_verification_is_not_found,
                the_waits_between_checks_are_those_of_the_policy,
                no_wait_is_too_long_to_be_kept,
                the_same_right_code_gets_the_same_token_for_two_minutes,
                a_clock_set_back_evaluates_nothing_and_processes_may_differ_by_five_seconds,
                a_number_s_day_counts_over_all_its_verifications,
                a_day_begins_anew_at_midnight_utc_and_not_by_setting_the_clock_back,
                after_a_hundred_failures_a_day_has_one_check_until_a_success,
                a_limited_check_spends_nothing,
                an_evaluated_check_takes_its_limits,
                what_is_sealed_is_gone_after_every_end,
            ]
            report: [
                states_only_go_forward_in_whatever_order_reports_come,
                a_report_before_the_provider_s_own_answer_counts,
                what_is_unknown_may_be_learned_and_what_surely_did_not_leave_stays,
                a_report_of_another_message_or_of_no_delivery_moves_nothing,
                the_view_shows_the_last_delivery_s_state,
            ]
        }
    };
    (@expand $open:path; $($group:ident: [$($behaviour:ident,)+])+) => {
        $(mod $group {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $behaviour() -> crate::fixtures::Result {
                let opened = $open().await?;
                crate::behaviours::$group::$behaviour(&*opened.store).await
            })+
        })+
    };
}
pub(crate) use conformance;
