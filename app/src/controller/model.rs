use super::Look;
use crate::countries::{self, Country};
use crate::flow::{Field, Flow, Wait};
use crate::options::Options;
use crate::words::{self, Language, Word};
use phone_verify_domain::{Channel, Timestamp};

/// All that there is to be seen of one widget, and nothing else.
pub(crate) struct Model {
    id: String,
    pub(crate) options: Options,
    pub(crate) look: Look,
    pub(crate) language: Language,
    pub(crate) flow: Flow,
    pub(crate) number: String,
    /// The region chosen.
    pub(crate) country: String,
    /// Its name, as soon as the browser has named it.
    pub(crate) country_name: String,
    pub(crate) code: String,
    pub(crate) now: Timestamp,
    pub(crate) list: CountryList,
}

/// The list of countries while it is open.
#[derive(Default)]
pub(crate) struct CountryList {
    pub(crate) open: bool,
    pub(crate) query: String,
    /// Those that the search finds, with their names.
    pub(crate) found: Vec<(Country, String)>,
    /// The one that Enter chooses.
    pub(crate) active: usize,
    /// Counts searches.
    pub(crate) searches: u32,
}

impl Model {
    pub(crate) fn new(id: String, options: Options, look: Look, language: Language) -> Self {
        Self {
            id,
            country: options.country.to_ascii_uppercase(),
            country_name: String::new(),
            #[cfg(feature = "server-functions")]
            number: options.phone_number.clone(),
            #[cfg(not(feature = "server-functions"))]
            number: String::new(),
            options,
            look,
            language,
            flow: Flow::default(),
            code: String::new(),
            now: Timestamp::from_millis(0),
            list: CountryList::default(),
        }
    }

    /// The id of one of the widget's elements.
    pub(crate) fn id(&self, name: &str) -> String {
        [&self.id, "-", name].concat()
    }

    /// A text in the widget's language.
    pub(crate) fn say(&self, word: Word) -> &str {
        self.language.say(word)
    }

    /// Whether buttons do nothing for now.
    pub(crate) fn is_held(&self) -> bool {
        self.options.disabled || self.flow.is_busy()
    }

    /// How long *Get PIN* must wait.
    pub(crate) fn start_wait(&self) -> Wait {
        self.flow.start_wait(self.now)
    }

    /// How long *Send again* must wait.
    pub(crate) fn again_wait(&self) -> Wait {
        self.send_wait(self.options.first_channel())
    }

    /// How long *Call me instead* must wait.
    pub(crate) fn call_wait(&self) -> Wait {
        self.send_wait(Channel::Call)
    }

    /// How long a further sending must wait.
    pub(crate) fn send_wait(&self, channel: Channel) -> Wait {
        match self.flow.live() {
            Some(live) if self.options.offers(channel) => live.send(channel).wait(self.now),
            _ => Wait::Never,
        }
    }

    /// How long *Verify* must wait.
    pub(crate) fn check_wait(&self) -> Wait {
        self.flow
            .live()
            .map_or(Wait::Never, |live| live.check.wait(self.now))
    }

    /// A wait, as it stands beside its button.
    pub(crate) fn wait_note(&self, wait: Wait) -> String {
        match wait {
            Wait::Over => String::new(),
            Wait::Seconds(seconds) => self.language.wait(seconds),
            Wait::Never => {
                let spent = self.flow.live().is_some_and(|live| live.view.sends_left == 0);
                let word = if spent {
                    Word::NoMoreSends
                } else {
                    Word::NotOffered
                };
                self.say(word).to_owned()
            }
        }
    }

    /// Where the code went, with `{to}` still in it.
    pub(crate) fn hint(&self) -> String {
        let Some(live) = self.flow.live() else {
            return String::new();
        };
        let word = match live.view.channel {
            Channel::Sms => Word::EnterPin,
            Channel::Call => Word::EnterCalledPin,
        };
        words::fill(
            self.say(word),
            &[
                ("n", &self.language.number(live.view.code_length.into())),
                ("to", "{"),
            ],
        )
    }

    /// The number as far as it is shown.
    pub(crate) fn masked(&self) -> String {
        self.flow
            .live()
            .map(|live| live.view.to.clone())
            .unwrap_or_default()
    }

