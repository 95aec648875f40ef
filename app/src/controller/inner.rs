use super::Listener;
use super::model::Model;
use crate::browser::storage::{Place, Record};
use crate::browser::{self, locale, token};
use crate::countries;
use crate::flow::{Call, Field, State, Step, Wait};
use crate::gateway::{Ask, Gateway, Ticket};
use crate::options::Options;
use crate::words::Word;
use futures::future::AbortHandle;
use leptos::leptos_dom::helpers::{IntervalHandle, TimeoutHandle};
use phone_verify_domain::{
    ApiError, Channel, CheckRequest, ErrorCode, ResendRequest, StartRequest, Status, Timestamp, View,
};
use send_wrapper::SendWrapper;
use std::time::Duration;
use web_sys::Element;

/// When to look what became of a message, in seconds after it was sent: often at first, then hardly.
const LOOKS: [u64; 5] = [3, 8, 20, 45, 90];

/// What a press, an answer or the time changes in one widget. What has to happen outside of it is left here for
/// [`super::Controller::act`] to do: it may call the page, and the page may call back.
pub(super) struct Inner {
    pub(super) model: Model,
    pub(super) gateway: Gateway,
    pub(super) listener: Listener,
    /// Where the widget's elements are, if not in the document.
    pub(super) tree: Option<SendWrapper<Element>>,
    /// What holds from the next start on.
    next: Option<(Options, Gateway)>,
    /// What outlives a reload.
    record: Record,
    /// To be asked.
    pub(super) asked: Vec<(Call, Ask)>,
    /// The request that the user waits for, and when it is given up.
    pub(super) task: Option<(AbortHandle, TimeoutHandle)>,
    /// A look at how things stand that nobody waits for.
    pub(super) look: Option<AbortHandle>,
    /// Redraws what time changes.
    pub(super) timer: Option<IntervalHandle>,
    /// When the last sending was, and how many looks followed it.
    looks: (Timestamp, usize),
    /// Counts beginnings, so that what belongs to an earlier one is not told to the page any more.
    pub(super) epoch: u32,
    /// Whether the focus must follow the step that is drawn next.
    pub(super) aim: bool,
    /// Whether the focus must go to where the present step begins.
    pub(super) point: bool,
    /// Whether this verification's code was checked without being asked.
    checked_by_itself: bool,
}

impl Inner {
    pub(super) fn new(model: Model, gateway: Gateway, listener: Listener) -> Self {
        Self {
            model,
            gateway,
            listener,
            tree: None,
            next: None,
            record: Record::default(),
            asked: Vec::new(),
            task: None,
            look: None,
            timer: None,
            looks: (Timestamp::from_millis(0), 0),
            epoch: 0,
            aim: false,
            point: false,
            checked_by_itself: false,
        }
    }

    /// Takes up where the page was left, or begins.
    pub(super) fn begin(&mut self) {
        let now = browser::now();
        self.model.now = now;
        self.record = self.place().read().unwrap_or_default();
        self.choose_country();
        if countries::find(&self.record.country, &countries::all()).is_some() {
            self.model.country.clone_from(&self.record.country);
            self.name_country();
        }
        // Without server functions there is no number to begin with, and the embedded widget counts its bytes.
        if cfg!(not(feature = "server-functions")) || !self.record.number.is_empty() {
            self.model.number.clone_from(&self.record.number);
        }
        if self.show_token() {
            return;
        }
        match self.record.seen.clone() {
            Some((view, seen)) => {
                let pending = view.status == Status::Pending;
                self.looks = (now, 0);
                self.model.flow.resume(view, seen, now);
                if pending {
                    self.look_up();
                }
            }
            None => self.model.flow.restart(),
        }
    }

    /// *Get PIN*.
    pub(super) fn get_pin(&mut self) {
        let model = &mut self.model;
        if model.is_held() || model.start_wait() != Wait::Over {
            return;
        }
        let number = model.number.trim().to_owned();
        if number.is_empty() {
            model
                .flow
                .refuse(ErrorCode::InvalidNumber, Word::NumberMissing, Field::Number);
            self.point = true;
            return;
        }
        model.code.clear();
        let options = model.options.clone();
        let channel = options.first_channel();
        let request = StartRequest {
            site_key: options.site_key,
            phone_number: number.clone(),
            country: Some(model.country.clone()),
            channel: Some(channel.as_str().to_owned()),
            locale: Some(model.language.locale.clone()),
            session: options.session,
            nonce: options.token_nonce,
            purpose: options.purpose,
            challenge: None,
        };
        self.checked_by_itself = false;
        self.record.number = number;
        self.record.country.clone_from(&model.country);
        let key = self.sending_key(browser::json::request_text(&request));
        self.ask(Call::Start(channel), Ask::Start(request, key));
    }

