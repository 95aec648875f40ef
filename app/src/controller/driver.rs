//! What happens when something is pressed, answered, or due.
//!
//! After every `await` and in every timer the widget may be gone: signals are only touched through their `try_` methods.

use super::memory::Memory;
use super::{Controller, Event, Look};
use crate::browser::acting::Serial;
use crate::browser::json::{self, ToJson};
use crate::browser::locale;
use crate::browser::storage::{Place, Record};
use crate::browser::{self, token};
use crate::flow::{Call, Field, Flow, Notice, State, Step, Wait};
use crate::gateway::{Gateway, Ticket};
use crate::options::Options;
use crate::words::Word;
use crate::{code_input, countries};
use futures::future::abortable;
use leptos::leptos_dom::helpers::{set_interval_with_handle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use phone_verify_domain::{
    ApiError, Channel, CheckRequest, ErrorCode, ResendRequest, StartRequest, Status, Timestamp, View,
};
use std::pin::Pin;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long an answer may take: a sending may wait for the provider (10 s) and for an earlier attempt (5 s).
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// When to look what became of a message, in seconds after it was sent: often at first, then hardly.
const LOOKS: [u64; 5] = [3, 8, 20, 45, 90];

type Answer = Pin<Box<dyn Future<Output = Result<View, ApiError>>>>;

impl Controller {
    /// Tells this widget from the others of the page.
    #[must_use]
    pub fn serial(self) -> Serial {
        self.serial
    }

    /// Takes up where the page was left, or begins; called once, when the widget is shown. Sends nothing.
    pub(crate) fn begin(self) {
        self.serial.acts();
        self.now.set(browser::now());
        self.choose_country();
        let record = self.place().read().unwrap_or_default();
        if !record.number.is_empty() {
            self.number.set(record.number.clone());
            if countries::find(&record.country).is_some() {
                self.country.set(record.country.clone());
            }
        }
        let seen = record.seen.clone();
        self.memory.update_value(|memory| memory.record = record);
        if !self.show_token() {
            match seen {
                Some((view, seen)) => self.resume(view, seen),
                None => self.change(Flow::restart),
            }
        }
        self.tell(Event::Ready);
        on_cleanup(move || {
            self.memory.try_update_value(|memory| {
                memory.abort();
                if let Some(timer) = memory.timer.take() {
                    timer.clear();
                }
            });
        });
    }

    fn resume(self, view: View, seen: Timestamp) {
        let (now, pending) = (browser::now(), view.status == Status::Pending);
        self.memory.update_value(|memory| memory.looks = (now, 0));
        self.change(|flow| flow.resume(view, seen, now));
        if pending {
            self.look_up();
        }
    }

    /// *Get PIN*.
    pub(crate) fn get_pin(self) {
        self.serial.acts();
        if self.is_held() || self.start_wait() != Wait::Over {
            return;
        }
        let number = self.number.with_untracked(|number| number.trim().to_owned());
        if number.is_empty() {
            self.change(|flow| flow.refuse(ErrorCode::InvalidNumber, Word::NumberMissing, Field::Number));
            self.focus();
            return;
        }
        let options = self.options.get_untracked();
        let channel = options.first_channel();
        let request = StartRequest {
            site_key: options.site_key,
            phone_number: number.clone(),
            country: Some(self.country.get_untracked()).filter(|country| !country.is_empty()),
            channel: Some(channel.as_str().to_owned()),
            locale: Some(self.locale.get_untracked()),
            session: options.session,
            nonce: options.token_nonce,
            purpose: options.purpose,
            challenge: None,
        };
        let key = self.sending_key(json::text(&request.to_json()));
        self.remember(|record| {
            record.number = number;
            record.country = request.country.clone().unwrap_or_default();
        });
        self.memory.update_value(|memory| {
            memory.aim = true;
            memory.checked_by_itself = false;
        });
        self.code.set(String::new());
        let gateway = self.memory.with_value(|memory| memory.gateway.clone());
        self.run(
            Call::Start(channel),
            Box::pin(async move { gateway.start(request, key).await }),
        );
    }

    /// *Send again* and *Call me instead*.
    pub(crate) fn resend(self, channel: Channel) {
        self.serial.acts();
        if self.is_held() || self.send_wait(channel) != Wait::Over {
            return;
        }
        let Some(ticket) = self.ticket() else { return };
        let key = self.sending_key([&ticket.id, ":", channel.as_str()].concat());
        let request = self.memory.with_value(|memory| ResendRequest {
            channel: channel.as_str().to_owned(),
            phone_number: memory.record.number.clone(),
            country: Some(memory.record.country.clone()).filter(|country| !country.is_empty()),
        });
        let gateway = self.memory.with_value(|memory| memory.gateway.clone());
        self.run(
            Call::Resend(channel),
            Box::pin(async move { gateway.resend(ticket, request, key).await }),
        );
    }

    /// *Verify*.
    pub(crate) fn check(self) {
        self.serial.acts();
        if self.is_held() || self.check_wait() != Wait::Over {
            return;
        }
        let code = self.code.get_untracked();
        if code.len() != self.code_length() {
            let word = if code.is_empty() {
                Word::PinMissing
            } else {
                Word::PinLength
            };
            self.change(|flow| flow.refuse(ErrorCode::InvalidCode, word, Field::Code));
            self.focus();
            return;
        }
        self.compare(code);
    }

    fn compare(self, code: String) {
        let Some(ticket) = self.ticket() else { return };
        self.remember(|record| record.checking = Some(code.clone()));
        let (gateway, request) = self.memory.with_value(|memory| {
            let request = CheckRequest {
                code,
                phone_number: Some(memory.record.number.clone()),
                country: Some(memory.record.country.clone()).filter(|country| !country.is_empty()),
            };
            (memory.gateway.clone(), request)
        });
        self.memory.update_value(|memory| memory.aim = true);
        self.run(
            Call::Check,
            Box::pin(async move { gateway.check(ticket, request).await }),
        );
    }

    /// *Change number* and *Start again*: the number stays in its field, the verification is given up.
    pub(crate) fn change_number(self) {
        self.serial.acts();
        if self.options.with_untracked(|options| options.disabled) {
            return;
        }
        self.give_up();
        let (number, country) = (self.number.get_untracked(), self.country.get_untracked());
        self.memory.update_value(|memory| {
            memory.aim = true;
            memory.record = Record {
                number,
                country,
                ..Record::default()
            };
            self.place().write(&memory.record);
        });
        self.start_over();
    }

    /// Empties everything, as a form's reset does.
    pub fn reset(self) {
        self.serial.acts();
        self.give_up();
        self.memory.update_value(|memory| {
            memory.aim = false;
            memory.record = Record::default();
        });
        self.place().clear();
        self.number.set(String::new());
        self.start_over();
        self.choose_country();
    }

    fn give_up(self) {
        let ticket = self
            .ticket()
            .filter(|_| self.flow.with_untracked(|flow| flow.step() == Step::Code));
        let gateway = self.memory.try_update_value(|memory| {
            memory.abort();
            memory.epoch += 1;
            memory.gateway.clone()
        });
        if let (Some(ticket), Some(gateway)) = (ticket, gateway) {
            // The code of a number that was given up should not stay good; nobody waits for the answer.
            spawn_local(async move {
                let _ = gateway.cancel(ticket).await;
            });
        }
    }

    fn start_over(self) {
        self.code.set(String::new());
        self.change(Flow::restart);
        let next = self.memory.try_update_value(|memory| memory.next.take());
        if let Some(Some((options, gateway))) = next {
            self.take_over(options, gateway);
        }
    }

    /// Options and a way to the server that hold from the next start on: at once while only a number is being entered.
    pub fn configure(self, options: Options, gateway: Gateway) {
        self.serial.acts();
        if self.flow.with_untracked(Flow::state) == State::Number {
            self.take_over(options, gateway);
        } else {
            self.memory
                .update_value(|memory| memory.next = Some((options, gateway)));
        }
    }

    fn take_over(self, options: Options, gateway: Gateway) {
        let before = self.options.get_untracked();
        if before == options && self.memory.with_value(|memory| memory.gateway == gateway) {
            return;
        }
        let (country, token) = (before.country != options.country, before.token != options.token);
        self.options.set(options);
        self.memory.update_value(|memory| memory.gateway = gateway);
        if country || self.country_is_not_offered() {
            self.choose_country();
        }
        if token {
            self.show_token();
        }
    }

    /// A token that the page brings along, if it is still good.
    fn show_token(self) -> bool {
        let token = self.options.with_untracked(|options| options.token.clone());
        let good = token.and_then(|token| {
            let expiry = token::expiry(&token)?;
            (expiry > browser::now()).then_some((token, expiry))
        });
        let there = good.is_some();
        if let Some((token, expiry)) = good {
            self.change(|flow| flow.verified_before(token, expiry));
        }
        there
    }

    /// Another language, at once.
    pub fn set_locale(self, locale: String) {
        self.locale.set(locale);
    }

    /// Another look, at once.
    pub fn set_look(self, look: Look) {
        self.look.set(look);
    }

    /// What stands in the number's field changed.
    pub(crate) fn number_edited(self, typed: String) {
        self.serial.acts();
        let offered = self
            .options
            .with_untracked(|options| countries::offered(&options.countries));
        let country = self
            .country
            .with_untracked(|current| countries::of_number(&typed, current, &offered));
        if let Some(country) = country {
            self.country.set(country.region.to_owned());
        }
        self.number.set(typed);
        self.change(|flow| flow.edited(Field::Number));
    }

    /// A country was chosen.
    pub(crate) fn country_chosen(self, region: &str) {
        self.serial.acts();
        self.country.set(region.to_owned());
        self.change(|flow| flow.edited(Field::Number));
    }

    /// What stands in the code's field changed.
    pub(crate) fn code_edited(self, typed: &str) {
        self.serial.acts();
        let digits = code_input::digits(typed, self.code_length());
        let complete = digits.len() == self.code_length();
        self.code.set(digits);
        self.change(|flow| flow.edited(Field::Code));
        if complete && self.options.with_untracked(|options| options.auto) {
            self.check_once();
        }
    }

    /// Checks what was filled in without being asked, once per verification.
    pub(crate) fn check_once(self) {
        let first = self
            .memory
            .try_update_value(|memory| !std::mem::replace(&mut memory.checked_by_itself, true));
        if first == Some(true) {
            self.check();
        }
    }

    fn code_length(self) -> usize {
        self.flow
            .with_untracked(|flow| flow.live().map_or(0, |live| usize::from(live.view.code_length)))
    }

    fn run(self, call: Call, answer: Answer) {
        let (answer, handle) = abortable(answer);
        let timed_out = move || {
            let late = self.memory.try_update_value(Memory::abort);
            if late.is_some() {
                self.answered(call, Err(ApiError::new(ErrorCode::Unavailable, "")));
            }
        };
        self.memory.update_value(|memory| {
            memory.abort();
            memory.task = set_timeout_with_handle(timed_out, ANSWER_WITHIN)
                .ok()
                .map(|timeout| (handle, timeout));
        });
        self.change(|flow| flow.begin(call));
        spawn_local(async move {
            if let Ok(answer) = answer.await {
                if let Some(Some((_, timeout))) = self.memory.try_update_value(|memory| memory.task.take()) {
                    timeout.clear();
                }
                self.answered(call, answer);
            }
        });
    }

    fn look_up(self) {
        let Some(ticket) = self.ticket() else { return };
        let gateway = self.memory.with_value(|memory| memory.gateway.clone());
        let (answer, handle) = abortable(Box::pin(async move { gateway.view(ticket).await }) as Answer);
        self.memory.update_value(|memory| memory.look = Some(handle));
        spawn_local(async move {
            if let Ok(answer) = answer.await {
                self.looked(answer);
            }
        });
    }

    fn looked(self, answer: Result<View, ApiError>) {
        if self.flow.try_with_untracked(Flow::state) != Some(State::Code) {
            return;
        }
        let approved = matches!(&answer, Ok(view) if view.status == Status::Approved);
        let unanswered = self.memory.with_value(|memory| memory.record.checking.clone());
        match unanswered {
            // The check went well and its answer was lost: the same code fetches the same token.
            Some(code) if approved => self.compare(code),
            _ => self.answered(Call::View, answer),
        }
    }

    fn answered(self, call: Call, answer: Result<View, ApiError>) {
        self.serial.acts();
        let now = browser::now();
        let unsettled = matches!(
            &answer,
            Err(error) if error.code.status() >= 500 || error.code == ErrorCode::RequestInProgress
        );
        let secret = answer.as_ref().ok().and_then(|view| view.client_secret.clone());
        let remembered = self.memory.try_update_value(|memory| {
            match call {
                // An answer that may have been lost is asked for again by the same key.
                Call::Start(_) | Call::Resend(_) if !unsettled => memory.record.sending = None,
                Call::Check if !unsettled => memory.record.checking = None,
                _ => {}
            }
            if let Call::Start(_) | Call::Resend(_) = call {
                memory.looks = (now, 0);
            }
            if secret.is_some() {
                memory.record.secret = secret;
            }
        });
        if remembered.is_none() {
            return;
        }
        self.now.try_set(now);
        self.change(|flow| flow.answered(call, answer, now, token::life));
        if call != Call::View && self.flow.try_with_untracked(|flow| flow.problem().is_some()) == Some(true) {
            self.focus_if_ours();
        }
    }

    /// The one way by which the flow changes: what follows from it is done and told here.
    fn change(self, change: impl FnOnce(&mut Flow)) {
        let notices = self.flow.try_update(|flow| {
            change(flow);
            flow.take_notices()
        });
        if let Some(notices) = notices {
            self.follow(notices);
        }
    }

    fn follow(self, notices: Vec<Notice>) {
        self.save();
        self.keep_time();
        let Some(epoch) = self.memory.try_with_value(|memory| memory.epoch) else {
            return;
        };
        for notice in notices {
            // The page may have reset or removed the widget on hearing the notice before.
            if self.memory.try_with_value(|memory| memory.epoch) != Some(epoch) {
                return;
            }
            if let Some(event) = self.event(notice) {
                self.tell(event);
            }
        }
    }

    fn event(self, notice: Notice) -> Option<Event> {
        let view = || {
            self.flow
                .try_with_untracked(|flow| flow.live().map(|live| live.view.clone()))
                .flatten()
        };
        Some(match notice {
            Notice::Token(token) => Event::Token(token),
            Notice::State { state, previous } => Event::State { state, previous },
            Notice::Sent(channel) => Event::Sent {
                channel,
                verification: view()?,
            },
            Notice::Verified(token) => Event::Verified {
                token,
                verification: view()?,
            },
            Notice::Error { code, word, retry_in } => Event::Error {
                code,
                message: self.flow.try_with_untracked(|flow| self.message(flow, word))?,
                retry_in,
            },
            Notice::VerificationExpired => Event::VerificationExpired,
            Notice::TokenExpired => Event::TokenExpired,
        })
    }

    fn tell(self, event: Event) {
        if let Some(on_event) = self.memory.try_with_value(|memory| memory.on_event) {
            on_event.run(event);
        }
    }

    /// Brings the storage in line with the flow.
    fn save(self) {
        let seen = self.flow.try_with_untracked(|flow| {
            let live = flow.live().map(|live| (live.view.clone(), live.seen));
            (flow.state(), live)
        });
        let Some((state, live)) = seen else { return };
        match state {
            State::Verified | State::Failed => {
                self.memory
                    .try_update_value(|memory| memory.record = Record::default());
                self.place().clear();
            }
            State::Loading | State::Number => {}
            _ => self.remember(|record| record.seen = live),
        }
    }

    fn remember(self, change: impl FnOnce(&mut Record)) {
        let place = self.place();
        self.memory.try_update_value(|memory| {
            change(&mut memory.record);
            place.write(&memory.record);
        });
    }

    /// The name of a sending call, in the storage before the call is made; the earlier one where that has no answer.
    fn sending_key(self, asked: String) -> String {
        let earlier = self.memory.with_value(|memory| memory.record.sending.clone());
        match earlier {
            Some((key, before)) if before == asked => key,
            _ => {
                let key = browser::idempotency_key();
                self.remember(|record| record.sending = Some((key.clone(), asked)));
                key
            }
        }
    }

    fn place(self) -> Place {
        self.options
            .try_with_untracked(|options| {
                Place::new(&options.site_key, options.purpose.as_deref(), &options.slot)
            })
            .unwrap_or_else(|| Place::new("", None, ""))
    }

    fn ticket(self) -> Option<Ticket> {
        let secret = self
            .memory
            .try_with_value(|memory| memory.record.secret.clone())??;
        let id = self
            .flow
            .try_with_untracked(|flow| flow.live().map(|live| live.view.id.clone()))??;
        Some(Ticket { id, secret })
    }

    /// Ticks while time changes something, and only then.
    fn keep_time(self) {
        let timed = self.flow.try_with_untracked(Flow::is_timed) == Some(true);
        self.memory.try_update_value(|memory| {
            if timed && memory.timer.is_none() {
                memory.timer = set_interval_with_handle(move || self.tick(), Duration::from_secs(1)).ok();
            } else if !timed && let Some(timer) = memory.timer.take() {
                timer.clear();
            }
        });
    }

    fn tick(self) {
        self.serial.acts();
        let now = browser::now();
        let Some(before) = self.now.try_get_untracked() else {
            return;
        };
        self.now.try_set(now);
        self.change(|flow| flow.tick(now));
        let slept = before.until(now) > Duration::from_secs(30);
        let news = self.flow.try_with_untracked(|flow| {
            flow.state() == State::Code && flow.live().is_some_and(crate::flow::Live::awaits_news)
        });
        let due = self.memory.try_update_value(|memory| {
            let (sent, looks) = &mut memory.looks;
            let due = LOOKS
                .get(*looks)
                .is_some_and(|seconds| sent.until(now) >= Duration::from_secs(*seconds));
            if due {
                *looks += 1;
            }
            due
        });
        if news == Some(true) && (slept || due == Some(true)) {
            self.look_up();
        }
    }

    fn choose_country(self) {
        let languages = locale::languages();
        let own = self.locale.get_untracked();
        let chosen = self.options.with_untracked(|options| {
            let offered = countries::offered(&options.countries);
            let locales = std::iter::once(own.as_str()).chain(languages.iter().map(String::as_str));
            countries::preselected(&offered, &options.country, locales)
        });
        if let Some(country) = chosen {
            self.country.set(country.region.to_owned());
        }
    }

    fn country_is_not_offered(self) -> bool {
        let country = self.country.get_untracked();
        self.options.with_untracked(|options| {
            !countries::offered(&options.countries)
                .iter()
                .any(|offered| offered.region == country)
        })
    }

    /// Puts the focus where the present step begins.
    pub fn focus(self) {
        if let Some(element) = self.target() {
            let _ = element.focus();
        }
    }

    fn target(self) -> Option<web_sys::HtmlElement> {
        match self.step.try_get_untracked()? {
            Step::Number => self.fields.number.get_untracked()?.dyn_into().ok(),
            Step::Code => self.fields.code.get_untracked()?.dyn_into().ok(),
            Step::Verified => self.fields.status.get_untracked()?.dyn_into().ok(),
            Step::Ended => self.fields.start_again.get_untracked()?.dyn_into().ok(),
        }
    }

    /// Follows the step with the focus, if somebody at this widget brought it about; never on load.
    pub(crate) fn place_focus(self) {
        self.step.track();
        // Each is filled when its step is drawn.
        self.fields.number.track();
        self.fields.code.track();
        self.fields.start_again.track();
        let wanted = self.memory.try_with_value(|memory| memory.aim) == Some(true);
        if wanted
            && !self.flow.with_untracked(Flow::is_busy)
            && self.target().is_some_and(|target| target.is_connected())
        {
            self.memory.try_update_value(|memory| memory.aim = false);
            self.focus_if_ours();
        }
    }

    /// Moves the focus unless it has gone to another part of the page meanwhile.
    fn focus_if_ours(self) {
        let ours = || {
            let root: web_sys::HtmlElement = self.fields.root.try_get_untracked()??.dyn_into().ok()?;
            let document = root.owner_document()?;
            let outer = document.active_element();
            let elsewhere = match root.get_root_node().dyn_into::<web_sys::ShadowRoot>() {
                Ok(shadow) => {
                    shadow.active_element().is_none() && outer.as_ref() != document.body().as_deref()
                }
                Err(_) => outer.as_ref().is_some_and(|active| {
                    Some(active) != document.body().as_deref() && !root.contains(Some(active))
                }),
            };
            Some(!elsewhere)
        };
        if ours() != Some(false) {
            self.focus();
        }
    }
}
