//! A view's waiting times as moments, so that they pass without another look at the server.

use phone_verify_domain::{Channel, DeliveryState, Timestamp, View};
use std::time::Duration;

/// Until when one must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// From this moment on it is possible.
    At(Timestamp),
    /// Not any more.
    Never,
}

/// How long one must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Possible now.
    Over,
    /// Whole seconds, at least 1.
    Seconds(u64),
    /// Not possible any more.
    Never,
}

impl Due {
    fn after(seconds: Option<u64>, now: Timestamp) -> Self {
        seconds.map_or(Self::Never, |seconds| {
            Self::At(now + Duration::from_secs(seconds))
        })
    }

    /// The wait that is left at `now`.
    #[must_use]
    pub fn wait(self, now: Timestamp) -> Wait {
        match self {
            Self::Never => Wait::Never,
            Self::At(due) => match phone_verify_domain::seconds_rounded_up(now.until(due)) {
                0 => Wait::Over,
                seconds => Wait::Seconds(seconds),
            },
        }
    }
}

/// A view and the moments that its waiting times mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// As the server sent it.
    pub view: View,
    /// When it came.
    pub seen: Timestamp,
    /// When a text message may be sent.
    pub sms: Due,
    /// When a call may be made.
    pub call: Due,
    /// When a code may be checked.
    pub check: Due,
    /// When the verification expires.
    pub expires: Due,
}

impl Live {
    pub(super) fn new(view: View, now: Timestamp) -> Self {
        Self {
            seen: now,
            sms: Due::after(view.next_sms_in, now),
            call: Due::after(view.next_call_in, now),
            check: Due::after(view.next_check_in, now),
            expires: Due::after(view.expires_in, now),
            view,
        }
    }

    /// When this channel may be used.
    #[must_use]
    pub const fn send(&self, channel: Channel) -> Due {
        match channel {
            Channel::Sms => self.sms,
            Channel::Call => self.call,
        }
    }

    /// Whether more is to be learned about the last delivery.
    #[must_use]
    pub fn awaits_news(&self) -> bool {
        self.view.delivery.is_some_and(|delivery| {
            matches!(
                delivery.state,
                DeliveryState::Sending | DeliveryState::Accepted | DeliveryState::Unknown
            )
        })
    }
}