    /// *Send again* and *Call me instead*.
    pub(super) fn resend(&mut self, channel: Channel) {
        let ready = !self.model.is_held() && self.model.send_wait(channel) == Wait::Over;
        let Some(ticket) = self.ticket().filter(|_| ready) else {
            return;
        };
        let key = self.sending_key([&ticket.id, ":", channel.as_str()].concat());
        let request = ResendRequest {
            channel: channel.as_str().to_owned(),
            phone_number: self.record.number.clone(),
            country: Some(self.record.country.clone()),
        };
        self.ask(Call::Resend(channel), Ask::Resend(ticket, request, key));
    }

    /// *Verify*.
    pub(super) fn check(&mut self) {
        let model = &mut self.model;
        if model.is_held() || model.check_wait() != Wait::Over {
            return;
        }
        if model.code.len() == model.code_length() {
            self.compare(self.model.code.clone());
        } else {
            let empty = model.code.is_empty();
            let word = if empty { Word::PinMissing } else { Word::PinLength };
            model.flow.refuse(ErrorCode::InvalidCode, word, Field::Code);
            self.point = true;
        }
    }

    /// Checks what was filled in without being asked, once per verification.
    pub(super) fn check_once(&mut self) {
        if !std::mem::replace(&mut self.checked_by_itself, true) {
            self.check();
        }
    }

    fn compare(&mut self, code: String) {
        let Some(ticket) = self.ticket() else { return };
        let request = CheckRequest {
            code: code.clone(),
            phone_number: Some(self.record.number.clone()),
            country: Some(self.record.country.clone()),
        };
        self.record.checking = Some(code);
        self.ask(Call::Check, Ask::Check(ticket, request));
    }

    /// *Change number* and *Start again*: the number stays in its field, the verification is given up.
    pub(super) fn change_number(&mut self) {
        if self.model.options.disabled {
            return;
        }
        self.give_up();
        self.record.number.clone_from(&self.model.number);
        self.record.country.clone_from(&self.model.country);
        self.place().write(&self.record);
        self.aim = true;
        self.start_over();
    }

    /// Empties everything.
    pub(super) fn reset(&mut self) {
        self.give_up();
        self.place().clear();
        self.aim = false;
        self.model.number.clear();
        self.choose_country();
        self.start_over();
    }

    fn give_up(&mut self) {
        self.abort();
        self.epoch += 1;
        if let Some(ticket) = self.ticket().filter(|_| self.model.flow.step() == Step::Code) {
            // The code of a number that was given up should not stay good; nobody waits for the answer.
            self.asked.push((Call::Cancel, Ask::Cancel(ticket)));
        }
        self.record = Record::default();
    }

    fn start_over(&mut self) {
        self.model.code.clear();
        self.model.flow.restart();
        if let Some((options, gateway)) = self.next.take() {
            self.take_over(options, gateway);
        }
    }

    /// Gives up whatever is under way.
    pub(super) fn abort(&mut self) {
        self.asked.clear();
        if let Some((task, timeout)) = self.task.take() {
            task.abort();
            timeout.clear();
        }
        if let Some(look) = self.look.take() {
            look.abort();
        }
    }

    /// Options and a way to the server that hold from the next start on: at once while only a number is being entered.
    pub(super) fn configure(&mut self, options: Options, gateway: Gateway) {
        if self.model.flow.state() == State::Number {
            self.take_over(options, gateway);
        } else {
            self.next = Some((options, gateway));
        }
    }

    fn take_over(&mut self, options: Options, gateway: Gateway) {
        self.gateway = gateway;
        let before = std::mem::replace(&mut self.model.options, options);
        let options = &self.model.options;
        let token = before.token != options.token;
        if before.country != options.country || before.countries != options.countries {
            self.choose_country();
        }
        if token {
            self.show_token();
        }
    }

