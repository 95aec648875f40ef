//! What every store does, one function a behaviour; [`conformance`] makes a named test of each, for each store.

pub mod block;
pub mod breaker;
pub mod budget;
pub mod cancel;
pub mod check;
pub mod erase;
pub mod idempotency;
pub mod import;
pub mod known_subjects;
pub mod limits;
pub mod line;
pub mod locks;
pub mod look;
pub mod opt_out;
pub mod proof;
pub mod provider;
pub mod races;
pub mod redeem;
pub mod report;
pub mod resend;
pub mod service;
pub mod session;
pub mod settle;
pub mod standing;
pub mod stands;
pub mod start;
pub mod subject;
pub mod sweep;
pub mod webhook;
pub mod whole;

/// One test for each behaviour on the store that `$open` opens afresh.
macro_rules! conformance {
    ($open:path) => {
        crate::behaviours::conformance! { @expand $open;
            start: [
                a_start_is_kept_as_it_was_given,
                what_is_left_out_stays_left_out,
                a_limit_allows_its_count_and_says_when_it_allows_again,
                a_limited_start_leaves_nothing_behind,
                of_several_refusing_limits_the_one_that_keeps_longest_is_named,
                a_start_cancels_the_oldest_beyond_the_pending_ones,
                only_live_verifications_of_the_same_number_and_site_count_as_pending,
                an_id_that_is_taken_is_an_error_and_changes_nothing,
            ]
            resend: [
                a_resend_is_the_last_delivery_and_takes_a_send,
                no_more_than_the_sends_of_the_verification_leave,
                an_ended_verification_sends_nothing,
                another_site_s_or_no_verification_is_not_found,
                a_limited_resend_takes_nothing,
            ]
            idempotency: [
                a_repeated_start_gets_the_first_one_s_verification,
                a_repeated_resend_gets_the_verification_as_it_stands,
                another_request_under_the_same_key_is_a_mismatch,
                keys_are_each_site_s_own,
                a_key_whose_time_is_over_is_new_swept_or_not,
                a_key_whose_verification_is_gone_is_new,
            ]
            proof: [
                a_proof_serves_once,
                of_many_starts_with_one_proof_one_is_written,
                a_start_that_a_limit_refuses_uses_up_no_proof,
                a_used_proof_is_forgotten_once_its_challenge_is_over,
            ]
            settle: [
                the_answer_is_written,
                only_the_owner_s_first_answer_counts,
                an_earlier_delivery_s_answer_leaves_the_last_one_alone,
                a_late_answer_corrects_an_unknown,
                what_never_left_is_given_back_once,
                a_given_back_use_may_be_used_again,
                a_refused_call_s_key_is_forgotten_and_no_other,
                a_key_that_led_elsewhere_is_not_forgotten,
                no_verification_is_none,
            ]
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
            provider: [
                a_check_is_spent_before_the_answer_and_approves_nothing,
                the_right_answer_approves_and_its_code_repeats,
                of_answers_to_checks_under_way_one_approves,
                the_last_check_exhausts_once_it_is_answered_and_not_before,
                the_last_check_may_still_be_right,
                what_the_provider_has_forgotten_ends_once_no_check_is_under_way,
                an_answer_after_the_end_changes_nothing,
                a_wrong_answer_counts_and_a_right_one_forgives,
                a_right_answer_gives_back_a_send_of_the_address,
                the_last_reference_of_the_sender_is_found,
            ]
            report: [
                states_only_go_forward_in_whatever_order_reports_come,
                a_report_before_the_provider_s_own_answer_counts,
                what_is_unknown_may_be_learned_and_what_surely_did_not_leave_stays,
                a_report_of_another_message_or_of_no_delivery_moves_nothing,
                the_view_shows_the_last_delivery_s_state,
            ]
            look: [
                a_delivery_is_due_after_its_pause_and_then_after_twice_that,
                of_many_who_ask_at_once_one_gets_each_delivery,
                after_the_end_a_delivery_is_due_once_and_never_again,
                what_has_arrived_is_not_asked_about,
                calls_that_may_still_ring_are_found_and_no_messages,
            ]
            webhook: [
                each_event_is_written_with_what_happens_and_nothing_else_is,
                what_ends_without_the_right_code_is_told_once,
                an_event_is_one_caller_s_until_its_lease_is_over,
                what_is_not_taken_is_due_again_and_what_is_taken_never,
                what_was_given_up_is_sent_again_on_request,
                an_erasure_takes_the_events_of_the_number_and_no_others,
            ]
            cancel: [
                a_pending_one_is_canceled,
                an_ended_one_stays_as_it_is,
                no_verification_is_none,
            ]
            redeem: [
                a_token_is_redeemed_once,
                another_site_s_token_is_unknown,
                a_token_is_redeemed_until_the_moment_it_expires,
                a_redeemed_token_stays_redeemed_when_its_verification_is_deleted,
            ]
            service: [
                a_number_has_one_live_verification_of_the_hosts,
                after_its_time_is_over_another_begins_before_any_sweep,
                a_number_finds_what_the_host_started_the_live_one_before_the_last,
                a_history_tells_the_sendings_that_may_have_left,
                the_hosts_word_approves_a_pending_one_once,
                attempts_are_filtered_counted_and_paged,
                of_many_starts_of_the_host_one_is_alive,
            ]
            session: [
                a_session_is_kept_as_it_was_given,
                a_session_shows_its_last_approved_verification_and_no_other_s,
                a_session_goes_when_its_time_and_its_retention_are_over,
            ]
            subject: [
                a_claim_redeems_the_token_and_the_subject_holds_its_number,
                the_same_claim_again_is_answered_alike_and_no_other_one_is,
                a_token_that_is_redeemed_expired_or_another_site_s_claims_nothing,
                a_refused_claim_redeems_nothing_and_is_good_after_a_release,
                moving_takes_the_number_from_the_one_that_proved_it_longest_ago,
                who_proved_it_too_long_ago_gives_way_even_where_conflicts_are_refused,
                a_subject_s_new_number_leaves_the_old_one_to_others,
                of_many_claims_of_one_number_exactly_those_allowed_hold_it,
                of_many_moves_of_one_number_one_holds_it_in_the_end,
            ]
            block: [
                a_number_is_blocked_until_it_is_unblocked,
                a_block_survives_erasure_and_every_sweep,
                only_the_live_verifications_of_the_number_on_the_site_are_canceled,
            ]
            breaker: [
                of_many_starts_at_once_exactly_the_burst_leaves,
                of_many_starts_at_once_exactly_a_larger_burst_leaves,
                what_is_far_from_turning_is_counted_exactly_too,
                approvals_and_sends_that_never_left_are_counted_once,
                a_breaker_that_turns_is_told_to_who_listens,
                an_open_country_stops_prefixes_that_nobody_answered_and_serves_others,
                of_many_starts_to_new_prefixes_at_once_exactly_the_country_s_day_leaves,
                only_what_was_tried_ends_an_open_country,
                one_that_is_turned_by_hand_stays_so,
                closed_ones_go_after_a_day_and_open_ones_stay,
            ]
            standing: [
                a_number_is_known_once_it_is_verified_on_the_site,
                what_has_ended_is_found_by_its_number_also_once_its_code_is_forgotten,
                opt_outs_and_blocks_stand_each_for_itself,
            ]
            budget: [
                of_many_starts_at_once_exactly_those_the_budget_pays_for_are_written,
                a_start_that_a_budget_refuses_leaves_nothing_behind,
                a_price_takes_the_cap_s_place_once,
                what_costs_nothing_is_taken_back_once,
                a_state_is_told_once_in_its_period_to_who_listens,
                a_price_above_the_cap_may_reach_a_state_and_is_told,
                a_price_is_asked_for_with_doubling_pauses_until_it_is_known,
                what_was_spent_can_be_read_for_more_than_a_year,
            ]
            import: [
                an_imported_subject_holds_its_number_and_the_same_again_changes_nothing,
                an_import_takes_nothing_from_anybody,
                a_dry_run_tells_the_same_and_writes_nothing,
                a_hash_is_linked_once_the_number_is_known,
                what_a_subject_proved_since_counts_more_than_its_hash,
                a_hash_goes_when_it_is_forgotten_or_nobody_typed_its_number_for_a_year,
            ]
            erase: [
                all_that_knows_the_number_goes_and_nothing_else,
                its_limits_and_its_day_are_not_refilled,
                what_is_under_way_ends_well,
                the_sites_that_know_something_are_named,
                the_sealing_keys_that_are_needed_are_named,
            ]
            stands: [
                a_send_tells_how_its_limits_stand,
            ]
            limits: [
                limits_are_told_in_the_order_asked_and_nothing_is_taken,
                limits_allow_what_the_domain_allows,
                a_window_that_is_taken_out_and_put_back_stands_where_it_stood,
                wrong_codes_beyond_their_limit_are_told_and_nothing_is_refused,
                an_approval_gives_back_one_send_of_the_address_and_never_more_than_was_used,
                no_day_has_more_uses_than_places_whenever_it_begins,
                a_free_place_is_taken_also_by_a_clock_that_is_a_little_behind,
                a_place_that_was_not_needed_is_free_again,
                of_many_starts_at_once_as_many_as_there_are_places_are_written,
            ]
            known_subjects: [
                a_known_subject_is_kept_with_its_verification,
                a_known_subject_s_day_of_checks_and_the_number_s_are_two,
                a_known_subject_has_one_day_over_all_its_verifications,
                no_stranger_s_start_ends_a_known_subject_s_verification,
                a_check_that_does_not_count_leaves_every_day_as_it_was,
            ]
            locks: [
                the_send_that_uses_up_the_day_locks_the_number,
                a_locked_number_s_start_uses_nothing,
                the_wrong_code_that_uses_up_the_day_locks_the_number,
                a_right_code_locks_nothing,
                a_send_that_never_left_unlocks_what_it_locked,
            ]
            line: [
                what_was_learned_last_of_a_line_counts_until_its_time_is_over,
            ]
            opt_out: [
                the_last_wish_counts,
                a_wish_that_comes_again_changes_nothing,
                a_wish_is_one_number_s_own,
                a_reference_is_forgotten_after_a_week_and_the_wish_stays,
            ]
            sweep: [
                expired_ones_are_marked,
                a_delivery_is_unknown_once_its_lease_is_over,
                ended_ones_are_deleted_after_their_retention,
                a_token_is_kept_as_long_as_the_right_code_may_ask_for_it,
                keys_go_when_their_time_is_over,
                limits_go_when_all_their_windows_are_as_new,
                a_number_s_day_goes_when_it_is_over_and_its_failures_stay,
                numbers_go_however_many_there_are_and_those_that_are_limited_stay,
                failures_are_forgiven_when_nothing_was_heard_for_long_unless_they_limit,
                tokens_go_after_their_retention_and_redeemed_ones_with_them,
                a_clock_that_jumps_forth_and_back_deletes_once_and_brings_nothing_back,
                nothing_that_is_over_is_left_in_the_end_and_each_sweep_is_bounded,
            ]
            whole: [
                the_first_keys_fingerprint_is_kept_and_compared,
                a_store_that_works_is_ready,
            ]
            races: [
                of_many_wrong_codes_exactly_the_checks_of_the_verification_are_evaluated,
                of_many_wrong_codes_exactly_those_free_of_waiting_are_evaluated,
                of_many_right_codes_one_approves_and_all_get_its_token,
                of_many_checks_on_many_verifications_exactly_the_number_s_day_is_evaluated,
                of_many_starts_exactly_those_the_limit_allows_are_written,
                of_many_numbers_starts_exactly_those_their_shared_limit_allows_are_written,
                of_many_starts_of_one_number_no_more_stay_than_may_be_pending,
                of_many_starts_under_one_key_one_is_carried_out,
                of_many_resends_exactly_the_sends_of_the_verification_leave,
                of_many_redemptions_one_is_the_first,
                everything_at_once_on_one_number_adds_up,
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
