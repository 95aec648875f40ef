//! Carries out what the widget wants of its surroundings.
//!
//! After every `await` and in every timer the widget may be gone: whatever is reached through the controller is then
//! not there, and nothing happens.

use super::inner::Inner;
use super::{Controller, Event, Look, Model};
use crate::browser::acting::Serial;
use crate::flow::{Call, Notice};
use crate::gateway::{Ask, Gateway};
use crate::options::Options;
use crate::words::Language;
use futures::future::abortable;
use leptos::leptos_dom::helpers::{set_interval_with_handle, set_timeout_with_handle};
use leptos::task::spawn_local;
use phone_verify_domain::{ApiError, Channel, ErrorCode};
use std::time::Duration;

/// How long an answer may take: a sending may wait for the provider (10 s) and for an earlier attempt (5 s).
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

impl Controller {
    /// Tells this widget from the others of the page.
    #[must_use]
    pub fn serial(self) -> Serial {
        self.serial
    }

    /// Gives up what is under way; called once, when the widget is taken away.
    pub(crate) fn end(self) {
        self.visit(&mut |inner| {
            inner.abort();
            if let Some(timer) = inner.timer.take() {
                timer.clear();
            }
        });
    }

    /// Takes up where the page was left, or begins; called once, when the widget is shown. Sends nothing.
    pub(crate) fn begin(self) {
        self.act(Inner::begin);
        self.tell(Event::Ready);
    }

    /// *Get PIN*.
    pub(crate) fn get_pin(self) {
        self.act(Inner::get_pin);
    }

    /// *Send again*.
    pub(crate) fn send_again(self) {
        self.act(|inner| inner.resend(inner.model.options.first_channel()));
    }

    /// *Call me instead*.
    pub(crate) fn call(self) {
        self.act(|inner| inner.resend(Channel::Call));
    }

    /// *Verify*.
    pub(crate) fn check(self) {
        self.act(Inner::check);
    }

    /// *Change number* and *Start again*.
    pub(crate) fn change_number(self) {
        self.act(Inner::change_number);
    }

    /// Empties everything, as a form's reset does.
    pub fn reset(self) {
        self.act(Inner::reset);
    }

    /// Options and a way to the server that hold from the next start on: at once while only a number is being entered.
    pub fn configure(self, options: Options, gateway: Gateway) {
        self.act(|inner| inner.configure(options, gateway));
    }

    /// Another language and another look, at once.
    pub fn restyle(self, language: Language, look: Look) {
        self.act(|inner| {
            inner.model.language = language;
            inner.model.look = look;
            inner.name_country();
        });
    }

    /// The one way by which a widget changes: what follows from it is done and told here.
    pub(super) fn act(self, act: impl FnOnce(&mut Inner)) {
        let mut act = Some(act);
        self.act_dyn(&mut |inner| {
            if let Some(act) = act.take() {
                act(inner);
            }
        });
    }

    fn act_dyn(self, act: &mut dyn FnMut(&mut Inner)) {
        self.serial.acts();
        let (mut notices, mut asked, mut timed, mut point, mut epoch) =
            (Vec::new(), Vec::new(), false, false, 0);
        self.visit(&mut |inner| {
            act(inner);
            notices = inner.model.flow.take_notices();
            asked = std::mem::take(&mut inner.asked);
            timed = inner.model.flow.is_timed();
            point = std::mem::take(&mut inner.point);
            epoch = inner.epoch;
            inner.save();
        });
        self.redraw();
        self.keep_time(timed);
        for (call, ask) in asked {
            self.wait_for(call, ask);
        }
        if point {
            self.focus_if_ours();
        }
        for notice in notices {
            // The page may have reset or removed the widget on hearing the notice before.
            let mut event = None;
            self.visit(&mut |inner| {
                if inner.epoch == epoch {
                    event = event_of(&inner.model, &notice);
                }
            });
            if let Some(event) = event {
                self.tell(event);
            }
        }
    }

    fn tell(self, event: Event) {
        let mut listener = None;
        self.visit(&mut |inner| listener = Some(inner.listener.clone()));
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn wait_for(self, call: Call, ask: Ask) {
        let (mut ask, mut answer) = (Some(ask), None);
        self.visit(&mut |inner| answer = ask.take().map(|ask| inner.gateway.ask(ask)));
        let Some(answer) = answer else { return };
        let (answer, handle) = abortable(answer);
        self.visit(&mut |inner| match call {
            Call::Cancel => {}
            Call::View => inner.look = Some(handle.clone()),
            _ => {
                let late = move || {
                    self.act(|inner| {
                        inner.abort();
                        inner.answered(call, Err(ApiError::new(ErrorCode::Unavailable, "")));
                    });
                };
                let timeout = set_timeout_with_handle(late, ANSWER_WITHIN).ok();
                inner.task = timeout.map(|timeout| (handle.clone(), timeout));
            }
        });
        spawn_local(async move {
            if let Ok(answer) = answer.await
                && call != Call::Cancel
            {
                self.act(|inner| inner.answered(call, answer));
            }
        });
    }

    /// Ticks while time changes something, and only then.
    fn keep_time(self, timed: bool) {
        self.visit(&mut |inner| {
            if !timed {
                if let Some(timer) = inner.timer.take() {
                    timer.clear();
                }
            } else if inner.timer.is_none() {
                let tick = move || self.act(Inner::tick);
                inner.timer = set_interval_with_handle(tick, Duration::from_secs(1)).ok();
            }
        });
    }
}

fn event_of(model: &Model, notice: &Notice) -> Option<Event> {
    let view = || model.flow.live().map(|live| live.view.clone());
    Some(match notice {
        Notice::Token(token) => Event::Token(token.clone()),
        Notice::State { state, previous } => Event::State {
            state: *state,
            previous: *previous,
        },
        Notice::Sent(channel) => Event::Sent {
            channel: *channel,
            verification: view()?,
        },
        Notice::Verified(token) => Event::Verified {
            token: token.clone(),
            verification: view()?,
        },
        Notice::Error { code, word, retry_in } => Event::Error {
            code: *code,
            message: model.message(*word),
            retry_in: *retry_in,
        },
        Notice::VerificationExpired => Event::VerificationExpired,
        Notice::TokenExpired => Event::TokenExpired,
    })
}