    /// Shows a token that the page brings along, if it is still good.
    fn show_token(&mut self) -> bool {
        let token = self.model.options.token.clone().unwrap_or_default();
        match token::expiry(&token) {
            Some(expiry) if expiry > browser::now() => {
                self.model.flow.verified_before(token, expiry);
                true
            }
            _ => false,
        }
    }

    /// The answer to a request came, or there will be none.
    pub(super) fn answered(&mut self, call: Call, answer: Result<View, ApiError>) {
        let now = browser::now();
        self.model.now = now;
        if call == Call::View {
            self.looked(answer, now);
            return;
        }
        if let Some((_, timeout)) = self.task.take() {
            timeout.clear();
        }
        let settled = match &answer {
            Ok(_) => true,
            Err(error) => error.code.status() < 500 && error.code != ErrorCode::RequestInProgress,
        };
        if settled {
            // An answer that may have been lost is asked for again by the same key.
            self.record.sending = None;
            self.record.checking = None;
        }
        if let Ok(view) = &answer {
            self.looks = (now, 0);
            if view.client_secret.is_some() {
                self.record.secret.clone_from(&view.client_secret);
            }
        }
        self.model.flow.answered(call, answer, now, token::life);
        self.point = self.model.flow.problem().is_some();
    }

    fn looked(&mut self, answer: Result<View, ApiError>, now: Timestamp) {
        if self.model.flow.state() != State::Code {
            return;
        }
        match (&answer, self.record.checking.clone()) {
            // The check went well and its answer was lost: the same code fetches the same token.
            (Ok(view), Some(code)) if view.status == Status::Approved => self.compare(code),
            _ => self.model.flow.answered(Call::View, answer, now, token::life),
        }
    }

    /// Time passed.
    pub(super) fn tick(&mut self) {
        let now = browser::now();
        let slept = self.model.now.until(now) > Duration::from_secs(30);
        self.model.now = now;
        let step = self.model.flow.step();
        self.model.flow.tick(now);
        if self.model.flow.step() != step {
            self.aim = true;
        }
        let (sent, looks) = self.looks;
        let due = LOOKS
            .get(looks)
            .is_some_and(|seconds| sent.until(now) >= Duration::from_secs(*seconds));
        self.looks.1 += usize::from(due);
        let flow = &self.model.flow;
        let awaits_news =
            flow.state() == State::Code && flow.live().is_some_and(crate::flow::Live::awaits_news);
        if awaits_news && (slept || due) {
            self.look_up();
        }
    }

    fn look_up(&mut self) {
        if let Some(ticket) = self.ticket() {
            self.asked.push((Call::View, Ask::View(ticket)));
        }
    }

    fn ask(&mut self, call: Call, ask: Ask) {
        self.abort();
        self.place().write(&self.record);
        self.aim |= !matches!(call, Call::Resend(_));
        self.asked.push((call, ask));
        self.model.flow.begin(call);
    }

    /// The name of a sending call; the earlier one where that has no answer.
    fn sending_key(&mut self, asked: String) -> String {
        match &self.record.sending {
            Some((key, before)) if *before == asked => key.clone(),
            _ => {
                let key = browser::idempotency_key();
                self.record.sending = Some((key.clone(), asked));
                key
            }
        }
    }

    fn ticket(&self) -> Option<Ticket> {
        Some(Ticket {
            id: self.model.flow.live()?.view.id.clone(),
            secret: self.record.secret.clone()?,
        })
    }

    /// Brings the storage in line with the flow.
    pub(super) fn save(&mut self) {
        match self.model.flow.state() {
            State::Verified | State::Failed => {
                self.record = Record::default();
                self.place().clear();
            }
            State::Loading | State::Number => {}
            _ => {
                let live = self.model.flow.live();
                self.record.seen = live.map(|live| (live.view.clone(), live.seen));
                self.place().write(&self.record);
            }
        }
    }

    fn place(&self) -> Place {
        let options = &self.model.options;
        Place::new(&options.site_key, options.purpose.as_deref(), &options.slot)
    }

    fn choose_country(&mut self) {
        let model = &mut self.model;
        let offered = countries::offered(&model.options.countries);
        let locales = locale::languages(&model.language.locale);
        if let Some(country) = countries::preselected(&offered, &model.options.country, &locales) {
            country.region.clone_into(&mut model.country);
        }
        self.name_country();
    }

    pub(super) fn name_country(&mut self) {
        let model = &mut self.model;
        model.country_name = locale::CountryNames::new(&model.language.locale).of(&model.country);
    }
}
