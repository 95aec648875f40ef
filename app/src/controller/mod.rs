//! Ties the state machine to what surrounds it: the fields, the server, the tab's storage, the clock and the page.

#[cfg(feature = "browser")]
mod driver;
#[cfg(feature = "browser")]
mod memory;
#[cfg(not(feature = "browser"))]
mod still;

#[cfg(feature = "browser")]
use crate::browser::acting::Serial;
use crate::flow::{Field, Flow, State, Step, Wait};
use crate::gateway::Gateway;
use crate::options::Options;
use crate::words::{self, Word};
use leptos::html;
use leptos::prelude::*;
use phone_verify_domain::{Channel, ErrorCode, Timestamp, View};

/// What the page is told.
#[derive(Clone, Debug)]
pub enum Event {
    /// The component works.
    Ready,
    /// The token changed; without one the page's field must be empty.
    Token(Option<String>),
    /// Another state.
    State {
        /// The new one.
        state: State,
        /// The one before.
        previous: State,
    },
    /// The code is on its way.
    Sent {
        /// By which channel.
        channel: Channel,
        /// The verification.
        verification: View,
    },
    /// The number is proved. Only the token, checked by the host's server, proves it to anybody else.
    Verified {
        /// The signed result.
        token: String,
        /// The verification.
        verification: View,
    },
    /// Something was refused or failed.
    Error {
        /// The fixed word of the refusal.
        code: ErrorCode,
        /// What the user reads.
        message: String,
        /// Seconds to wait, where waiting helps.
        retry_in: Option<u64>,
    },
    /// The verification's time is over.
    VerificationExpired,
    /// The token's time is over.
    TokenExpired,
}

/// How the widget looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `auto`, `light` or `dark`; anything else is `auto`.
    pub theme: String,
    /// `normal`, `compact` or `card`; anything else is `normal`.
    pub appearance: String,
}

/// One widget. It lives as long as the reactive owner that it was made under.
#[derive(Clone, Copy)]
pub struct Controller {
    /// Begins the ids of the widget's elements.
    pub(crate) id: StoredValue<String>,
    pub(crate) options: RwSignal<Options>,
    pub(crate) look: RwSignal<Look>,
    pub(crate) locale: RwSignal<String>,
    pub(crate) flow: RwSignal<Flow>,
    pub(crate) step: Memo<Step>,
    pub(crate) number: RwSignal<String>,
    pub(crate) country: RwSignal<String>,
    pub(crate) code: RwSignal<String>,
    pub(crate) now: RwSignal<Timestamp>,
    pub(crate) fields: Fields,
    #[cfg(feature = "browser")]
    serial: Serial,
    #[cfg(feature = "browser")]
    memory: StoredValue<memory::Memory>,
}

/// Where the focus may have to go.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fields {
    pub(crate) root: NodeRef<html::Div>,
    pub(crate) number: NodeRef<html::Input>,
    pub(crate) code: NodeRef<html::Input>,
    pub(crate) status: NodeRef<html::P>,
    pub(crate) start_again: NodeRef<html::Button>,
}

impl Controller {
    /// A widget under the current owner; it does nothing before it is shown.
    #[must_use]
    #[cfg_attr(
        not(feature = "browser"),
        expect(
            unused_variables,
            reason = "on the server nothing is asked and nothing happens"
        )
    )]
    pub fn new(
        id: String,
        options: Options,
        look: Look,
        locale: String,
        gateway: Gateway,
        on_event: Callback<Event>,
    ) -> Self {
        let flow = RwSignal::new(Flow::default());
        Self {
            id: StoredValue::new(id),
            country: RwSignal::new(options.country.to_ascii_uppercase()),
            options: RwSignal::new(options),
            look: RwSignal::new(look),
            locale: RwSignal::new(locale),
            flow,
            step: Memo::new(move |_| flow.with(Flow::step)),
            number: RwSignal::new(String::new()),
            code: RwSignal::new(String::new()),
            now: RwSignal::new(Timestamp::from_millis(0)),
            fields: Fields::default(),
            #[cfg(feature = "browser")]
            serial: Serial::next(),
            #[cfg(feature = "browser")]
            memory: StoredValue::new(memory::Memory::new(gateway, on_event)),
        }
    }

    /// A text that follows the language.
    pub(crate) fn text(self, word: Word) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || self.locale.with(|locale| words::say(word, locale))
    }

    /// The id of one of the widget's elements.
    pub(crate) fn element(self, name: &str) -> String {
        self.id.with_value(|id| [id, "-", name].concat())
    }

    /// Whether buttons do nothing for now.
    pub(crate) fn is_held(self) -> bool {
        self.options.with(|options| options.disabled) || self.flow.with(Flow::is_busy)
    }

    /// How long *Get PIN* must wait.
    pub(crate) fn start_wait(self) -> Wait {
        let now = self.now.get();
        self.flow.with(|flow| flow.start_wait(now))
    }

    /// How long a further sending must wait.
    pub(crate) fn send_wait(self, channel: Channel) -> Wait {
        let now = self.now.get();
        if !self.options.with(|options| options.offers(channel)) {
            return Wait::Never;
        }
        self.flow.with(|flow| {
            flow.live()
                .map_or(Wait::Never, |live| live.send(channel).wait(now))
        })
    }

    /// How long *Verify* must wait.
    pub(crate) fn check_wait(self) -> Wait {
        let now = self.now.get();
        self.flow
            .with(|flow| flow.live().map_or(Wait::Never, |live| live.check.wait(now)))
    }

    /// Whether what was typed in this field is at fault.
    pub(crate) fn is_wrong(self, field: Field) -> bool {
        self.flow
            .with(|flow| flow.problem().is_some_and(|problem| problem.field == field))
    }

    /// What went wrong, in words.
    pub(crate) fn problem(self) -> Option<String> {
        self.flow.with(|flow| {
            let problem = flow.problem()?;
            let mut message = self.message(flow, problem.word);
            if problem.word == Word::WrongPin
                && let Some(live) = flow.live()
            {
                let left = live.view.attempts_left;
                let word = if left == 1 {
                    Word::OneTryLeft
                } else {
                    Word::TriesLeft
                };
                message.push(' ');
                message.push_str(&words::fill(self.text(word)(), &[("n", &left.to_string())]));
            }
            Some(message)
        })
    }

    fn message(self, flow: &Flow, word: Word) -> String {
        let digits = flow.live().map_or(0, |live| live.view.code_length).to_string();
        words::fill(self.text(word)(), &[("n", &digits)])
    }
}
