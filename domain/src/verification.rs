use crate::{
    Channel, DeliveryReason, DeliveryState, DeliveryView, Timestamp, VerificationId, View, seconds_rounded_up,
};
use std::time::Duration;

crate::view::words! {
    /// Where a verification stands. No edge leads out of any but `pending`.
    pub enum Status {
        /// The code may still be typed.
        Pending = "pending",
        /// The right code was typed in time.
        Approved = "approved",
        /// All checks were spent.
        Exhausted = "exhausted",
        /// Its time is over.
        Expired = "expired",
        /// It was given up, by the user or by a newer one.
        Canceled = "canceled",
    }
}

/// The facts of one verification on which every decision about it rests; a snapshot as the store holds it.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Its name.
    pub id: VerificationId,
    /// As stored: a `pending` one may have expired since; ask [`Verification::status_at`].
    pub status: Status,
    /// The masked number.
    pub mask: String,
    /// How many digits the code has.
    pub code_length: u8,
    /// Checks evaluated.
    pub attempts_used: u32,
    /// Checks that may be evaluated.
    pub attempts_max: u32,
    /// Sends that may have left.
    pub sends_used: u32,
    /// Sends that may leave.
    pub sends_max: u32,
    /// Before this no code is evaluated.
    pub next_check_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The channel of the last delivery.
    pub channel: Channel,
    /// What became of the last delivery.
    pub delivery_state: DeliveryState,
    /// Why it failed, if it did.
    pub delivery_reason: Option<DeliveryReason>,
    /// When a delivery that is still `sending` becomes `unknown`.
    pub delivery_lease_until: Timestamp,
}

/// When a channel may be used next, as far as limits outside the verification know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendWait {
    /// After this long; nothing means now.
    After(Duration),
    /// Not in this verification: the site does not offer the channel, or the owner opted out of it.
    Never,
}

impl Verification {
    /// Where it stands at `now`: a pending one whose time is over is expired, swept or not.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        if self.status == Status::Pending && now >= self.expires_at {
            Status::Expired
        } else {
            self.status
        }
    }

    /// Checks that are left.
    #[must_use]
    pub fn attempts_left(&self) -> u32 {
        self.attempts_max.saturating_sub(self.attempts_used)
    }

    /// Sends that are left.
    #[must_use]
    pub fn sends_left(&self) -> u32 {
        self.sends_max.saturating_sub(self.sends_used)
    }

    /// All that may be shown at `now`; `checks` is how long the number's window of checks is spent.
    #[must_use]
    pub fn view(&self, now: Timestamp, sms: SendWait, call: SendWait, checks: Duration) -> View {
        let status = self.status_at(now);
        let pending = status == Status::Pending;
        let left = now.until(self.expires_at);
        // A wait that outlasts the verification never ends for it.
        let within = |wait: Duration| (pending && wait < left).then(|| seconds_rounded_up(wait));
        let send = |wait: SendWait| match wait {
            SendWait::After(wait) if self.sends_left() > 0 => within(wait),
            _ => None,
        };
        let check = now.until(self.next_check_at).max(checks);
        View {
            id: self.id.to_string(),
            status,
            channel: self.channel,
            to: self.mask.clone(),
            code_length: self.code_length,
            attempts_left: self.attempts_left(),
            sends_left: self.sends_left(),
            next_sms_in: send(sms),
            next_call_in: send(call),
            next_check_in: if self.attempts_left() > 0 {
                within(check)
            } else {
                None
            },
            expires_in: pending.then(|| seconds_rounded_up(left)),
            delivery: Some(self.delivery_at(now)),
            client_secret: None,
            token: None,
        }
    }

    /// What may be shown of the last delivery: one whose lease is over may or may not have left.
    #[must_use]
    pub fn delivery_at(&self, now: Timestamp) -> DeliveryView {
        let over = self.delivery_state == DeliveryState::Sending && now >= self.delivery_lease_until;
        DeliveryView {
            state: if over {
                DeliveryState::Unknown
            } else {
                self.delivery_state
            },
            reason: self.delivery_reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn pending() -> Verification {
        Verification {
            id: VerificationId::from_bytes([7; 16]),
            status: Status::Pending,
            mask: "+1 ••• ••• ••34".to_owned(),
            code_length: 6,
            attempts_used: 1,
            attempts_max: 5,
            sends_used: 1,
            sends_max: 5,
            next_check_at: NOW,
            expires_at: NOW + Duration::from_mins(10),
            channel: Channel::Sms,
            delivery_state: DeliveryState::Sending,
            delivery_reason: None,
            delivery_lease_until: NOW + Duration::from_secs(30),
        }
    }

    fn view(verification: &Verification, now: Timestamp) -> View {
        verification.view(
            now,
            SendWait::After(Duration::from_mins(1)),
            SendWait::Never,
            Duration::ZERO,
        )
    }

    #[test]
    fn a_pending_verification_says_what_may_be_done_and_when() {
        let view = view(&pending(), NOW);
        assert_eq!((view.attempts_left, view.sends_left), (4, 4));
        assert_eq!((view.next_sms_in, view.next_call_in), (Some(60), None));
        assert_eq!((view.next_check_in, view.expires_in), (Some(0), Some(600)));
    }

    #[test]
    fn it_expires_at_its_very_moment() {
        let verification = pending();
        let last = Timestamp::from_millis(verification.expires_at.as_millis() - 1);
        assert_eq!(verification.status_at(last), Status::Pending);
        assert_eq!(verification.status_at(verification.expires_at), Status::Expired);
    }

    #[test]
    fn an_ended_verification_offers_nothing_any_more() {
        for status in [
            Status::Approved,
            Status::Exhausted,
            Status::Expired,
            Status::Canceled,
        ] {
            let view = view(&Verification { status, ..pending() }, NOW);
            assert_eq!(
                (
                    view.next_sms_in,
                    view.next_call_in,
                    view.next_check_in,
                    view.expires_in
                ),
                (None, None, None, None)
            );
        }
    }

    #[test]
    fn a_wait_longer_than_the_verification_is_never() {
        let wait = SendWait::After(Duration::from_mins(20));
        let view = pending().view(NOW, wait, wait, Duration::from_hours(5));
        assert_eq!(
            (view.next_sms_in, view.next_call_in, view.next_check_in),
            (None, None, None)
        );
    }

    #[test]
    fn without_sends_left_no_channel_is_offered() {
        let view = view(
            &Verification {
                sends_used: 5,
                ..pending()
            },
            NOW,
        );
        assert_eq!((view.sends_left, view.next_sms_in), (0, None));
    }

    #[test]
    fn a_delivery_is_unknown_once_its_lease_is_over() {
        let verification = pending();
        assert_eq!(verification.delivery_at(NOW).state, DeliveryState::Sending);
        assert_eq!(
            verification.delivery_at(verification.delivery_lease_until).state,
            DeliveryState::Unknown
        );
    }
}
