//! The widget's state machine: what was asked, what came back, what may be done next. No browser, no clock, no network.
//!
//! ```text
//! loading -> number -> sending -> code <-> checking -> verified -> expired
//!              ^          |        |  ^-- sending (again)   |
//!              |          v        +----> exhausted | expired
//!              +------ (refused)                    failed
//! ```

mod terms;
mod waits;

pub use terms::{Call, Field, Notice, Problem, State, Step};
pub use waits::{Due, Live, Wait};

use crate::words::{self, Word};
use phone_verify_domain::{ApiError, Channel, ErrorCode, Status, Timestamp, View};
use std::time::Duration;

/// The state of one widget.
#[derive(Clone, Debug)]
pub struct Flow {
    state: State,
    live: Option<Live>,
    call: Option<Call>,
    problem: Option<Problem>,
    problems: u32,
    ended: Word,
    start_due: Option<Timestamp>,
    token: Option<(String, Timestamp)>,
    notices: Vec<Notice>,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            state: State::Loading,
            live: None,
            call: None,
            problem: None,
            problems: 0,
            ended: Word::Expired,
            start_due: None,
            token: None,
            notices: Vec::new(),
        }
    }
}

impl Flow {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// What is on the screen.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self.state {
            State::Sending | State::Code | State::Checking if self.live.is_some() => Step::Code,
            State::Verified => Step::Verified,
            State::Exhausted | State::Expired | State::Failed => Step::Ended,
            _ => Step::Number,
        }
    }

    /// The verification, if there is one.
    #[must_use]
    pub const fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    /// What went wrong last.
    #[must_use]
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Tells problems apart: another number for each, 0 while there is none.
    #[must_use]
    pub const fn problems(&self) -> u32 {
        if self.problem.is_some() { self.problems } else { 0 }
    }

    /// The token of a proved number.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_ref().map(|(token, _)| token.as_str())
    }

    /// Whether a request is under way that the user waits for.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self.state, State::Loading | State::Sending | State::Checking)
    }

    /// When the first message may be asked for, after a refusal that named a time.
    #[must_use]
    pub fn start_wait(&self, now: Timestamp) -> Wait {
        self.start_due.map_or(Wait::Over, |due| Due::At(due).wait(now))
    }

    /// Whether time alone will change something that is shown.
    #[must_use]
    pub const fn is_timed(&self) -> bool {
        match self.step() {
            Step::Number => self.start_due.is_some(),
            Step::Code => true,
            Step::Verified => self.token.is_some(),
            Step::Ended => false,
        }
    }

    /// What the status region says.
    #[must_use]
    pub fn status(&self) -> Option<Word> {
        match (self.state, self.call) {
            (State::Loading | State::Number, _) => None,
            (State::Sending, Some(Call::Start(Channel::Call) | Call::Resend(Channel::Call))) => {
                Some(Word::SendingCall)
            }
            (State::Sending, _) => Some(Word::SendingText),
            (State::Checking, _) => Some(Word::Checking),
            (State::Code, _) => {
                let view = &self.live.as_ref()?.view;
                Some(words::of_delivery(view.delivery?, view.channel))
            }
            (State::Verified, _) => Some(Word::PhoneNumberVerified),
            (State::Exhausted | State::Expired | State::Failed, _) => Some(self.ended),
        }
    }

    /// What the page must hear of since the last time.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// The form for a number, from wherever it was; what was known of a verification is gone.
    pub fn restart(&mut self) {
        self.live = None;
        self.call = None;
        self.problem = None;
        self.start_due = None;
        if self.token.take().is_some() {
            self.notices.push(Notice::Token(None));
        }
        self.go(State::Number);
    }

    /// A verification that was under way before the page was left, as it stood at `seen`.
    pub fn resume(&mut self, view: View, seen: Timestamp, now: Timestamp) {
        let status = view.status;
        // A clock that was set back must not lengthen what is left.
        self.live = Some(Live::new(view, seen.min(now)));
        match status {
            Status::Pending => {
                self.go(State::Code);
                self.tick(now);
            }
            Status::Exhausted => self.end(State::Exhausted, Word::Exhausted),
            Status::Approved | Status::Expired | Status::Canceled => self.end(State::Expired, Word::Expired),
        }
    }

    /// Proved before the page was shown: the page hears of the state and gets the field's content, not of a success.
    pub fn verified_before(&mut self, token: String, expires: Timestamp) {
        self.notices.push(Notice::Token(Some(token.clone())));
        self.token = Some((token, expires));
        self.go(State::Verified);
    }

    /// A request begins.
    pub fn begin(&mut self, call: Call) {
        self.call = Some(call);
        match call {
            Call::Start(_) | Call::Resend(_) => {
                self.problem = None;
                self.go(State::Sending);
            }
            Call::Check => {
                self.problem = None;
                self.go(State::Checking);
            }
            Call::View | Call::Cancel => {}
        }
    }

    /// What was typed cannot be sent.
    pub fn refuse(&mut self, code: ErrorCode, word: Word, field: Field) {
        self.fail(code, word, field, None);
    }

    /// A problem with what is being typed is out of date once it changes.
    pub fn edited(&mut self, field: Field) {
        if field == Field::Number {
            // The wait may be that of the other number.
            self.start_due = None;
        }
        if self
            .problem
            .as_ref()
            .is_some_and(|problem| problem.field == field)
        {
            self.problem = None;
        }
    }

    /// The answer to a request. `token_life` reads how long a token is good.
    pub fn answered(
        &mut self,
        call: Call,
        answer: Result<View, ApiError>,
        now: Timestamp,
        token_life: impl Fn(&str) -> Duration,
    ) {
        if call != Call::View {
            self.call = None;
        }
        match answer {
            Ok(view) => self.accepted(call, view, now, token_life),
            Err(error) => self.refused(call, error, now),
        }
    }

    fn accepted(
        &mut self,
        call: Call,
        mut view: View,
        now: Timestamp,
        token_life: impl Fn(&str) -> Duration,
    ) {
        let token = view.token.take();
        let status = view.status;
        self.live = Some(Live::new(view, now));
        match status {
            Status::Pending => {
                if call != Call::View {
                    self.go(State::Code);
                }
                if let Call::Start(channel) | Call::Resend(channel) = call {
                    self.notices.push(Notice::Sent(channel));
                }
            }
            Status::Approved => match token {
                Some(token) => {
                    self.notices.push(Notice::Token(Some(token.clone())));
                    self.go(State::Verified);
                    self.notices.push(Notice::Verified(token.clone()));
                    let expires = now + token_life(&token);
                    self.token = Some((token, expires));
                }
                None => self.end(State::Expired, Word::ResultLost),
            },
            Status::Exhausted => self.end(State::Exhausted, Word::Exhausted),
            Status::Expired | Status::Canceled => self.expire(Word::Expired),
        }
    }

    fn refused(&mut self, call: Call, mut error: ApiError, now: Timestamp) {
        if let Some(view) = error.verification.take() {
            self.live = Some(Live::new(*view, now));
        }
        let (code, word) = (error.code, words::of_error(error.code));
        if call == Call::View {
            // Only what ends the verification matters here: the next look may go better.
            match code {
                ErrorCode::NotFound | ErrorCode::Unauthorized => self.expire(Word::Expired),
                _ => {}
            }
            return;
        }
        let due = error.retry_in.map(|seconds| now + Duration::from_secs(seconds));
        match (call, code) {
            (_, ErrorCode::Exhausted) => self.end(State::Exhausted, word),
            (Call::Start(_), ErrorCode::NotFound) => self.end(State::Failed, Word::Misconfigured),
            (_, ErrorCode::Expired | ErrorCode::Canceled | ErrorCode::NotFound) => self.expire(word),
            (_, ErrorCode::AlreadyApproved) => self.end(State::Expired, word),
            (Call::Check, ErrorCode::WrongCode) if self.is_exhausted() => {
                self.notices.push(Notice::Error {
                    code,
                    word,
                    retry_in: None,
                });
                self.end(State::Exhausted, Word::Exhausted);
                return;
            }
            _ if word == Word::Misconfigured => self.end(State::Failed, word),
            _ => {
                match call {
                    Call::Start(_) => {
                        self.start_due = due;
                        self.go(State::Number);
                    }
                    Call::Resend(_) | Call::Check | Call::View | Call::Cancel => self.go(State::Code),
                }
                if let (Some(due), Some(live), ErrorCode::TooManyRequests) = (due, &mut self.live, code) {
                    match call {
                        Call::Resend(Channel::Sms) => live.sms = Due::At(due),
                        Call::Resend(Channel::Call) => live.call = Due::At(due),
                        Call::Check => live.check = Due::At(due),
                        Call::Start(_) | Call::View | Call::Cancel => {}
                    }
                }
                self.fail(code, word, field_of(call, code), error.retry_in);
                return;
            }
        }
        self.notices.push(Notice::Error {
            code,
            word,
            retry_in: error.retry_in,
        });
    }

    fn is_exhausted(&self) -> bool {
        self.live
            .as_ref()
            .is_some_and(|live| live.view.status == Status::Exhausted || live.view.attempts_left == 0)
    }

    /// Time passed.
    pub fn tick(&mut self, now: Timestamp) {
        match self.step() {
            Step::Number => {
                if self.start_wait(now) == Wait::Over {
                    self.start_due = None;
                }
            }
            // While a request is under way its answer says more.
            Step::Code if self.state == State::Code => {
                if self
                    .live
                    .as_ref()
                    .is_some_and(|live| live.expires.wait(now) == Wait::Over)
                {
                    self.expire(Word::Expired);
                }
            }
            Step::Verified => {
                if self.token.as_ref().is_some_and(|(_, expires)| now >= *expires) {
                    self.token = None;
                    self.notices.push(Notice::Token(None));
                    self.end(State::Expired, Word::VerificationLapsed);
                    self.notices.push(Notice::TokenExpired);
                }
            }
            Step::Code | Step::Ended => {}
        }
    }

    fn expire(&mut self, word: Word) {
        if let Some(live) = &mut self.live {
            live.view.status = Status::Expired;
        }
        self.end(State::Expired, word);
        self.notices.push(Notice::VerificationExpired);
    }

    fn end(&mut self, state: State, word: Word) {
        self.problem = None;
        self.ended = word;
        self.go(state);
    }

    fn fail(&mut self, code: ErrorCode, word: Word, field: Field, retry_in: Option<u64>) {
        self.problems += 1;
        self.problem = Some(Problem { code, word, field });
        self.notices.push(Notice::Error { code, word, retry_in });
    }

    fn go(&mut self, state: State) {
        let previous = std::mem::replace(&mut self.state, state);
        if previous != state {
            self.notices.push(Notice::State { state, previous });
        }
    }
}

const fn field_of(call: Call, code: ErrorCode) -> Field {
    match (call, code) {
        (
            Call::Start(_),
            ErrorCode::InvalidNumber
            | ErrorCode::CountryNotServed
            | ErrorCode::NumberTypeRefused
            | ErrorCode::NumberTaken
            | ErrorCode::OptedOut,
        ) => Field::Number,
        (Call::Check, ErrorCode::WrongCode | ErrorCode::InvalidCode) => Field::Code,
        _ => Field::None,
    }
}

#[cfg(test)]
mod tests;
