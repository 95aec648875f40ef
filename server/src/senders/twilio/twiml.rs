//! What a call says.

use crate::senders::languages::Language;
use phone_verify_domain::Code;

/// How much of a site's name is spoken, in characters. Escaped it is at most six times as long, and Twilio takes 4,000
/// characters inline.
const SITE_NAME: usize = 80;

/// How often the digits are spoken.
const ROUNDS: usize = 3;

/// How often a key is asked for before the call ends.
const PROMPTS: usize = 2;

/// For how many seconds a key is waited for.
const KEY_SECONDS: u32 = 8;

/// The key that is asked for.
pub const KEY: &str = "1";

/// TwiML that says the digits three times, one by one with a pause after each. With an `action`, a key then has it ask that
/// URL for the same again.
#[must_use]
pub fn speak_code(locale: Option<&str>, site: &str, code: &Code, action: Option<&str>) -> String {
    let language = Language::nearest(locale);
    let mut twiml = Twiml::new(language);
    // The line is often open before the phone is at the ear.
    twiml.pause();
    for round in 0..ROUNDS {
        if round == 0 {
            twiml.say(&about(language.greeting, site));
        } else {
            twiml.say(language.again);
        }
        for digit in code.expose().chars() {
            twiml.say(digit.encode_utf8(&mut [0; 4]));
            twiml.pause();
        }
    }
    if let Some(action) = action {
        twiml.ask_for_key(language.repeat, action);
    }
    twiml.say(language.farewell);
    twiml.finish()
}

/// TwiML that holds no code: it asks for a key, and the URL `action` for what to say once one is pressed.
#[must_use]
pub fn ask_for_key(locale: Option<&str>, site: &str, action: &str) -> String {
    let language = Language::nearest(locale);
    let mut twiml = Twiml::new(language);
    twiml.pause();
    for _ in 0..PROMPTS {
        twiml.ask_for_key(&about(language.press, site), action);
    }
    twiml.say(language.farewell);
    twiml.finish()
}

/// TwiML that ends a call which has nothing to say any more.
#[must_use]
pub fn say_goodbye(locale: Option<&str>) -> String {
    let language = Language::nearest(locale);
    let mut twiml = Twiml::new(language);
    twiml.say(language.farewell);
    twiml.finish()
}

/// What whoever writes to the sending number is answered; nothing where there is no answer.
#[must_use]
pub fn answer_message(text: Option<&str>) -> String {
    let mut xml = "<Response>".to_owned();
    if let Some(text) = text {
        xml.push_str("<Message>");
        escape(text, &mut xml);
        xml.push_str("</Message>");
    }
    xml.push_str("</Response>");
    xml
}

/// What whoever calls the sending number hears; without an answer the call is not taken.
#[must_use]
pub fn answer_call(text: Option<&str>) -> String {
    let mut xml = "<Response>".to_owned();
    match text {
        Some(text) => {
            xml.push_str("<Say>");
            escape(text, &mut xml);
            xml.push_str("</Say>");
        }
        None => xml.push_str("<Reject/>"),
    }
    xml.push_str("</Response>");
    xml
}

fn about(text: &str, site: &str) -> String {
    text.replace("{site}", spoken_name(site))
}

fn spoken_name(site: &str) -> &str {
    let end = site
        .char_indices()
        .nth(SITE_NAME)
        .map_or(site.len(), |(index, _)| index);
    &site[..end]
}

/// A `Response` in the making.
struct Twiml {
    xml: String,
    language: &'static Language,
}

impl Twiml {
    fn new(language: &'static Language) -> Self {
        Self {
            xml: "<Response>".to_owned(),
            language,
        }
    }

    fn say(&mut self, text: &str) {
        self.xml.push_str("<Say language=\"");
        self.xml.push_str(self.language.spoken);
        if let Some(voice) = self.language.voice {
            self.xml.push_str("\" voice=\"");
            self.xml.push_str(voice);
        }
        self.xml.push_str("\">");
        escape(text, &mut self.xml);
        self.xml.push_str("</Say>");
    }

    /// Goes on with what `action` answers if a key is pressed, else with what comes next.
    fn ask_for_key(&mut self, text: &str, action: &str) {
        self.xml.push_str("<Gather numDigits=\"1\" timeout=\"");
        self.xml.push_str(&KEY_SECONDS.to_string());
        self.xml.push_str("\" method=\"POST\" action=\"");
        escape(action, &mut self.xml);
        self.xml.push_str("\">");
        self.say(text);
        self.xml.push_str("</Gather>");
    }

    /// One second.
    fn pause(&mut self) {
        self.xml.push_str("<Pause/>");
    }

    fn finish(mut self) -> String {
        self.xml.push_str("</Response>");
        self.xml
    }
}

/// Writes text as XML character data; what XML 1.0 (2.2) does not allow at all is left out.
fn escape(text: &str, xml: &mut String) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            '\t' | '\n' => xml.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => xml.push(other),
        }
    }
}

#[cfg(test)]
mod tests;