    /// How many digits the code has.
    pub(crate) fn code_length(&self) -> usize {
        self.flow
            .live()
            .map_or(0, |live| usize::from(live.view.code_length))
    }

    /// Whether what was typed in this field is at fault.
    pub(crate) fn is_wrong(&self, field: Field) -> bool {
        self.flow.problem().is_some_and(|problem| problem.field == field)
    }

    /// What went wrong, in words.
    pub(crate) fn problem(&self) -> String {
        let Some(problem) = self.flow.problem() else {
            return String::new();
        };
        let mut message = self.message(problem.word);
        if problem.word == Word::WrongPin
            && let Some(live) = self.flow.live()
        {
            message.push(' ');
            message.push_str(&self.language.counted(Word::TriesLeft, live.view.attempts_left));
        }
        message
    }

    /// A text with the values that texts may have.
    pub(crate) fn message(&self, word: Word) -> String {
        let digits = u32::try_from(self.code_length()).unwrap_or_default();
        self.language.counted(word, digits)
    }

    /// What the status region says.
    pub(crate) fn status(&self) -> String {
        self.flow
            .status()
            .map(|word| self.say(word).to_owned())
            .unwrap_or_default()
    }

    /// The calling code of the country chosen.
    pub(crate) fn calling_code(&self) -> String {
        countries::find(&self.country, &countries::all())
            .map(|country| ["+", country.calling_code].concat())
            .unwrap_or_default()
    }

    /// The name of the country chosen, its code before the browser has named it.
    pub(crate) fn country(&self) -> String {
        if self.country_name.is_empty() {
            &self.country
        } else {
            &self.country_name
        }
        .clone()
    }

    /// The consent line.
    pub(crate) fn terms(&self) -> String {
        match self.options.terms.as_deref() {
            Some("") => self.say(Word::Terms).to_owned(),
            terms => terms.unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Call;
    use phone_verify_domain::{ApiError, ErrorCode, Status, View};
    use std::time::Duration;

    fn model(options: Options) -> Model {
        let mut model = Model::new("pv".into(), options, Look::default(), Language::default());
        model.flow.restart();
        model.flow.begin(Call::Start(Channel::Sms));
        let view = View {
            id: String::new(),
            status: Status::Pending,
            channel: Channel::Sms,
            to: "+1 ••• ••• ••34".into(),
            code_length: 6,
            attempts_left: 5,
            sends_left: 4,
            next_sms_in: Some(60),
            next_call_in: Some(0),
            next_check_in: Some(0),
            expires_in: Some(600),
            delivery: None,
            client_secret: None,
            token: None,
        };
        model
            .flow
            .answered(Call::Start(Channel::Sms), Ok(view), model.now, |_| Duration::ZERO);
        model
    }

    #[test]
    fn what_a_page_does_not_offer_is_never_possible() {
        let all = model(Options::default());
        assert_eq!(
            (all.again_wait(), all.call_wait()),
            (Wait::Seconds(60), Wait::Over)
        );
        let text_only = model(Options {
            channels: vec![Channel::Sms],
            ..Options::default()
        });
        assert_eq!(text_only.call_wait(), Wait::Never);
        assert_eq!(text_only.wait_note(Wait::Never), "not available");
    }

    #[test]
    fn a_wrong_pin_says_how_often_one_may_still_try() {
        for (left, said) in [(1, "You can try once more."), (3, "You can try 3 more times.")] {
            let mut model = model(Options::default());
            let mut view = model.flow.live().unwrap().view.clone();
            view.attempts_left = left;
            let error = ApiError::new(ErrorCode::WrongCode, "").about(view);
            model.flow.begin(Call::Check);
            model
                .flow
                .answered(Call::Check, Err(error), model.now, |_| Duration::ZERO);
            assert_eq!(model.problem(), ["This PIN is wrong. ", said].concat());
            assert!(model.is_wrong(Field::Code) && !model.is_wrong(Field::Number));
        }
    }

    #[test]
    fn the_hint_leaves_a_place_for_the_number() {
        let model = model(Options::default());
        assert_eq!(model.hint(), "Enter the 6-digit PIN sent to {");
        assert_eq!(model.masked(), "+1 ••• ••• ••34");
    }
}
